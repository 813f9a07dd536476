"""The diary shows every tampering, also by the owner of the database (S-36, F-49)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError

from oneshop import audit, chain, walls
from oneshop.models import Commune, Entry
from tests import factories

AT = datetime(2026, 11, 23, 1, 10, tzinfo=UTC)


@pytest.fixture
def diary(real_db: str) -> Commune:
    """Twelve committed lines of Quốc Oai, three of the commune next door, one of nobody's."""
    commune, other = factories.commune(), factories.commune("09910", "Kiều Phú")
    for number in range(12):
        with walls.within(commune.pk):
            audit.record("look", "case", f"H-{number}", by=None, at=AT, commune_id=commune.pk, why="tra cứu")
    with walls.within(other.pk):
        for number in range(3):
            audit.record("look", "case", f"K-{number}", by=None, at=AT, commune_id=other.pk)
    with walls.within(None, reads_all=True):
        audit.record("sign_in_failed", "officer", "ai đó", by=None, at=AT)
    return commune


def as_owner(sql: str) -> None:
    """What a person with the keys of the database can do: step over triggers and walls."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.reads_all', 'on', false)")
        cursor.execute("ALTER TABLE oneshop_entry NO FORCE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE oneshop_entry DISABLE TRIGGER ALL")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE oneshop_entry ENABLE TRIGGER ALL")
        cursor.execute("ALTER TABLE oneshop_entry FORCE ROW LEVEL SECURITY")
    connections["owner"].close()


def nth(number: int) -> int:
    with walls.within(None, reads_all=True):
        return list(Entry.objects.filter(key__startswith="H-").order_by("pk").values_list("pk", flat=True))[number]


def found() -> list[tuple[int | None, str]]:
    return [(fault.entry_id, fault.kind) for fault in chain.faults()]


def test_a_diary_nobody_touched_is_whole(diary: Commune, capsys: pytest.CaptureFixture[str]) -> None:
    assert found() == []

    call_command("audit", "verify")

    assert "The diary is whole: 16 lines." in capsys.readouterr().out


TAMPERINGS: dict[str, tuple[Callable[[], str], Callable[[], tuple[int | None, str]]]] = {
    "edited": (
        lambda: f"UPDATE oneshop_entry SET why = 'khác' WHERE id = {nth(4)}",
        lambda: (nth(4), "changed"),
    ),
    "backdated": (
        lambda: f"UPDATE oneshop_entry SET at = at - interval '1 microsecond' WHERE id = {nth(0)}",
        lambda: (nth(0), "changed"),
    ),
    "swapped": (
        lambda: (
            f"UPDATE oneshop_entry SET key = CASE id WHEN {nth(2)} THEN 'H-3' ELSE 'H-2' END"
            f" WHERE id IN ({nth(2)}, {nth(3)})"
        ),
        lambda: (nth(2), "changed"),
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_the_first_line_that_was_changed_is_named(diary: Commune, how: str) -> None:
    sql, expected = TAMPERINGS[how]
    wanted = expected()
    as_owner(sql())

    assert found()[0] == wanted
    with pytest.raises(CommandError, match=f"09895: entry {wanted[0]} was changed"):
        call_command("audit", "verify")


def test_a_line_that_was_removed_is_named(diary: Commune) -> None:
    gone = nth(5)
    as_owner(f"DELETE FROM oneshop_entry WHERE id = {gone}")

    assert found() == [(gone, "gone")]


def test_a_tail_that_was_cut_with_its_links_shows_at_the_head(diary: Commune) -> None:
    last = nth(11)
    as_owner(f"DELETE FROM oneshop_entry WHERE id = {last}; DELETE FROM oneshop_link WHERE entry_id = {last}")

    assert found() == [(None, "cut")]


def test_links_cut_out_of_the_middle_show(diary: Commune) -> None:
    gone, following = nth(5), nth(6)
    as_owner(f"DELETE FROM oneshop_entry WHERE id = {gone}; DELETE FROM oneshop_link WHERE entry_id = {gone}")

    assert found() == [(following, "cut")]


def test_a_line_slipped_in_past_the_chain_shows(diary: Commune) -> None:
    as_owner(
        "INSERT INTO oneshop_entry (commune_id, at, officer_name, act, kind, key, why, origin)"
        f" VALUES ({diary.pk}, now(), '', 'look', 'case', 'H-99', '', '')"
    )

    assert [kind for _, kind in found()] == ["unlinked"]


def test_a_history_rewritten_to_its_head_disagrees_with_the_printed_sheet(diary: Commune) -> None:
    printed = chain.head(diary.pk)
    assert printed is not None
    last = nth(11)
    as_owner(
        f"DELETE FROM oneshop_entry WHERE id = {last}; DELETE FROM oneshop_link WHERE entry_id = {last};"
        f" UPDATE oneshop_head SET (seq, hash) = (SELECT seq, hash FROM oneshop_link WHERE chain = {diary.pk}"
        f" ORDER BY seq DESC LIMIT 1) WHERE chain = {diary.pk}"
    )

    assert found() == []
    with pytest.raises(CommandError, match="rewritten"):
        call_command("audit", "verify", printed=[f"09895:{printed.hash}"])


def test_a_printed_head_is_found_again_later(diary: Commune) -> None:
    printed = chain.head(diary.pk)
    assert printed is not None
    with walls.within(diary.pk):
        audit.record("look", "case", "H-12", by=None, at=AT, commune_id=diary.pk)

    call_command("audit", "verify", printed=[f"09895:{printed.hash}"])

    assert (printed.seq, len(printed.hash)) == (12, 64)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE oneshop_link SET hash = ''",
        "DELETE FROM oneshop_link",
        "UPDATE oneshop_head SET seq = 0",
        "INSERT INTO oneshop_link (chain, seq, entry_id, hash) VALUES (1, 99, 99, '')",
        "DELETE FROM oneshop_entry",
    ],
)
def test_the_portal_itself_cannot_touch_the_chain(diary: Commune, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_act_taken_back_leaves_no_link(diary: Commune) -> None:
    before = chain.lines()
    with walls.within(diary.pk):
        audit.record("look", "case", "H-13", by=None, at=AT, commune_id=diary.pk)
        transaction.set_rollback(True)

    assert chain.lines() == before
