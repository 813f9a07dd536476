"""A slip for a fee."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', '0005_stock'),
    ]

    operations = [
        migrations.AlterField(
            model_name='slip',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả'), ('supplement', 'Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ'), ('rejection', 'Phiếu từ chối tiếp nhận giải quyết hồ sơ'), ('apology', 'Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết'), ('stop', 'Thông báo dừng giải quyết hồ sơ'), ('control', 'Phiếu kiểm soát quá trình giải quyết hồ sơ'), ('fee', 'Phiếu thu phí, lệ phí')], max_length=20),
        ),
    ]
