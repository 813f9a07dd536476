"""Households, their members, the rounds that reviewed them, the class of each year, rural and urban villages."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0005_martyrs'),
        ('oneshop', '0004_chain'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village', models.CharField(max_length=100, verbose_name='thôn, tổ dân phố')),
                ('address', models.CharField(max_length=250, verbose_name='nơi ở của hộ')),
                ('source', models.CharField(max_length=300, verbose_name='nguồn dữ liệu')),
                ('version', models.PositiveIntegerField(default=1)),
                ('recorded_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['village', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HouseholdAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=60)),
                ('before', models.CharField(blank=True, max_length=300)),
                ('after', models.CharField(blank=True, max_length=300)),
                ('paper', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='citizens.household')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HouseholdMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('full_name', models.CharField(max_length=100, verbose_name='họ và tên')),
                ('search_key', models.CharField(db_collation='C', editable=False, max_length=120)),
                ('identity_number', models.CharField(blank=True, db_index=True, max_length=12, verbose_name='số định danh cá nhân')),
                ('sex', models.CharField(blank=True, choices=[('male', 'Nam'), ('female', 'Nữ')], max_length=6, verbose_name='giới tính')),
                ('birth_date', models.DateField(blank=True, null=True, verbose_name='ngày sinh')),
                ('birth_text', models.CharField(max_length=40, verbose_name='ngày, tháng, năm sinh')),
                ('ethnicity', models.CharField(max_length=40, verbose_name='dân tộc')),
                ('relation', models.CharField(choices=[('head', 'Chủ hộ'), ('wife', 'Vợ'), ('husband', 'Chồng'), ('father', 'Bố'), ('mother', 'Mẹ'), ('child', 'Con'), ('grandchild', 'Cháu'), ('grandparent', 'Ông, bà'), ('sibling', 'Anh, chị, em'), ('other', 'Khác')], max_length=12, verbose_name='quan hệ với chủ hộ')),
                ('occupation', models.CharField(blank=True, choices=[('working', 'Có việc làm'), ('idle', 'Không có việc làm'), ('studying', 'Đang đi học')], max_length=10, verbose_name='tình trạng')),
                ('joined_on', models.DateField(blank=True, null=True, verbose_name='vào hộ ngày')),
                ('paper', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='ra khỏi hộ ngày')),
                ('left_paper', models.CharField(blank=True, max_length=300, verbose_name='căn cứ ra khỏi hộ')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('citizen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='citizens.household')),
            ],
            options={
                'ordering': [models.Case(models.When(relation='head', then=0), default=1), 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HouseholdReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='kỳ rà soát bắt đầu')),
                ('periodic', models.BooleanField(default=False, verbose_name='rà soát định kỳ')),
                ('reviewed_on', models.DateField(blank=True, null=True, verbose_name='ngày chấm Phiếu B')),
                ('reviewer', models.CharField(blank=True, max_length=100, verbose_name='rà soát viên đã ký')),
                ('indicators', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, null=True, size=None, verbose_name='chỉ số thiếu hụt (1–12)')),
                ('score_income', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='điểm A')),
                ('score_deprivation', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='điểm B')),
                ('area', models.CharField(blank=True, choices=[('rural', 'Nông thôn'), ('urban', 'Thành thị')], max_length=10, verbose_name='khu vực')),
                ('standard', models.CharField(blank=True, max_length=40, verbose_name='chuẩn quốc gia')),
                ('city_standard', models.CharField(blank=True, max_length=40, verbose_name='chuẩn của thành phố')),
                ('national_class', models.CharField(blank=True, choices=[('ho_ngheo', 'Hộ nghèo'), ('ho_can_ngheo', 'Hộ cận nghèo'), ('khong_ngheo', 'Không nghèo')], max_length=12, verbose_name='phân loại quốc gia')),
                ('city_class', models.CharField(blank=True, choices=[('ho_ngheo', 'Hộ nghèo'), ('ho_can_ngheo', 'Hộ cận nghèo'), ('khong_ngheo', 'Không nghèo')], max_length=12, verbose_name='phân loại Hà Nội')),
                ('met_on', models.DateField(blank=True, null=True, verbose_name='ngày họp dân')),
                ('agreement', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='tỷ lệ thống nhất (%)')),
                ('minutes', models.CharField(blank=True, max_length=200, verbose_name='biên bản họp dân')),
                ('posted_from', models.DateField(blank=True, null=True, verbose_name='niêm yết từ ngày')),
                ('posted_to', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('complaint', models.CharField(blank=True, max_length=500, verbose_name='khiếu nại')),
                ('complaint_settled_on', models.DateField(blank=True, null=True, verbose_name='giải quyết xong ngày')),
                ('decision_number', models.CharField(blank=True, max_length=60, verbose_name='số quyết định đã ký')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='ngày ký quyết định')),
                ('version', models.PositiveIntegerField(default=1)),
                ('recorded_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='citizens.household')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HouseholdRecognition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm áp dụng')),
                ('national_class', models.CharField(choices=[('ho_ngheo', 'Hộ nghèo'), ('ho_can_ngheo', 'Hộ cận nghèo'), ('khong_ngheo', 'Không nghèo')], max_length=12, verbose_name='phân loại quốc gia')),
                ('city_class', models.CharField(blank=True, choices=[('ho_ngheo', 'Hộ nghèo'), ('ho_can_ngheo', 'Hộ cận nghèo'), ('khong_ngheo', 'Không nghèo')], max_length=12, verbose_name='phân loại Hà Nội')),
                ('standard', models.CharField(blank=True, max_length=40, verbose_name='chuẩn quốc gia')),
                ('city_standard', models.CharField(blank=True, max_length=40, verbose_name='chuẩn của thành phố')),
                ('indicators', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='chỉ số thiếu hụt (1–12)')),
                ('decision_number', models.CharField(max_length=60, verbose_name='số quyết định')),
                ('decided_on', models.DateField(verbose_name='ngày quyết định')),
                ('certificate_number', models.CharField(blank=True, max_length=60, verbose_name='số giấy chứng nhận')),
                ('valid_from', models.DateField(verbose_name='có giá trị từ ngày')),
                ('valid_to', models.DateField(verbose_name='đến hết ngày')),
                ('members', models.PositiveSmallIntegerField(verbose_name='số khẩu')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('recorded_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recognitions', to='citizens.household')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.householdreview')),
            ],
            options={
                'ordering': ['year', 'decided_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='VillageArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('village', models.CharField(max_length=100, verbose_name='thôn, tổ dân phố')),
                ('area', models.CharField(choices=[('rural', 'Nông thôn'), ('urban', 'Thành thị')], max_length=10, verbose_name='khu vực')),
                ('since', models.DateField(verbose_name='từ ngày')),
                ('paper', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
            ],
            options={
                'ordering': ['village', 'since', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='household',
            index=models.Index(fields=['commune', 'village'], name='household_by_village'),
        ),
        migrations.AddIndex(
            model_name='householdmember',
            index=models.Index(fields=['commune', 'search_key'], name='household_member_by_name'),
        ),
        migrations.AddConstraint(
            model_name='householdmember',
            constraint=models.UniqueConstraint(condition=models.Q(('left_on', None), ('relation', 'head')), fields=('household',), name='household_has_one_head'),
        ),
        migrations.AddConstraint(
            model_name='householdmember',
            constraint=models.UniqueConstraint(condition=models.Q(('left_on', None), models.Q(('identity_number', ''), _negated=True)), fields=('household', 'identity_number'), name='member_is_counted_once_in_a_household'),
        ),
        migrations.AddConstraint(
            model_name='householdmember',
            constraint=models.CheckConstraint(condition=models.Q(('identity_number', ''), ('identity_number__regex', '^[0-9]{12}$'), _connector='OR'), name='member_number_has_twelve_digits'),
        ),
        migrations.AddConstraint(
            model_name='householdmember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('left_on', None), ('left_paper', '')), models.Q(('left_on__isnull', False), models.Q(('left_paper', ''), _negated=True)), _connector='OR'), name='member_leaves_on_paper'),
        ),
        migrations.AddIndex(
            model_name='householdreview',
            index=models.Index(fields=['commune', 'starts_on'], name='review_by_round'),
        ),
        migrations.AddConstraint(
            model_name='householdreview',
            constraint=models.UniqueConstraint(fields=('household', 'starts_on'), name='household_is_reviewed_once_a_round'),
        ),
        migrations.AddConstraint(
            model_name='householdreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('indicators', None), ('score_deprivation', None)), models.Q(('indicators__isnull', False), ('score_deprivation__isnull', False)), _connector='OR'), name='deprivation_points_stand_beside_their_indicators'),
        ),
        migrations.AddConstraint(
            model_name='householdreview',
            constraint=models.CheckConstraint(condition=models.Q(('indicators', None), ('indicators__contained_by', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), _connector='OR'), name='indicators_are_one_to_twelve'),
        ),
        migrations.AddConstraint(
            model_name='householdreview',
            constraint=models.CheckConstraint(condition=models.Q(('agreement', None), ('agreement__lte', 100), _connector='OR'), name='agreement_is_a_percentage'),
        ),
        migrations.AddConstraint(
            model_name='householdreview',
            constraint=models.CheckConstraint(condition=models.Q(('posted_to', None), models.Q(('posted_from__isnull', False), ('posted_to__gte', models.F('posted_from'))), _connector='OR'), name='posting_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='householdreview',
            constraint=models.CheckConstraint(condition=models.Q(('complaint_settled_on', None), models.Q(('complaint', ''), _negated=True), _connector='OR'), name='settled_complaint_was_made'),
        ),
        migrations.AddIndex(
            model_name='householdrecognition',
            index=models.Index(fields=['commune', 'year'], name='recognition_by_year'),
        ),
        migrations.AddConstraint(
            model_name='householdrecognition',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='recognition_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='householdrecognition',
            constraint=models.CheckConstraint(condition=models.Q(('decision_number', ''), _negated=True), name='recognition_has_its_decision'),
        ),
        migrations.AddIndex(
            model_name='villagearea',
            index=models.Index(fields=['commune', 'village', 'since'], name='area_of_a_village'),
        ),
        # Sensitive: no card shown at another counter opens them, unlike the other rows of a citizen (0002_walls).
        RaiseWall("citizens_villagearea", monitor=False, append_only=True),
        RaiseWall("citizens_household", monitor=False),
        RaiseWall("citizens_householdmember", monitor=False),
        RaiseWall("citizens_householdreview", monitor=False),
        RaiseWall("citizens_householdrecognition", monitor=False),
        RaiseWall("citizens_householdamendment", monitor=False, append_only=True),
    ]
