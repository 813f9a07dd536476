"""Wrong papers put right: what was proposed and decided; a paper that fell stays fallen and names its successor."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall

KEEPS = """
CREATE FUNCTION procedures_correction_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (OLD.id, OLD.commune_id, OLD.case_id, OLD.result_id, OLD.kind, OLD.fault, OLD.asked_by, OLD.reason, OLD.answers,
      OLD.officer_answers, OLD.refusal, OLD.wrong, OLD."right", OLD.ground, OLD.decision, OLD.by_id, OLD.at)
     IS DISTINCT FROM
     (NEW.id, NEW.commune_id, NEW.case_id, NEW.result_id, NEW.kind, NEW.fault, NEW.asked_by, NEW.reason, NEW.answers,
      NEW.officer_answers, NEW.refusal, NEW.wrong, NEW."right", NEW.ground, NEW.decision, NEW.by_id, NEW.at)
     OR (OLD.state, NEW.state) NOT IN
        (('proposed', 'signed'), ('proposed', 'returned'), ('proposed', 'dropped'), ('signed', 'handed'))
     OR OLD.state = 'signed' AND (OLD.decided_by_id, OLD.decided_at, OLD.answer, OLD.before)
        IS DISTINCT FROM (NEW.decided_by_id, NEW.decided_at, NEW.answer, NEW.before)
  THEN RAISE EXCEPTION 'what was proposed and decided never changes' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_what_was_decided BEFORE UPDATE ON procedures_correction
  FOR EACH ROW EXECUTE FUNCTION procedures_correction_keeps();

CREATE FUNCTION procedures_result_stays_fallen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.standing <> 'valid' AND (OLD.standing, OLD.standing_on) IS DISTINCT FROM (NEW.standing, NEW.standing_on)
     OR OLD.replaced_by_id IS NOT NULL AND OLD.replaced_by_id IS DISTINCT FROM NEW.replaced_by_id
     OR OLD.correction_id IS DISTINCT FROM NEW.correction_id
  THEN RAISE EXCEPTION 'a paper that fell never stands again' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stays_fallen BEFORE UPDATE ON procedures_result
  FOR EACH ROW EXECUTE FUNCTION procedures_result_stays_fallen();

