"""Pre-printed stock, its places on the printer, papers owed; number and code of the Ministry's software."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall

KEEPS = """
CREATE FUNCTION procedures_ministryentry_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT OLD.is_current OR NEW.is_current
     OR (OLD.id, OLD.commune_id, OLD.case_id, OLD.book, OLD.year, OLD.number, OLD.code, OLD.why, OLD.by_id, OLD.at)
        IS DISTINCT FROM
        (NEW.id, NEW.commune_id, NEW.case_id, NEW.book, NEW.year, NEW.number, NEW.code, NEW.why, NEW.by_id, NEW.at)
  THEN RAISE EXCEPTION 'an entry never changes, a later one takes its place' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_what_was_entered BEFORE UPDATE ON procedures_ministryentry
  FOR EACH ROW EXECUTE FUNCTION procedures_ministryentry_keeps();

CREATE FUNCTION procedures_blank_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (OLD.id, OLD.commune_id, OLD.kind, OLD.serial, OLD.batch, OLD.received_on, OLD.received_by_id)
     IS DISTINCT FROM
     (NEW.id, NEW.commune_id, NEW.kind, NEW.serial, NEW.batch, NEW.received_on, NEW.received_by_id)
     OR OLD.state = 'destroyed'
     OR OLD.state = 'spoiled' AND (NEW.state <> 'destroyed'
        OR (OLD.result_id, OLD.sheet_no, OLD.used_at, OLD.spoiled_at, OLD.spoiled_by_id, OLD.reason)
           IS DISTINCT FROM
           (NEW.result_id, NEW.sheet_no, NEW.used_at, NEW.spoiled_at, NEW.spoiled_by_id, NEW.reason))
  THEN RAISE EXCEPTION 'a blank keeps its serial and what became of it' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_what_it_was BEFORE UPDATE ON procedures_blank
  FOR EACH ROW EXECUTE FUNCTION procedures_blank_keeps();
