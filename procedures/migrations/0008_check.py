"""Checks by anyone: keys of the offline code, counted knocks, codes of one look, requests for one's own data."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall

KEEPS = """
CREATE FUNCTION procedures_checkkey_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.until IS NOT NULL AND (OLD.until IS DISTINCT FROM NEW.until OR OLD.is_leaked AND NOT NEW.is_leaked)
     OR (OLD.id, OLD.commune_id, OLD.key_id, OLD.public, OLD.sealed, OLD.since)
        IS DISTINCT FROM (NEW.id, NEW.commune_id, NEW.key_id, NEW.public, NEW.sealed, NEW.since)
  THEN RAISE EXCEPTION 'a key only ends: papers signed with it are still about' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_what_it_was BEFORE UPDATE ON procedures_checkkey
  FOR EACH ROW EXECUTE FUNCTION procedures_checkkey_keeps();
"""
KEEPS_UNDO = """
DROP TRIGGER keeps_what_it_was ON procedures_checkkey;
DROP FUNCTION procedures_checkkey_keeps();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0006_households'),
        ('oneshop', '0004_chain'),
        ("procedures", "0007_oversight"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(max_length=8)),
                ('public', models.BinaryField()),
                ('sealed', models.BinaryField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('is_leaked', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Knock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', models.DateTimeField()),
                ('origin', models.CharField(max_length=24)),
                ('count', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='LookCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['sha256'], name='result_by_its_bytes'),
        ),
        migrations.AddField(
            model_name='checkkey',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='citizen',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddConstraint(
            model_name='knock',
            constraint=models.UniqueConstraint(fields=('minute', 'origin'), name='minute_counts_an_origin_once'),
        ),
        migrations.AddField(
            model_name='lookcode',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='lookcode',
            name='citizen',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen'),
        ),
        migrations.AddField(
            model_name='lookcode',
            name='commune',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune'),
        ),
        migrations.AddConstraint(
            model_name='checkkey',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('commune',), name='commune_has_one_check_key'),
        ),
        migrations.AddConstraint(
            model_name='checkkey',
            constraint=models.UniqueConstraint(fields=('commune', 'key_id'), name='check_key_has_its_own_name'),
        ),
        migrations.AddConstraint(
            model_name='checkkey',
            constraint=models.CheckConstraint(condition=models.Q(('is_leaked', False), ('until__isnull', False), _connector='OR'), name='leaked_key_has_ended'),
        ),
        migrations.AddConstraint(
            model_name='checkkey',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='check_key_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('commune', 'citizen'), name='citizen_asks_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('sha256', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='answered_request_has_its_officer_and_paper'),
        ),
        migrations.AddConstraint(
            model_name='lookcode',
            constraint=models.UniqueConstraint(condition=models.Q(('used_at', None)), fields=('commune', 'citizen'), name='citizen_has_one_look_code'),
        ),
        RaiseWall("procedures_checkkey", monitor=False),
        RaiseWall("procedures_lookcode", monitor=False, deletable=True),
        RaiseWall("procedures_datarequest", monitor=False),
        migrations.RunSQL(KEEPS, KEEPS_UNDO),
        # counts of a minute need not survive a crash, and cost no log: 200 a second must not slow a clerk (S-33)
        migrations.RunSQL("ALTER TABLE procedures_knock SET UNLOGGED", "ALTER TABLE procedures_knock SET LOGGED"),
    ]
