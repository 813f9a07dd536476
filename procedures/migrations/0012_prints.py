"""The print log, what went wrong with a print, and the line of the register that each case stands in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0006_households'),
        ('oneshop', '0005_errands'),
        ('procedures', '0011_boards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Print',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declaration', models.PositiveSmallIntegerField(null=True)),
                ('name', models.CharField(max_length=150)),
                ('copy', models.PositiveSmallIntegerField()),
                ('sheets', models.PositiveSmallIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='lý do in lại')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='procedures.case')),
                ('citizen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='procedures.result')),
                ('slip', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='procedures.slip')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Mishap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('never_came', 'Không ra giấy'), ('spoiled', 'Tờ hỏng')], max_length=10)),
                ('why', models.CharField(max_length=300, verbose_name='lý do')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.case')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
                ('print', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mishap', to='procedures.print')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RegisterLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('1', 'Hộ tịch'), ('2', 'Bảo trợ xã hội, giảm nghèo'), ('3', 'Người có công')], max_length=10, verbose_name='sổ')),
                ('year', models.PositiveSmallIntegerField()),
                ('volume', models.PositiveSmallIntegerField(verbose_name='quyển')),
                ('number', models.PositiveIntegerField(verbose_name='số thứ tự')),
                ('received_on', models.DateField()),
                ('name', models.CharField(max_length=200)),
                ('address', models.CharField(blank=True, max_length=500)),
                ('procedure', models.CharField(max_length=300)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='register_line', to='procedures.case')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oneshop.commune')),
            ],
            options={
                'ordering': ['field', 'year', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('declaration', None), ('result', None), ('slip__isnull', False)), models.Q(('case__isnull', False), ('declaration', None), ('result__isnull', False), ('slip', None)), models.Q(('declaration__isnull', False), ('result', None), ('slip', None)), _connector='OR'), name='print_is_of_one_paper'),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('citizen', None)), models.Q(('case', None), ('citizen__isnull', False)), _connector='OR'), name='print_is_of_a_case_or_of_a_draft'),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.CheckConstraint(condition=models.Q(('copy__gte', 1), ('sheets__gte', 1)), name='print_has_a_copy_and_a_sheet'),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.UniqueConstraint(fields=('slip', 'copy'), name='copy_of_a_slip_is_its_own'),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.UniqueConstraint(fields=('result', 'copy'), name='copy_of_a_result_is_its_own'),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.UniqueConstraint(fields=('case', 'declaration', 'copy'), name='copy_of_a_declaration_is_its_own'),
        ),
        migrations.AddIndex(
            model_name='registerline',
            index=models.Index(fields=['commune', 'field', 'received_on'], name='register_by_day'),
        ),
        migrations.AddConstraint(
            model_name='registerline',
            constraint=models.UniqueConstraint(fields=('commune', 'field', 'year', 'number'), name='register_number_is_its_own'),
        ),
        RaiseWall("procedures_print", monitor=False, append_only=True),
        RaiseWall("procedures_mishap", monitor=False, append_only=True),
        RaiseWall("procedures_registerline", monitor=False, append_only=True),
    ]
