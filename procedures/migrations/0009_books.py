"""Number books: where they begin, how they are opened and closed, what fell; the day's end; what the sweeper finds."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall

KEEPS = """
CREATE FUNCTION procedures_series_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.closed_on IS NOT NULL
  THEN RAISE EXCEPTION 'a closed book stays closed' USING ERRCODE = 'restrict_violation'; END IF;
  IF OLD.last >= OLD.first AND (NEW.first <> OLD.first OR NEW.last < OLD.last)
  THEN RAISE EXCEPTION 'numbers of a book only go on' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_its_numbers BEFORE UPDATE ON procedures_series
  FOR EACH ROW EXECUTE FUNCTION procedures_series_keeps();

CREATE FUNCTION procedures_bookact_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.signed_at IS NOT NULL OR OLD.dropped_at IS NOT NULL
     OR (OLD.id, OLD.commune_id, OLD.book, OLD.year, OLD.kind, OLD.upto, OLD.volume, OLD.pages, OLD."on", OLD.ground,
         OLD.by_id, OLD.at)
        IS DISTINCT FROM
        (NEW.id, NEW.commune_id, NEW.book, NEW.year, NEW.kind, NEW.upto, NEW.volume, NEW.pages, NEW."on", NEW.ground,
         NEW.by_id, NEW.at)
  THEN RAISE EXCEPTION 'what was laid out is signed or dropped, never changed' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_what_was_laid_out BEFORE UPDATE ON procedures_bookact
  FOR EACH ROW EXECUTE FUNCTION procedures_bookact_keeps();

CREATE FUNCTION procedures_dayclose_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.confirmed_at IS NOT NULL
     OR (OLD.id, OLD.commune_id, OLD."on", OLD.part, OLD.facts, OLD.head_seq, OLD.head_hash, OLD.by_id, OLD.at)
        IS DISTINCT FROM
        (NEW.id, NEW.commune_id, NEW."on", NEW.part, NEW.facts, NEW.head_seq, NEW.head_hash, NEW.by_id, NEW.at)
  THEN RAISE EXCEPTION 'a closed day never changes, a later part tells what came after'
    USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_what_was_closed BEFORE UPDATE ON procedures_dayclose
  FOR EACH ROW EXECUTE FUNCTION procedures_dayclose_keeps();
