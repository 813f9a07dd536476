"""Martyrs' files: relatives, worship allowances, visits to the grave, corrections; seen by their commune alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0004_disability'),
        ('oneshop', '0004_chain'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Martyr',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('full_name', models.CharField(max_length=100, verbose_name='họ và tên liệt sĩ')),
                ('search_key', models.CharField(db_collation='C', editable=False, max_length=120)),
                ('native_place', models.CharField(max_length=250, verbose_name='quê quán')),
                ('unit', models.CharField(blank=True, max_length=200, verbose_name='cơ quan, đơn vị khi hy sinh')),
                ('rank', models.CharField(blank=True, max_length=150, verbose_name='cấp bậc, chức vụ khi hy sinh')),
                ('death_text', models.CharField(max_length=10, verbose_name='ngày tháng năm hy sinh')),
                ('death_place', models.CharField(blank=True, max_length=250, verbose_name='nơi hy sinh')),
                ('death_place_paper', models.CharField(blank=True, max_length=250, verbose_name='căn cứ về nơi hy sinh')),
                ('died_in_country', models.BooleanField(default=True, verbose_name='nơi hy sinh ở trong nước')),
                ('certificate_number', models.CharField(blank=True, max_length=60, verbose_name='Bằng “Tổ quốc ghi công” số')),
                ('decision', models.CharField(blank=True, max_length=150, verbose_name='quyết định cấp bằng')),
                ('in_cemetery_list', models.BooleanField(default=False, verbose_name='có tên trong danh sách liệt sĩ của nghĩa trang trong nước')),
                ('cemetery', models.CharField(blank=True, max_length=200, verbose_name='nghĩa trang')),
                ('grave_commune', models.CharField(blank=True, max_length=120, verbose_name='xã, phường nơi có mộ')),
                ('grave_province', models.CharField(blank=True, max_length=120, verbose_name='tỉnh, thành phố nơi có mộ')),
                ('grave_location', models.CharField(blank=True, max_length=200, verbose_name='vị trí mộ')),
                ('kept_elsewhere', models.CharField(blank=True, max_length=150, verbose_name='hồ sơ gốc do xã khác quản lý')),
                ('version', models.PositiveIntegerField(default=1)),
                ('recorded_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['search_key', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='GraveVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('applicant_name', models.CharField(max_length=100, verbose_name='người đề nghị')),
                ('relation', models.CharField(max_length=100, verbose_name='quan hệ với liệt sĩ')),
                ('place', models.CharField(max_length=400, verbose_name='nghĩa trang, địa phương nơi có mộ')),
                ('persons', models.JSONField(default=list, verbose_name='những người đi')),
                ('supported', models.PositiveSmallIntegerField(default=0, verbose_name='số người được hỗ trợ')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('issued_on', models.DateField(verbose_name='ngày ký')),
                ('application_number', models.CharField(blank=True, max_length=60, verbose_name='số xác nhận đơn')),
                ('letter_number', models.CharField(blank=True, max_length=60, verbose_name='số giấy giới thiệu')),
                ('signer', models.CharField(max_length=100, verbose_name='người ký')),
                ('returned_on', models.DateField(blank=True, null=True, verbose_name='ngày nộp lại giấy có xác nhận')),
                ('kilometres', models.PositiveIntegerField(blank=True, null=True, verbose_name='khoảng cách một lượt (km)')),
                ('amount', models.PositiveIntegerField(blank=True, null=True, verbose_name='số tiền hỗ trợ (đồng)')),
                ('paid_on', models.DateField(blank=True, null=True, verbose_name='ngày chi')),
                ('unused_on', models.DateField(blank=True, null=True, verbose_name='ngày nộp lại giấy không sử dụng')),
                ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grave_visits', to='citizens.citizen')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('paid_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('returned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('martyr', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='citizens.martyr')),
            ],
            options={
                'ordering': ['issued_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MartyrAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=150)),
                ('before', models.CharField(blank=True, max_length=300)),
                ('after', models.CharField(blank=True, max_length=300)),
                ('paper', models.CharField(max_length=250, verbose_name='căn cứ')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('martyr', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='citizens.martyr')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MartyrRelative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('full_name', models.CharField(max_length=100, verbose_name='họ và tên')),
                ('relation_text', models.CharField(blank=True, max_length=60, verbose_name='quan hệ tự nhiên')),
                ('identity_number', models.CharField(blank=True, db_index=True, max_length=12, verbose_name='số định danh hoặc CMND')),
                ('version', models.PositiveIntegerField(default=1)),
                ('relation', models.CharField(choices=[('cha_de', 'Cha đẻ'), ('me_de', 'Mẹ đẻ'), ('vo', 'Vợ'), ('chong', 'Chồng'), ('con_de', 'Con đẻ'), ('con_nuoi', 'Con nuôi'), ('nguoi_co_cong_nuoi', 'Người có công nuôi liệt sĩ'), ('khac', 'Quan hệ khác')], max_length=20, verbose_name='quan hệ với liệt sĩ')),
                ('birth_text', models.CharField(blank=True, max_length=10, verbose_name='ngày tháng năm sinh')),
                ('id_issued_on', models.DateField(blank=True, null=True, verbose_name='ngày cấp')),
                ('id_issued_by', models.CharField(blank=True, max_length=150, verbose_name='nơi cấp')),
                ('basis', models.CharField(max_length=250, verbose_name='căn cứ về quan hệ')),
                ('struck_paper', models.CharField(blank=True, max_length=250, verbose_name='gạch khỏi hồ sơ theo')),
                ('citizen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('martyr', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relatives', to='citizens.martyr')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='WorshipGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('full_name', models.CharField(max_length=100, verbose_name='họ và tên')),
                ('relation_text', models.CharField(blank=True, max_length=60, verbose_name='quan hệ tự nhiên')),
                ('identity_number', models.CharField(blank=True, db_index=True, max_length=12, verbose_name='số định danh hoặc CMND')),
                ('version', models.PositiveIntegerField(default=1)),
                ('decision', models.CharField(max_length=150, verbose_name='quyết định trợ cấp thờ cúng')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='ngày quyết định')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='thôi hưởng từ ngày')),
                ('ended_paper', models.CharField(blank=True, max_length=250, verbose_name='theo văn bản')),
                ('citizen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('martyr', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='worships', to='citizens.martyr')),
            ],
            options={
                'ordering': ['decided_on', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='martyr',
            index=models.Index(fields=['commune', 'search_key'], name='martyr_by_name'),
        ),
        migrations.AddConstraint(
            model_name='martyr',
            constraint=models.CheckConstraint(condition=models.Q(('full_name', ''), _negated=True), name='martyr_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='martyr',
            constraint=models.CheckConstraint(condition=models.Q(('death_text__regex', '^([0-9]{1,2}/){0,2}[12][0-9]{3}$')), name='martyr_fell_in_a_year'),
        ),
        migrations.AddConstraint(
            model_name='martyr',
            constraint=models.UniqueConstraint(condition=models.Q(('certificate_number', ''), _negated=True), fields=('commune', 'certificate_number'), name='martyr_certificate_is_its_own'),
        ),
        migrations.AddConstraint(
            model_name='martyr',
            constraint=models.CheckConstraint(condition=models.Q(('in_cemetery_list', False), models.Q(('cemetery', ''), _negated=True), _connector='OR'), name='martyr_in_a_list_has_a_cemetery'),
        ),
        migrations.AddIndex(
            model_name='gravevisit',
            index=models.Index(fields=['commune', 'year'], name='grave_visit_of_a_year'),
        ),
        migrations.AddConstraint(
            model_name='gravevisit',
            constraint=models.UniqueConstraint(condition=models.Q(('supported__gt', 0), ('unused_on', None)), fields=('martyr', 'year'), name='martyr_grave_is_supported_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='gravevisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('application_number', ''), _negated=True), models.Q(('letter_number', ''), _negated=True), _connector='OR'), name='grave_visit_has_a_paper'),
        ),
        migrations.AddConstraint(
            model_name='gravevisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kilometres', None), ('returned_by', None), ('returned_on', None)), models.Q(('returned_by__isnull', False), ('returned_on__isnull', False), models.Q(('letter_number', ''), _negated=True)), _connector='OR'), name='grave_visit_returned_is_a_letter_with_its_officer'),
        ),
        migrations.AddConstraint(
            model_name='gravevisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('paid_by', None), ('paid_on', None)), models.Q(('amount__isnull', False), ('paid_by__isnull', False), ('paid_on__isnull', False), ('returned_on__isnull', False)), _connector='OR'), name='grave_visit_is_paid_after_its_return'),
        ),
        migrations.AddConstraint(
            model_name='gravevisit',
            constraint=models.CheckConstraint(condition=models.Q(('paid_on', None), models.Q(('supported__gt', 0), ('paid_on__gte', models.F('returned_on'))), _connector='OR'), name='grave_visit_without_support_is_not_paid'),
        ),
        migrations.AddConstraint(
            model_name='gravevisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('unused_by', None), ('unused_on', None)), models.Q(('returned_on', None), ('unused_by__isnull', False), ('unused_on__isnull', False)), _connector='OR'), name='grave_visit_is_returned_or_unused'),
        ),
        migrations.AddConstraint(
            model_name='martyrrelative',
            constraint=models.CheckConstraint(condition=models.Q(('relation__in', ['cha_de', 'me_de', 'vo', 'chong', 'con_de', 'con_nuoi', 'nguoi_co_cong_nuoi', 'khac'])), name='relative_is_something_named'),
        ),
        migrations.AddConstraint(
            model_name='martyrrelative',
            constraint=models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='relative_has_a_paper'),
        ),
        migrations.AddConstraint(
            model_name='martyrrelative',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('identity_number', ''), _negated=True), ('struck_paper', '')), fields=('martyr', 'identity_number'), name='relative_stands_once_in_a_file'),
        ),
        migrations.AddConstraint(
            model_name='worshipgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('martyr',), name='martyr_has_one_worship_beneficiary'),
        ),
        migrations.AddConstraint(
            model_name='worshipgrant',
            constraint=models.CheckConstraint(condition=models.Q(('decision', ''), _negated=True), name='worship_allowance_has_its_decision'),
        ),
        migrations.AddConstraint(
            model_name='worshipgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on', None), ('ended_paper', '')), models.Q(('ended_on__isnull', False), models.Q(('ended_paper', ''), _negated=True)), _connector='OR'), name='worship_allowance_ends_on_paper'),
        ),
        RaiseWall("citizens_martyr", monitor=False),
        RaiseWall("citizens_martyrrelative", monitor=False),
        RaiseWall("citizens_worshipgrant", monitor=False),
        RaiseWall("citizens_gravevisit", monitor=False),
        RaiseWall("citizens_martyramendment", monitor=False, append_only=True),
    ]
