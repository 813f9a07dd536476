import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('oneshop', '0006_officer_email'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='calendarchange',
            options={'ordering': ['on', 'at', 'pk']},
        ),
        migrations.AddField(
            model_name='calendarchange',
            name='makes_up',
            field=models.DateField(blank=True, null=True, verbose_name='làm bù cho ngày'),
        ),
        migrations.AddField(
            model_name='calendarchange',
            name='plan_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='calendarchange',
            name='version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='officer',
            name='relatives',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None, verbose_name='số định danh của người thân đã khai (không được giải quyết hồ sơ của họ)'),
        ),
        migrations.AddField(
            model_name='shift',
            name='counter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.counter', verbose_name='quầy'),
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='từ')),
                ('ends_at', models.DateTimeField(verbose_name='đến')),
                ('reason', models.CharField(max_length=200, verbose_name='lý do')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_at'],
                'indexes': [models.Index(fields=['commune', 'ends_at'], name='absence_by_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('starts_at'))), name='absence_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='CalendarVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('what', models.CharField(max_length=300)),
                ('document', models.CharField(blank=True, max_length=200)),
                ('rows', models.JSONField()),
                ('national', models.CharField(max_length=64)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('commune', 'number'), name='calendar_version_has_its_own_number')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedures', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('first_day', models.DateField(verbose_name='từ ngày')),
                ('last_day', models.DateField(verbose_name='đến hết ngày')),
                ('document', models.CharField(max_length=200, verbose_name='văn bản')),
                ('lines', models.CharField(max_length=150, verbose_name='dòng chức danh khi ký, cách nhau bằng dấu |')),
                ('at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_taken', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-first_day', '-pk'],
                'indexes': [models.Index(fields=['taker', 'last_day'], name='delegation_by_taker')],
                'constraints': [models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='delegation_goes_to_somebody_else'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='delegation_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('document', ''), _negated=True), models.Q(('lines', ''), _negated=True)), name='delegation_is_written_and_says_its_lines'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='delegation_revoked_at_has_its_officer')],
            },
        ),
        migrations.CreateModel(
            name='Deputy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(verbose_name='thứ tự')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stands_in_for', to=settings.AUTH_USER_MODEL)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['officer', 'rank', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('officer', models.F('deputy')), _negated=True), name='nobody_is_their_own_deputy'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('officer', 'deputy'), name='deputy_stands_in_once_for_one')],
            },
        ),
        RaiseWall("oneshop_absence", deletable=True),
        RaiseWall("oneshop_deputy"),
        RaiseWall("oneshop_delegation"),
        RaiseWall("oneshop_calendarversion", append_only=True),
    ]
