"""Disability files: what the council determined, cards, representatives, conclusions; seen by their commune alone."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0003_register'),
        ('oneshop', '0004_chain'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DisabilityRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('van_dong', 'Khuyết tật vận động'), ('nghe_noi', 'Khuyết tật nghe, nói'), ('nhin', 'Khuyết tật nhìn'), ('than_kinh_tam_than', 'Khuyết tật thần kinh, tâm thần'), ('tri_tue', 'Khuyết tật trí tuệ'), ('khac', 'Khuyết tật khác')], max_length=20), size=None, verbose_name='dạng khuyết tật')),
                ('level', models.CharField(blank=True, choices=[('dac_biet_nang', 'Đặc biệt nặng'), ('nang', 'Nặng'), ('nhe', 'Nhẹ')], max_length=20, verbose_name='mức độ khuyết tật')),
                ('decision', models.CharField(blank=True, max_length=100, verbose_name='số biên bản kết luận của Hội đồng')),
                ('determined_on', models.DateField(blank=True, null=True, verbose_name='ngày kết luận')),
                ('sheet', models.CharField(choices=[('under_6', 'Phiếu trẻ em dưới 6 tuổi (Mẫu số 02)'), ('six_plus', 'Phiếu từ đủ 6 tuổi (Mẫu số 03)')], max_length=10, verbose_name='phiếu xác định')),
                ('exempt_sign', models.CharField(blank=True, max_length=3, verbose_name='dấu hiệu đặc biệt nặng (Mục IV Mẫu số 02)')),
                ('lines', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), blank=True, default=list, size=None, verbose_name='biểu hiện đã đánh dấu')),
                ('activities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None, verbose_name='khả năng thực hiện các hoạt động')),
                ('source', models.CharField(max_length=300, verbose_name='nguồn hồ sơ')),
                ('version', models.PositiveIntegerField(default=1)),
                ('recorded_at', models.DateTimeField()),
                ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disability_records', to='citizens.citizen')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DisabilityConclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(max_length=300, verbose_name='văn bản kết luận (số, ngày, cơ quan)')),
                ('received_on', models.DateField(verbose_name='nhận ngày')),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('revoked', 'Đã thu hồi giấy'), ('withdrawn', 'Kết luận được rút lại')], max_length=10, verbose_name='đã xử lý')),
                ('settled_on', models.DateField(blank=True, null=True, verbose_name='ngày xử lý')),
                ('settled_paper', models.CharField(blank=True, max_length=300, verbose_name='quyết định hoặc văn bản xử lý')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conclusions', to='citizens.disabilityrecord')),
            ],
            options={
                'ordering': ['received_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DisabilityCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, verbose_name='số hiệu')),
                ('times', models.PositiveSmallIntegerField(default=0, verbose_name='lần cấp đổi, cấp lại')),
                ('kind', models.CharField(choices=[('new', 'Cấp mới'), ('exchange', 'Cấp đổi'), ('reissue', 'Cấp lại')], default='new', max_length=10, verbose_name='loại cấp')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='lý do')),
                ('register_number', models.PositiveIntegerField(blank=True, null=True, verbose_name='số thứ tự trong sổ')),
                ('issued_on', models.DateField(verbose_name='ngày ký')),
                ('signer', models.CharField(blank=True, max_length=150, verbose_name='người ký')),
                ('types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('van_dong', 'Khuyết tật vận động'), ('nghe_noi', 'Khuyết tật nghe, nói'), ('nhin', 'Khuyết tật nhìn'), ('than_kinh_tam_than', 'Khuyết tật thần kinh, tâm thần'), ('tri_tue', 'Khuyết tật trí tuệ'), ('khac', 'Khuyết tật khác')], max_length=20), size=None, verbose_name='dạng khuyết tật')),
                ('level', models.CharField(choices=[('dac_biet_nang', 'Đặc biệt nặng'), ('nang', 'Nặng'), ('nhe', 'Nhẹ')], max_length=20, verbose_name='mức độ khuyết tật')),
                ('full_name', models.CharField(blank=True, max_length=100, verbose_name='họ tên in trên giấy')),
                ('birth_text', models.CharField(blank=True, max_length=40, verbose_name='ngày sinh in trên giấy')),
                ('sex', models.CharField(blank=True, max_length=10, verbose_name='giới tính in trên giấy')),
                ('residence', models.CharField(blank=True, max_length=250, verbose_name='nơi cư trú in trên giấy')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('status', models.CharField(choices=[('active', 'Đang sử dụng'), ('replaced', 'Đã đổi, cấp lại'), ('lost', 'Mất'), ('revoked', 'Đã thu hồi')], default='active', max_length=10, verbose_name='tình trạng')),
                ('status_on', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('status_paper', models.CharField(blank=True, max_length=300, verbose_name='căn cứ')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='citizens.disabilityrecord')),
            ],
            options={
                'ordering': ['issued_on', 'times', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DisabilityAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=60)),
                ('before', models.CharField(blank=True, max_length=500)),
                ('after', models.CharField(blank=True, max_length=500)),
                ('paper', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='citizens.disabilityrecord')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DisabilityRepresentative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identity_number', models.CharField(max_length=12, verbose_name='số định danh cá nhân')),
                ('full_name', models.CharField(max_length=100, verbose_name='họ và tên')),
                ('ground', models.CharField(choices=[('parent', 'Cha, mẹ của người chưa thành niên'), ('guardian', 'Người giám hộ theo quyết định')], max_length=10, verbose_name='tư cách')),
                ('paper', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('at', models.DateTimeField()),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='representatives', to='citizens.disabilityrecord')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='disabilityrecord',
            constraint=models.UniqueConstraint(fields=('commune', 'citizen'), name='person_has_one_disability_file_here'),
        ),
        migrations.AddConstraint(
            model_name='disabilityrecord',
            constraint=models.CheckConstraint(condition=models.Q(('types', []), _negated=True), name='disability_file_names_a_type'),
        ),
        migrations.AddConstraint(
            model_name='disabilityconclusion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_by', None), ('settled_on', None), ('settled_paper', '')), models.Q(('settled_by__isnull', False), ('settled_on__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('settled_paper', ''), _negated=True)), _connector='OR'), name='disability_conclusion_is_settled_on_paper'),
        ),
        migrations.AddIndex(
            model_name='disabilitycard',
            index=models.Index(fields=['commune', 'issued_on'], name='disability_card_by_day'),
        ),
        migrations.AddConstraint(
            model_name='disabilitycard',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('record',), name='disability_file_has_one_active_card'),
        ),
        migrations.AddConstraint(
            model_name='disabilitycard',
            constraint=models.UniqueConstraint(fields=('record', 'times'), name='disability_card_is_counted_once'),
        ),
        migrations.AddConstraint(
            model_name='disabilitycard',
            constraint=models.CheckConstraint(condition=models.Q(('number', ''), _negated=True), name='disability_card_has_its_number'),
        ),
        migrations.AddConstraint(
            model_name='disabilitycard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), ('status_on', None)), models.Q(models.Q(('status', 'active'), _negated=True), ('status_on__isnull', False)), _connector='OR'), name='disability_card_that_fell_knows_when'),
        ),
        migrations.AddConstraint(
            model_name='disabilitycard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'revoked'), _negated=True), models.Q(('status_paper', ''), _negated=True), _connector='OR'), name='disability_card_is_revoked_on_paper'),
        ),
        migrations.AddConstraint(
            model_name='disabilityrepresentative',
            constraint=models.CheckConstraint(condition=models.Q(('identity_number__regex', '^[0-9]{12}$')), name='representative_number_has_twelve_digits'),
        ),
        # Sensitive: no card shown at another counter opens them, unlike the other rows of a citizen (0002_walls).
        RaiseWall("citizens_disabilityrecord", monitor=False),
        RaiseWall("citizens_disabilitycard", monitor=False),
        RaiseWall("citizens_disabilityrepresentative", monitor=False),
        RaiseWall("citizens_disabilityconclusion", monitor=False),
        RaiseWall("citizens_disabilityamendment", monitor=False, append_only=True),
    ]
