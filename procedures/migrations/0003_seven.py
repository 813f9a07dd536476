"""What seven procedures need: a second person, files frozen with a case, several papers, follow-ups, rulings."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0003_register'),
        ('oneshop', '0003_walls'),
        ('procedures', '0002_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, verbose_name='điểm')),
                ('value', models.CharField(max_length=500, verbose_name='nội dung')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('is_confirmed', models.BooleanField(default=False, verbose_name='đã đối chiếu với mẫu chính thức')),
                ('source', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['key', 'valid_from', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='result',
            name='result_number_is_its_own',
        ),
        migrations.RemoveConstraint(
            model_name='result',
            name='case_has_one_valid_result',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_open_by_due',
        ),
        migrations.AddField(
            model_name='case',
            name='dossier',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='case',
            name='looked_for',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='case',
            name='other',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_as_other', to='citizens.citizen'),
        ),
        migrations.AddField(
            model_name='case',
            name='other_person',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='rulings',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='draft',
            name='looked_for',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='draft',
            name='other',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.citizen'),
        ),
        migrations.AddField(
            model_name='result',
            name='blank',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='result',
            name='originals',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='result',
            name='shares_number',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='case',
            name='state',
            field=models.CharField(choices=[('received', 'Đã tiếp nhận'), ('waiting_review', 'Chờ rà soát'), ('handling', 'Đang xử lý'), ('waiting_papers', 'Chờ bổ sung'), ('waiting_signature', 'Trình ký'), ('signed', 'Đã có kết quả, chờ trả'), ('given_out', 'Đã trả kết quả'), ('withdrawn', 'Công dân rút hồ sơ'), ('rejected', 'Từ chối tiếp nhận'), ('stopped', 'Dừng giải quyết')], max_length=20, verbose_name='trạng thái'),
        ),
        migrations.AlterField(
            model_name='step',
            name='source',
            field=models.CharField(blank=True, choices=[('received', 'Đã tiếp nhận'), ('waiting_review', 'Chờ rà soát'), ('handling', 'Đang xử lý'), ('waiting_papers', 'Chờ bổ sung'), ('waiting_signature', 'Trình ký'), ('signed', 'Đã có kết quả, chờ trả'), ('given_out', 'Đã trả kết quả'), ('withdrawn', 'Công dân rút hồ sơ'), ('rejected', 'Từ chối tiếp nhận'), ('stopped', 'Dừng giải quyết')], max_length=20),
        ),
        migrations.AlterField(
            model_name='step',
            name='target',
            field=models.CharField(choices=[('received', 'Đã tiếp nhận'), ('waiting_review', 'Chờ rà soát'), ('handling', 'Đang xử lý'), ('waiting_papers', 'Chờ bổ sung'), ('waiting_signature', 'Trình ký'), ('signed', 'Đã có kết quả, chờ trả'), ('given_out', 'Đã trả kết quả'), ('withdrawn', 'Công dân rút hồ sơ'), ('rejected', 'Từ chối tiếp nhận'), ('stopped', 'Dừng giải quyết')], max_length=20),
        ),
        migrations.AlterField(
            model_name='step',
            name='verb',
            field=models.CharField(choices=[('receive', 'Tiếp nhận'), ('appoint', 'Tiếp nhận, hẹn kỳ rà soát'), ('reject', 'Từ chối tiếp nhận'), ('resume', 'Đã rà soát, giải quyết tiếp'), ('hand_over', 'Nhận xử lý'), ('ask_for_papers', 'Yêu cầu bổ sung'), ('take_papers', 'Nhận bổ sung'), ('submit', 'Trình ký'), ('submit_refusal', 'Trình ký từ chối'), ('send_back', 'Trả lại'), ('sign', 'Ký duyệt'), ('give_out', 'Trả kết quả'), ('withdraw', 'Công dân rút hồ sơ'), ('stop', 'Dừng giải quyết')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['received', 'waiting_review', 'handling', 'waiting_papers', 'waiting_signature'])), fields=['commune', 'due_at'], name='case_open_by_due'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('other', models.F('citizen')), _negated=True), name='case_has_two_different_people'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('other', None), ('other_person', None)), models.Q(('other__isnull', False), ('other_person__isnull', False)), _connector='OR'), name='case_other_is_frozen_with_it'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.UniqueConstraint(condition=models.Q(('shares_number', False)), fields=('commune', 'book', 'year', 'number'), name='result_number_is_its_own'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.UniqueConstraint(condition=models.Q(('standing', 'valid')), fields=('case', 'kind'), name='case_has_one_valid_result_of_a_kind'),
        ),
        migrations.AddField(
            model_name='followup',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='procedures.case'),
        ),
        migrations.AddField(
            model_name='followup',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddField(
            model_name='followup',
            name='done_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruling',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruling',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='oneshop.commune'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='follow_up_done_at_has_its_officer'),
        ),
        migrations.AddIndex(
            model_name='ruling',
            index=models.Index(fields=['commune', 'key'], name='ruling_by_point'),
        ),
        RaiseWall("procedures_followup"),
        RaiseWall("procedures_ruling", append_only=True),
    ]
