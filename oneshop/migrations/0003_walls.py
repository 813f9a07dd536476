from django.db import migrations

from oneshop.walls import RaiseWall


class Migration(migrations.Migration):
    dependencies = [("oneshop", "0002_house")]
    operations = [
        RaiseWall(
            "oneshop_officer",
            also_read="id = app_officer() OR username = app_login()",
            also_write="(commune_id IS NULL AND app_reads_all())",
        ),
        RaiseWall("oneshop_shift", deletable=True),
        RaiseWall("oneshop_openinghours", deletable=True),
        RaiseWall("oneshop_calendarchange"),
        RaiseWall(
            "oneshop_entry",
            append_only=True,
            also_write="commune_id IS NULL",
        ),
        RaiseWall(
            "oneshop_formkey",
            monitor=False,
            deletable=True,
            also_read="officer_id = app_officer()",
            also_write="officer_id = app_officer()",
        ),
    ]
