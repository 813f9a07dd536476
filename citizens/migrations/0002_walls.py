"""A citizen is seen by the commune that keeps the record, by whoever holds the card, and by where it was shown.

There for a day, or as long as a case is kept.
"""

from django.db import migrations

from oneshop.walls import RaiseWall

HELD = "identity_number = (SELECT app_scanned())"
VISITED = (
    "EXISTS (SELECT 1 FROM citizens_visit v WHERE v.citizen_id = {table}.{column}"
    " AND v.commune_id = (SELECT app_commune()) AND (v.serves OR v.at > now() - interval '24 hours'))"
)


def of_a_citizen(table: str, *, append_only: bool = False) -> RaiseWall:
    seen = VISITED.format(table=table, column="citizen_id")
    return RaiseWall(table, monitor=False, append_only=append_only, also_read=seen)


class Migration(migrations.Migration):
    dependencies = [("citizens", "0001_citizens"), ("oneshop", "0003_walls")]
    operations = [
        RaiseWall("citizens_visit", monitor=False),
        RaiseWall(
            "citizens_citizen",
            monitor=False,
            also_read=f"{HELD} OR " + VISITED.format(table="citizens_citizen", column="id"),
        ),
        of_a_citizen("citizens_residence"),
        of_a_citizen("citizens_marriage"),
        of_a_citizen("citizens_certificate"),
        of_a_citizen("citizens_amendment", append_only=True),
    ]
