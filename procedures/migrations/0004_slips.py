"""The statutory slips of supplement, apology, stopping and control; an apology moves the promise, not the state."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oneshop', '0004_chain'),
        ('procedures', '0003_seven'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='slip',
            name='case_has_one_slip_of_a_kind',
        ),
        migrations.AlterField(
            model_name='slip',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả'), ('supplement', 'Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ'), ('rejection', 'Phiếu từ chối tiếp nhận giải quyết hồ sơ'), ('fee', 'Phiếu thu phí, lệ phí'), ('apology', 'Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết'), ('stop', 'Thông báo dừng giải quyết hồ sơ'), ('control', 'Phiếu kiểm soát quá trình giải quyết hồ sơ')], max_length=20),
        ),
        migrations.AlterField(
            model_name='step',
            name='verb',
            field=models.CharField(choices=[('receive', 'Tiếp nhận'), ('appoint', 'Tiếp nhận, hẹn kỳ rà soát'), ('reject', 'Từ chối tiếp nhận'), ('resume', 'Đã rà soát, giải quyết tiếp'), ('hand_over', 'Nhận xử lý'), ('extend', 'Xin lỗi và hẹn lại'), ('ask_for_papers', 'Yêu cầu bổ sung'), ('take_papers', 'Nhận bổ sung'), ('submit', 'Trình ký'), ('submit_refusal', 'Trình ký từ chối'), ('send_back', 'Trả lại'), ('sign', 'Ký duyệt'), ('give_out', 'Trả kết quả'), ('withdraw', 'Công dân rút hồ sơ'), ('stop', 'Dừng giải quyết')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'supplement'), _negated=True), fields=('case', 'kind'), name='case_has_one_slip_of_a_kind'),
        ),
    ]