"""

KEEPS_UNDO = """
DROP TRIGGER keeps_its_numbers ON procedures_series; DROP FUNCTION procedures_series_keeps();
DROP TRIGGER keeps_what_was_laid_out ON procedures_bookact; DROP FUNCTION procedures_bookact_keeps();
DROP TRIGGER keeps_what_was_closed ON procedures_dayclose; DROP FUNCTION procedures_dayclose_keeps();
"""

# The successor of a unit keeps its books: it may see how far they went, not who stands in them (F-57).
OWN = "commune_id = (SELECT app_commune()) OR (SELECT app_reads_all())"
FORMER = (
    "commune_id IN (SELECT former_id FROM oneshop_succession WHERE successor_id = (SELECT app_commune()))"
)
SUCCESSOR_READS = f"ALTER POLICY wall_read ON procedures_series USING ({OWN} OR {FORMER});"
SUCCESSOR_READS_UNDO = f"ALTER POLICY wall_read ON procedures_series USING ({OWN});"


class Migration(migrations.Migration):

    dependencies = [
        ('oneshop', '0005_errands'),
        ('procedures', '0008_check'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BookAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('book', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('kind', models.CharField(choices=[('open', 'Mở sổ tiếp theo sổ giấy'), ('catch_up', 'Ghi lại số đã cấp sau khôi phục dữ liệu'), ('close', 'Khóa sổ')], max_length=10)),
                ('upto', models.PositiveIntegerField(null=True, verbose_name='tiếp theo số')),
                ('volume', models.CharField(blank=True, max_length=60, verbose_name='quyển số')),
                ('pages', models.PositiveIntegerField(null=True, verbose_name='tổng số trang')),
                ('on', models.DateField(null=True, verbose_name='ngày')),
                ('ground', models.CharField(blank=True, max_length=300, verbose_name='căn cứ, lý do')),
                ('at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('facts', models.JSONField(default=dict)),
                ('pdf', models.BinaryField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DayClose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='ngày')),
                ('part', models.PositiveSmallIntegerField(verbose_name='lần')),
                ('facts', models.JSONField()),
                ('head_seq', models.PositiveBigIntegerField()),
                ('head_hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('pdf', models.BinaryField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['on', 'part'],
            },
        ),
        migrations.CreateModel(
            name='Flaw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=120)),
                ('sentence', models.CharField(max_length=300)),
                ('found_at', models.DateTimeField()),
                ('gone_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['found_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Void',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('book', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('reason', models.CharField(choices=[('wrong', 'Ghi sai, cấp lại số khác'), ('spoiled', 'Giấy hỏng'), ('cancelled', 'Kết quả bị hủy'), ('ended', 'Hồ sơ kết thúc sau khi ký'), ('restored', 'Đã cấp trước khi khôi phục dữ liệu')], max_length=10)),
                ('why', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['book', 'year', 'number'],
            },
        ),
        migrations.AddField(
            model_name='series',
            name='first',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='step',
            name='verb',
            field=models.CharField(choices=[('receive', 'Tiếp nhận'), ('appoint', 'Tiếp nhận, hẹn kỳ rà soát'), ('reject', 'Từ chối tiếp nhận'), ('resume', 'Đã rà soát, giải quyết tiếp'), ('hand_over', 'Nhận xử lý'), ('extend', 'Xin lỗi và hẹn lại'), ('ask_for_papers', 'Yêu cầu bổ sung'), ('take_papers', 'Nhận bổ sung'), ('submit', 'Trình ký'), ('submit_refusal', 'Trình ký từ chối'), ('send_back', 'Trả lại'), ('sign', 'Ký duyệt'), ('give_out', 'Trả kết quả'), ('withdraw', 'Công dân rút hồ sơ'), ('stop', 'Dừng giải quyết'), ('annul', 'Hủy kết quả chưa trả')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(('first__gte', 1), ('last__gte', django.db.models.expressions.CombinedExpression(models.F('first'), '-', models.Value(1)))), name='book_begins_before_it_ends'),
        ),
        migrations.AddField(
            model_name='bookact',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bookact',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddField(
            model_name='bookact',
            name='signed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dayclose',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dayclose',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddField(
            model_name='dayclose',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flaw',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddField(
            model_name='void',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='void',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddField(
            model_name='void',
            name='result',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voids', to='procedures.result'),
        ),
        migrations.AddField(
            model_name='void',
            name='slip',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voids', to='procedures.slip'),
        ),
        migrations.AddConstraint(
            model_name='bookact',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at', None), models.Q(('kind', 'catch_up'), _negated=True)), fields=('commune', 'book', 'year', 'kind'), name='book_is_opened_and_closed_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='bookact',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at', None), ('signed_at', None)), fields=('commune', 'book', 'year'), name='book_has_one_act_before_the_leader'),
        ),
        migrations.AddConstraint(
            model_name='bookact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('signed_by', None)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='book_act_signed_at_has_its_signer'),
        ),
        migrations.AddConstraint(
            model_name='bookact',
            constraint=models.CheckConstraint(condition=models.Q(('signed_by', models.F('by')), _negated=True), name='book_act_is_signed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='bookact',
            constraint=models.CheckConstraint(condition=models.Q(('signed_at', None), ('dropped_at', None), _connector='OR'), name='book_act_is_signed_or_dropped'),
        ),
        migrations.AddConstraint(
            model_name='bookact',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'close'), ('upto__gte', 1), _connector='OR'), name='book_act_names_the_number_it_continues'),
        ),
        migrations.AddConstraint(
            model_name='bookact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'close'), _negated=True), ('signed_at', None), models.Q(('on__isnull', False), ('pdf__isnull', False)), _connector='OR'), name='book_closed_has_its_closing_lines'),
        ),
        migrations.AddConstraint(
            model_name='dayclose',
            constraint=models.UniqueConstraint(fields=('commune', 'on', 'part'), name='day_is_closed_once_a_part'),
        ),
        migrations.AddConstraint(
            model_name='dayclose',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', models.F('by')), _negated=True), name='day_is_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='dayclose',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None), ('pdf', None), ('sha256', '')), models.Q(('confirmed_at__gte', models.F('at')), ('confirmed_by__isnull', False), ('pdf__isnull', False), ('sha256__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='day_confirmed_has_its_paper'),
        ),
        migrations.AddConstraint(
            model_name='dayclose',
            constraint=models.CheckConstraint(condition=models.Q(('head_hash__regex', '^([0-9a-f]{64})?$')), name='day_has_the_head_of_its_chain'),
        ),
        migrations.AddConstraint(
            model_name='flaw',
            constraint=models.UniqueConstraint(condition=models.Q(('gone_at', None)), fields=('commune', 'kind', 'key'), name='flaw_has_one_card'),
        ),
        migrations.AddConstraint(
            model_name='void',
            constraint=models.UniqueConstraint(fields=('commune', 'book', 'year', 'number'), name='number_falls_once'),
        ),
        migrations.AddConstraint(
            model_name='void',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='number_that_fell_says_why'),
        ),
        migrations.AddConstraint(
            model_name='void',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', 'restored'), ('result', None), ('slip', None)), models.Q(models.Q(('reason', 'restored'), _negated=True), models.Q(('result', None), ('slip', None), _connector='XOR')), _connector='OR'), name='number_that_fell_names_its_paper'),
        ),
        RaiseWall("procedures_bookact", monitor=False),
        RaiseWall("procedures_void", monitor=False, append_only=True),
        RaiseWall("procedures_dayclose"),
        RaiseWall("procedures_flaw", monitor=False),
        migrations.RunSQL(KEEPS, KEEPS_UNDO),
        migrations.RunSQL(SUCCESSOR_READS, SUCCESSOR_READS_UNDO),
    ]