CREATE FUNCTION procedures_result_names_its_successor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM procedures_result WHERE id = NEW.id AND standing = 'replaced' AND replaced_by_id IS NULL)
  THEN RAISE EXCEPTION 'a replaced paper names the one in its place' USING ERRCODE = 'check_violation'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER names_its_successor AFTER INSERT OR UPDATE ON procedures_result
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION procedures_result_names_its_successor();
"""

KEEPS_UNDO = """
DROP TRIGGER names_its_successor ON procedures_result;
DROP FUNCTION procedures_result_names_its_successor();
DROP TRIGGER stays_fallen ON procedures_result;
DROP FUNCTION procedures_result_stays_fallen();
DROP TRIGGER keeps_what_was_decided ON procedures_correction;
DROP FUNCTION procedures_correction_keeps();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('oneshop', '0005_errands'),
        ('procedures', '0014_hall'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('replace', 'Thay giấy sai nội dung'), ('recall', 'Thu hồi, hủy giấy'), ('letter', 'Đính chính bằng công văn')], max_length=10, verbose_name='cách xử lý')),
                ('fault', models.CharField(blank=True, choices=[('office', 'Do cơ quan'), ('applicant', 'Do người dân khai')], max_length=10, verbose_name='sai do')),
                ('asked_by', models.CharField(choices=[('citizen', 'Công dân'), ('office', 'Cơ quan tự phát hiện'), ('other', 'Cơ quan, tổ chức khác')], max_length=10, verbose_name='ai đề nghị')),
                ('reason', models.CharField(max_length=500, verbose_name='lý do')),
                ('answers', models.JSONField(default=dict)),
                ('officer_answers', models.JSONField(default=dict)),
                ('refusal', models.JSONField(default=list)),
                ('wrong', models.CharField(blank=True, max_length=500, verbose_name='đã ghi')),
                ('right', models.CharField(blank=True, max_length=500, verbose_name='sửa là')),
                ('ground', models.CharField(blank=True, choices=[('commune', 'Quyết định của Chủ tịch Ủy ban nhân dân cấp xã'), ('province', 'Quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh'), ('court', 'Bản án, quyết định của Tòa án')], max_length=10, verbose_name='căn cứ thu hồi')),
                ('decision', models.CharField(blank=True, max_length=300, verbose_name='văn bản quyết định (số, ngày, cơ quan)')),
                ('state', models.CharField(choices=[('proposed', 'Chờ lãnh đạo ký'), ('signed', 'Đã ký, chờ trao'), ('handed', 'Đã trao'), ('returned', 'Lãnh đạo trả lại'), ('dropped', 'Đã rút')], default='proposed', max_length=10)),
                ('at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='lời của lãnh đạo')),
                ('before', models.JSONField(null=True)),
                ('handed_at', models.DateTimeField(null=True)),
                ('handed_to', models.CharField(blank=True, max_length=100, verbose_name='người nhận')),
                ('old_paper', models.CharField(blank=True, choices=[('returned', 'Đã thu lại'), ('kept', 'Chưa thu lại được'), ('lost', 'Người dân báo mất'), ('never_left', 'Chưa rời cơ quan')], max_length=10, verbose_name='giấy cũ')),
                ('returned_copies', models.PositiveSmallIntegerField(null=True, verbose_name='số bản chính cũ thu lại')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='result',
            name='case_has_one_valid_result_of_a_kind',
        ),
        migrations.RemoveConstraint(
            model_name='slip',
            name='case_has_one_slip_of_a_kind',
        ),
        migrations.AlterField(
            model_name='step',
            name='verb',
            field=models.CharField(choices=[('receive', 'Tiếp nhận'), ('appoint', 'Tiếp nhận, hẹn kỳ rà soát'), ('reject', 'Từ chối tiếp nhận'), ('resume', 'Đã rà soát, giải quyết tiếp'), ('hand_over', 'Nhận xử lý'), ('extend', 'Xin lỗi và hẹn lại'), ('ask_for_papers', 'Yêu cầu bổ sung'), ('take_papers', 'Nhận bổ sung'), ('submit', 'Trình ký'), ('submit_refusal', 'Trình ký từ chối'), ('send_back', 'Trả lại'), ('sign', 'Ký duyệt'), ('give_out', 'Trả kết quả'), ('withdraw', 'Công dân rút hồ sơ'), ('stop', 'Dừng giải quyết'), ('move_due', 'Tính lại giờ hẹn theo lịch mới'), ('annul', 'Hủy kết quả chưa trả'), ('propose_correction', 'Đề nghị sửa, thay, thu hồi giấy'), ('drop_correction', 'Rút đề nghị sửa giấy'), ('return_correction', 'Trả lại đề nghị sửa giấy'), ('sign_correction', 'Ký sửa, thay, thu hồi giấy'), ('hand_correction', 'Trao giấy sửa, thay')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['supplement', 'fee']), _negated=True), fields=('case', 'kind'), name='case_has_one_slip_of_a_kind'),
        ),
        migrations.AddField(
            model_name='correction',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='procedures.case'),
        ),
        migrations.AddField(
            model_name='correction',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddField(
            model_name='correction',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='handed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='result',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='procedures.result'),
        ),
        migrations.AddField(
            model_name='result',
            name='correction',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='procedures.correction'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.UniqueConstraint(condition=models.Q(('standing', 'valid'), models.Q(('kind__in', ['correction_letter', 'recall_notice']), _negated=True)), fields=('case', 'kind'), name='case_has_one_valid_result_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(('replaced_by', None), ('standing', 'replaced'), _connector='OR'), name='result_with_a_successor_is_replaced'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['commune', 'state'], name='correction_by_state'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('case',), name='case_has_one_correction_waiting'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correction_says_why'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'replace'), models.Q(('fault', ''), _negated=True), ('decision', ''), ('ground', ''), ('right', ''), ('wrong', '')), models.Q(('fault', ''), ('kind', 'recall'), ('right', ''), ('wrong', ''), models.Q(('ground', ''), _negated=True), models.Q(('decision', ''), _negated=True)), models.Q(('decision', ''), ('fault', ''), ('ground', ''), ('kind', 'letter'), models.Q(('wrong', ''), _negated=True), models.Q(('right', ''), _negated=True)), _connector='OR'), name='correction_says_what_its_kind_asks'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state__in', ['proposed'])), models.Q(models.Q(('state__in', ['proposed']), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='correction_decided_at_has_its_officer'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['signed', 'handed', 'returned']), _negated=True), models.Q(('decided_by', models.F('by')), _negated=True), _connector='OR'), name='correction_is_not_signed_by_who_proposed_it'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handed_at__isnull', False), ('handed_by__isnull', False), ('state', 'handed'), models.Q(('handed_to', ''), _negated=True)), models.Q(models.Q(('state', 'handed'), _negated=True), ('handed_at', None), ('handed_by', None), ('handed_to', ''), ('old_paper', '')), _connector='OR'), name='correction_handed_at_has_its_officer'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'replace'), ('state__in', ['signed', 'handed']), _negated=True), ('before__isnull', False), _connector='OR'), name='correction_that_replaced_keeps_what_was_before'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('returned_copies', None), models.Q(('old_paper', 'returned'), ('returned_copies__gte', 1)), _connector='OR'), name='correction_counts_what_came_back'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='occasion',
            field=models.CharField(choices=[('ready', 'Đã có kết quả'), ('supplement', 'Cần bổ sung'), ('late', 'Xin lỗi, hẹn lại'), ('to_sign', 'Chờ ký'), ('sent_back', 'Lãnh đạo trả lại'), ('corrected', 'Giấy đã sửa, thay'), ('urged', 'Cơ quan theo dõi đôn đốc')], max_length=20, verbose_name='việc'),
        ),
        # who proposed what about whose paper: no business of the monitoring office
        RaiseWall("procedures_correction", monitor=False),
        migrations.RunSQL(KEEPS, KEEPS_UNDO),
    ]
