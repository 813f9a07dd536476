import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('oneshop', '0007_duty'),
        ('procedures', '0012_prints'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='calendar_version',
            field=models.PositiveIntegerField(default=0, verbose_name='theo lịch làm việc số'),
        ),
        migrations.AlterField(
            model_name='step',
            name='verb',
            field=models.CharField(choices=[('receive', 'Tiếp nhận'), ('appoint', 'Tiếp nhận, hẹn kỳ rà soát'), ('reject', 'Từ chối tiếp nhận'), ('resume', 'Đã rà soát, giải quyết tiếp'), ('hand_over', 'Nhận xử lý'), ('extend', 'Xin lỗi và hẹn lại'), ('ask_for_papers', 'Yêu cầu bổ sung'), ('take_papers', 'Nhận bổ sung'), ('submit', 'Trình ký'), ('submit_refusal', 'Trình ký từ chối'), ('send_back', 'Trả lại'), ('sign', 'Ký duyệt'), ('give_out', 'Trả kết quả'), ('withdraw', 'Công dân rút hồ sơ'), ('stop', 'Dừng giải quyết'), ('move_due', 'Tính lại giờ hẹn theo lịch mới'), ('annul', 'Hủy kết quả chưa trả')], max_length=20),
        ),
        migrations.CreateModel(
            name='SigningRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmed_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DueMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('old_due_at', models.DateTimeField()),
                ('new_due_at', models.DateTimeField()),
                ('slip_differs', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='due_moves', to='procedures.case')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('told_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['new_due_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('slip_differs', True), ('told_at', None)), fields=['commune'], name='due_move_not_yet_told')],
                'constraints': [models.UniqueConstraint(fields=('case', 'version'), name='promise_moves_once_a_version'), models.CheckConstraint(condition=models.Q(models.Q(('told_at', None), ('told_by', None)), models.Q(('told_at__isnull', False), ('told_by__isnull', False)), _connector='OR'), name='due_move_told_at_has_its_officer')],
            },
        ),
        migrations.CreateModel(
            name='Showing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('number', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.case')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('officer', 'case', 'digest', 'number'), name='paper_is_shown_once')],
            },
        ),
        migrations.CreateModel(
            name='SigningTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen', models.CharField(max_length=64)),
                ('confirmed', models.JSONField(default=list)),
                ('outcome', models.CharField(choices=[('waiting', 'Chờ ký'), ('signed', 'Đã ký'), ('failed', 'Chưa ký')], default='waiting', max_length=10)),
                ('sentence', models.CharField(blank=True, max_length=500)),
                ('done_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.case')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='procedures.signinground')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('round', 'case'), name='case_is_once_in_a_round'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('outcome', 'waiting')), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('done_at__isnull', False)), _connector='OR'), name='turn_that_ended_knows_when')],
            },
        ),
        RaiseWall("procedures_showing", monitor=False, deletable=True),
        RaiseWall("procedures_signinground", monitor=False, deletable=True),
        RaiseWall("procedures_signingturn", monitor=False, deletable=True),
        RaiseWall("procedures_duemove"),
    ]
