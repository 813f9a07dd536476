"""What ended cases count for on the boards, reckoned once; when the card of a case was first read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0006_households'),
        ('oneshop', '0005_errands'),
        ('procedures', '0010_signatures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reckoning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedure_key', models.CharField(max_length=40)),
                ('ending', models.CharField(choices=[('sign', 'Đã ký kết quả'), ('withdraw', 'Công dân rút'), ('stop', 'Dừng giải quyết'), ('reject', 'Từ chối tiếp nhận')], max_length=10)),
                ('is_refused', models.BooleanField(default=False)),
                ('is_redirected', models.BooleanField(default=False)),
                ('received_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('used_minutes', models.PositiveIntegerField(null=True)),
                ('paused_minutes', models.PositiveIntegerField(null=True)),
                ('late_minutes', models.PositiveIntegerField(null=True)),
                ('on_time_index', models.BooleanField(null=True)),
                ('on_time_legal', models.BooleanField(null=True)),
                ('requests', models.PositiveSmallIntegerField(default=0)),
                ('send_backs', models.PositiveSmallIntegerField(default=0)),
                ('is_apologised', models.BooleanField(default=False)),
                ('scan_seconds', models.PositiveIntegerField(null=True)),
                ('form_lines', models.PositiveSmallIntegerField(default=0)),
                ('typed', models.PositiveSmallIntegerField(default=0)),
                ('papers_spared', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='case',
            name='scanned_at',
            field=models.DateTimeField(null=True, verbose_name='quét thẻ lần đầu lúc'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('scanned_at', None), ('scanned_at__lte', models.F('received_at')), _connector='OR'), name='case_is_scanned_before_receipt'),
        ),
        migrations.AddField(
            model_name='reckoning',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reckoning', to='procedures.case'),
        ),
        migrations.AddField(
            model_name='reckoning',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddField(
            model_name='reckoning',
            name='counter',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.counter'),
        ),
        migrations.AddField(
            model_name='reckoning',
            name='handled_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='reckoning',
            index=models.Index(fields=['commune', 'ended_at'], name='reckoning_by_day'),
        ),
        migrations.AddConstraint(
            model_name='reckoning',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('received_at'))), name='reckoning_ends_after_receipt'),
        ),
        migrations.AddConstraint(
            model_name='reckoning',
            constraint=models.CheckConstraint(condition=models.Q(('typed__lte', models.F('form_lines'))), name='reckoning_types_no_more_than_the_form'),
        ),
        RaiseWall("procedures_reckoning", append_only=True),
    ]