"""

KEEPS_UNDO = """
DROP TRIGGER keeps_what_it_was ON procedures_blank;
DROP FUNCTION procedures_blank_keeps();
DROP TRIGGER keeps_what_was_entered ON procedures_ministryentry;
DROP FUNCTION procedures_ministryentry_keeps();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('oneshop', '0003_walls'),
        ('procedures', '0004_slips'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Blank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('marriage_certificate', 'Giấy chứng nhận kết hôn'), ('birth_copy', 'Bản sao Giấy khai sinh'), ('disability_card', 'Giấy xác nhận khuyết tật')], max_length=40, verbose_name='loại phôi')),
                ('serial', models.CharField(max_length=40, verbose_name='số sê-ri')),
                ('state', models.CharField(choices=[('received', 'Trong kho'), ('used', 'Đã dùng'), ('spoiled', 'Hỏng'), ('destroyed', 'Đã hủy')], default='received', max_length=10, verbose_name='tình trạng')),
                ('batch', models.CharField(blank=True, max_length=100, verbose_name='đợt nhận (số phiếu giao nhận)')),
                ('received_on', models.DateField(verbose_name='ngày nhận')),
                ('sheet_no', models.PositiveSmallIntegerField(null=True, verbose_name='bản chính thứ')),
                ('used_at', models.DateTimeField(null=True)),
                ('spoiled_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='lý do hỏng')),
                ('destroyed_at', models.DateTimeField(null=True)),
                ('minutes', models.CharField(blank=True, max_length=200, verbose_name='biên bản hủy')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('destroyed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='blanks', to='procedures.result')),
                ('spoiled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('used_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'received')), fields=['commune', 'kind', 'id'], name='blank_left_in_order'), models.Index(condition=models.Q(('result__isnull', False)), fields=['result'], name='blank_of_a_result')],
                'constraints': [models.UniqueConstraint(fields=('commune', 'kind', 'serial'), name='blank_serial_is_its_own'), models.UniqueConstraint(condition=models.Q(('state', 'used')), fields=('result', 'sheet_no'), name='original_has_one_good_blank'), models.CheckConstraint(condition=models.Q(models.Q(('result', None), ('sheet_no', None), ('used_at', None), ('used_by', None)), models.Q(('result__isnull', False), ('sheet_no__gte', 1), ('used_at__isnull', False), ('used_by__isnull', False)), _connector='OR'), name='blank_used_knows_for_what_and_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('spoiled_at', None), ('spoiled_by', None)), models.Q(('spoiled_at__isnull', False), ('spoiled_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='blank_spoiled_says_why_and_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at', None), ('destroyed_by', None), ('minutes', '')), models.Q(('destroyed_at__isnull', False), ('destroyed_by__isnull', False), models.Q(('minutes', ''), _negated=True)), _connector='OR'), name='blank_destroyed_has_its_minutes'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at', None), ('spoiled_at', None), ('state', 'received'), ('used_at', None)), models.Q(('destroyed_at', None), ('spoiled_at', None), ('state', 'used'), ('used_at__isnull', False)), models.Q(('destroyed_at', None), ('spoiled_at__isnull', False), ('state', 'spoiled')), models.Q(('destroyed_at__isnull', False), ('spoiled_at__isnull', False), ('state', 'destroyed')), _connector='OR'), name='blank_state_is_what_happened_to_it')],
            },
        ),
        migrations.CreateModel(
            name='BlankLayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('marriage_certificate', 'Giấy chứng nhận kết hôn'), ('birth_copy', 'Bản sao Giấy khai sinh'), ('disability_card', 'Giấy xác nhận khuyết tật')], max_length=40, verbose_name='loại phôi')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('fields', models.JSONField(default=dict)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='ghi chú (máy in, tờ thử)')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
            ],
            options={
                'ordering': ['kind', 'valid_from', 'pk'],
                'indexes': [models.Index(fields=['commune', 'kind', 'valid_from'], name='layout_of_a_day')],
            },
        ),
        migrations.CreateModel(
            name='MinistryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('book', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('number', models.PositiveIntegerField(verbose_name='số')),
                ('code', models.CharField(max_length=60, verbose_name='mã trên phần mềm hộ tịch dùng chung')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='lý do sửa')),
                ('is_current', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ministry_entries', to='procedures.case')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('case',), name='case_has_one_ministry_entry_at_a_time'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('commune', 'book', 'year', 'number'), name='ministry_number_is_its_own'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('commune', 'code'), name='ministry_code_is_its_own'), models.CheckConstraint(condition=models.Q(('number__gte', 1), models.Q(('code', ''), _negated=True)), name='ministry_entry_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='PaperOwed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField(verbose_name='hẹn trả bản giấy ngày')),
                ('reason', models.CharField(max_length=200, verbose_name='lý do')),
                ('at', models.DateTimeField()),
                ('handed_at', models.DateTimeField(null=True)),
                ('handed_to', models.CharField(blank=True, max_length=100, verbose_name='người nhận')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('handed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('result', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper_owed', to='procedures.result')),
            ],
            options={
                'ordering': ['due_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('handed_at', None), ('handed_by', None), ('handed_to', '')), models.Q(('handed_at__isnull', False), ('handed_by__isnull', False), models.Q(('handed_to', ''), _negated=True)), _connector='OR'), name='paper_handed_at_has_its_officer'), models.CheckConstraint(condition=models.Q(('handed_at', None), ('handed_at__gte', models.F('at')), _connector='OR'), name='paper_is_handed_after_it_was_owed')],
            },
        ),
        RaiseWall("procedures_blank", monitor=False),
        RaiseWall("procedures_blanklayout", monitor=False, append_only=True),
        RaiseWall("procedures_paperowed", monitor=False),
        RaiseWall("procedures_ministryentry", monitor=False),
        migrations.RunSQL(KEEPS, KEEPS_UNDO),
    ]
