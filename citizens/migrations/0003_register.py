"""The civil-status books: entries, their people and notes, who descends from whom. A certificate ends with a marriage."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import WORKING_ROLE, RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0002_walls'),
        ('oneshop', '0003_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='ended_on',
            field=models.DateField(blank=True, null=True, verbose_name='hết giá trị do kết hôn hoặc chết'),
        ),
        migrations.CreateModel(
            name='RegisterBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('birth', 'Khai sinh'), ('marriage', 'Kết hôn'), ('death', 'Khai tử'), ('change_note', 'Thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc'), ('entry_note', 'Việc hộ tịch ghi vào sổ'), ('guardianship', 'Giám hộ'), ('parent_recognition', 'Nhận cha, mẹ, con'), ('adoption', 'Nuôi con nuôi')], max_length=20, verbose_name='loại sổ')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('volume', models.CharField(default='01', max_length=10, verbose_name='quyển số')),
                ('unit_name', models.CharField(blank=True, max_length=150, verbose_name='đơn vị ghi sổ (như khi đó)')),
                ('unit_code', models.CharField(blank=True, max_length=5, verbose_name='mã đơn vị khi đó')),
                ('opened_on', models.DateField(blank=True, null=True, verbose_name='mở ngày')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='khóa ngày')),
                ('page_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='số trang')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
            ],
        ),
        migrations.CreateModel(
            name='RegisterEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('birth', 'Khai sinh'), ('marriage', 'Kết hôn'), ('death', 'Khai tử'), ('change_note', 'Thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc'), ('entry_note', 'Việc hộ tịch ghi vào sổ'), ('guardianship', 'Giám hộ'), ('parent_recognition', 'Nhận cha, mẹ, con'), ('adoption', 'Nuôi con nuôi')], max_length=20, verbose_name='việc hộ tịch')),
                ('number', models.PositiveIntegerField(verbose_name='số')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('page_no', models.PositiveIntegerField(blank=True, null=True, verbose_name='trang số')),
                ('registered_on', models.DateField(blank=True, null=True, verbose_name='ngày đăng ký')),
                ('registered_text', models.CharField(blank=True, max_length=40, verbose_name='ngày đăng ký như trong sổ')),
                ('unit', models.CharField(max_length=150, verbose_name='nơi đăng ký (như trong sổ)')),
                ('standing', models.CharField(choices=[('active', 'Đang có hiệu lực'), ('cancelled', 'Đã hủy'), ('revoked', 'Đã thu hồi')], default='active', max_length=10, verbose_name='hiệu lực')),
                ('facts', models.JSONField(default=dict)),
                ('flags', models.JSONField(default=list)),
                ('performed_by', models.CharField(blank=True, max_length=100, verbose_name='người thực hiện')),
                ('signer_name', models.CharField(blank=True, max_length=100, verbose_name='người ký')),
                ('signer_title', models.CharField(blank=True, max_length=150, verbose_name='chức vụ người ký')),
                ('ministry_reference', models.CharField(blank=True, max_length=60, verbose_name='mã trên phần mềm hộ tịch dùng chung')),
                ('recorded_at', models.DateTimeField()),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='đã đối chiếu sổ ngày')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='citizens.registerbook')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['kind', '-year', '-number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Annotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500, verbose_name='nội dung ghi chú')),
                ('basis', models.CharField(max_length=300, verbose_name='theo văn bản')),
                ('noted_on', models.DateField(verbose_name='ngày ghi')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='citizens.registerentry')),
            ],
            options={
                'ordering': ['noted_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RegisterPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('subject', 'subject'), ('wife', 'wife'), ('husband', 'husband'), ('mother', 'mother'), ('father', 'father'), ('child', 'child'), ('declarant', 'declarant')], max_length=12, verbose_name='vai trò')),
                ('full_name', models.CharField(max_length=100, verbose_name='họ, chữ đệm, tên')),
                ('search_key', models.CharField(db_collation='C', editable=False, max_length=120)),
                ('birth_text', models.CharField(blank=True, max_length=40, verbose_name='ngày, tháng, năm sinh')),
                ('sex', models.CharField(blank=True, max_length=10, verbose_name='giới tính')),
                ('ethnicity', models.CharField(blank=True, max_length=40, verbose_name='dân tộc')),
                ('nationality', models.CharField(blank=True, max_length=60, verbose_name='quốc tịch')),
                ('residence', models.CharField(blank=True, max_length=250, verbose_name='nơi cư trú')),
                ('id_document', models.CharField(blank=True, max_length=200, verbose_name='giấy tờ tùy thân')),
                ('identity_number', models.CharField(blank=True, db_index=True, max_length=12, verbose_name='số định danh')),
                ('citizen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='persons', to='citizens.registerentry')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Parentage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('blood', 'Con đẻ'), ('adoption', 'Con nuôi')], default='blood', max_length=10, verbose_name='quan hệ')),
                ('basis', models.CharField(max_length=200, verbose_name='căn cứ')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='chấm dứt ngày')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parentages', to='citizens.citizen')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offspring', to='citizens.citizen')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('child', 'parent', 'kind'), name='parent_of_a_child_once'), models.CheckConstraint(condition=models.Q(('child', models.F('parent')), _negated=True), name='nobody_is_their_own_parent')],
            },
        ),
        migrations.AddConstraint(
            model_name='registerbook',
            constraint=models.UniqueConstraint(fields=('commune', 'unit_code', 'kind', 'year', 'volume'), name='register_book_is_its_own'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(fields=['commune', 'kind', 'year', 'number'], name='entry_by_number'),
        ),
        migrations.AddConstraint(
            model_name='registerentry',
            constraint=models.UniqueConstraint(fields=('book', 'number'), name='entry_number_is_its_own'),
        ),
        migrations.AddConstraint(
            model_name='registerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_by', None), ('checked_on', None)), ('checked_on__isnull', False), _connector='OR'), name='entry_checked_by_has_its_day'),
        ),
        migrations.AddIndex(
            model_name='registerperson',
            index=models.Index(fields=['commune', 'search_key'], name='entry_person_by_name'),
        ),
        RaiseWall("citizens_registerbook", monitor=False),
        RaiseWall("citizens_registerentry", monitor=False),
        RaiseWall("citizens_registerperson", monitor=False),
        RaiseWall("citizens_annotation", monitor=False, append_only=True),
        RaiseWall("citizens_parentage", monitor=False),
        # a visit that serves no case ends with its period (oneshop/retention.toml)
        migrations.RunSQL(
            f"GRANT DELETE ON citizens_visit TO {WORKING_ROLE}", f"REVOKE DELETE ON citizens_visit FROM {WORKING_ROLE}"
        ),
    ]
