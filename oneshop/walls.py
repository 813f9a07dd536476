"""The walls between communes: row security, and the only way to say on whose side a transaction works.

PostgreSQL compares each row with settings that live exactly as long as the transaction (`SET LOCAL`), so that nothing
sticks to a pooled connection. A table gets its wall in the migration that makes it, by `RaiseWall`.
Why both this and scopes in the queries: quality.md 10.3, the wall catches what a query forgot.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations.operations.special import RunSQL

WORKING_ROLE = "oneshop_app"

_SETTINGS = ("app.commune", "app.reads_all", "app.officer", "app.login", "app.scanned")


@contextmanager
def within(
    commune_id: int | None,
    *,
    reads_all: bool = False,
    officer_id: int | None = None,
    login: str = "",
    scanned: str = "",
) -> Iterator[None]:
    """Open a transaction that sees the rows of one commune, and put back the former view when it ends.

    `reads_all` is the monitoring office: it sees the work of every commune and may change none of it.
    `officer_id` and `login` let an officer's own row be found before the commune is known.
    `scanned` is a full identity number: whoever holds the card may be found wherever the record is kept.
    """
    wanted = (
        str(commune_id or ""),
        "on" if reads_all else "",
        str(officer_id or ""),
        login,
        scanned,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        nested = len(connection.savepoint_ids) > 0
        before: Sequence[str] = ("",) * len(_SETTINGS)
        if nested:
            cursor.execute(
                "SELECT " + ", ".join("coalesce(current_setting(%s, true), '')" for _ in _SETTINGS), _SETTINGS
            )
            before = cursor.fetchone()
        _set(wanted)
        yield
        if nested:
            _set(before)


def _set(values: Sequence[str]) -> None:
    pairs = [item for pair in zip(_SETTINGS, values, strict=True) for item in pair]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join("set_config(%s, %s, true)" for _ in _SETTINGS), pairs)


class RaiseWall(RunSQL):
    """A migration step: row security on `table`, forced even upon its owner.

    `monitor`: the monitoring office may read it. `append_only`: rows are never changed or removed, not even by a
    mistake in our own code. `deletable`: rows that are mere working state. `also_read`, `also_write`: further SQL
    conditions under which a row may be seen or written.
    """

    def __init__(
        self,
        table: str,
        *,
        monitor: bool = True,
        append_only: bool = False,
        deletable: bool = False,
        also_read: str = "",
        also_write: str = "",
    ) -> None:
        own = "commune_id = app_commune()"
        # asked once a query, not once a row: a search over a commune of 48,000 people takes half the time
        read = "commune_id = (SELECT app_commune())"
        read += " OR (SELECT app_reads_all())" if monitor else ""
        read += f" OR {also_read}" if also_read else ""
        write = own + (f" OR {also_write}" if also_write else "")
        sql = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY wall_read ON {table} FOR SELECT USING ({read})",
            f"CREATE POLICY wall_add ON {table} FOR INSERT WITH CHECK ({write})",
            f"CREATE POLICY wall_change ON {table} FOR UPDATE USING ({write}) WITH CHECK ({write})",
            f"CREATE POLICY wall_remove ON {table} FOR DELETE USING ({write})",
        ]
        undo = [
            f"DROP POLICY {policy} ON {table}" for policy in ("wall_read", "wall_add", "wall_change", "wall_remove")
        ]
        undo += [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"]
        if not deletable:
            sql.append(f"REVOKE DELETE, TRUNCATE ON {table} FROM {WORKING_ROLE}")
            undo.append(f"GRANT DELETE ON {table} TO {WORKING_ROLE}")
        if append_only:
            sql += [
                f"REVOKE UPDATE ON {table} FROM {WORKING_ROLE}",
                f"CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION app_refuse_change()",
                f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION app_refuse_change()",
            ]
            undo += [f"DROP TRIGGER never_changes ON {table}", f"DROP TRIGGER never_emptied ON {table}"]
        super().__init__(tuple(sql), tuple(undo))
