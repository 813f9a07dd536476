"""Faults of quality.md 7 that strike a signature, each really injected; after each every invariant still holds."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection

from citizens.models import Certificate
from oneshop import postgres, walls
from oneshop.models import Commune, Officer
from procedures import papers, workflow
from procedures.models import Case, Result, Series
from procedures.papers import printing
from procedures.states import State
from tests import factories
from tests.conftest import REAL
from tests.procedures.test_invariants import broken
from tests.procedures.test_races import BOOK, at_once, named, signs, village, waiting_for_signature

__all__ = ["village"]  # the fixture, found by its name


def nothing_was_signed(village: Commune, case: Case) -> None:
    with walls.within(village.pk):
        assert Case.objects.get(pk=case.pk).where == State.WAITING_SIGNATURE
        assert not Result.objects.exists()
        assert not Series.objects.filter(book=BOOK).exists()
    assert broken(village) == {}


# --- F-03: the paper cannot be made ---
def a_font_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "press", _raises(printing.FontMissing("Tinos")))


def it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    press = printing.press
    monkeypatch.setattr(printing, "press", lambda html, **_: press(html, longest=10))


def there_is_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "press", _raises(MemoryError()))


def _raises(error: BaseException) -> Callable[..., object]:
    def act(*_: object, **__: object) -> object:
        raise error

    return act


@pytest.mark.parametrize("fault", [a_font_is_gone, it_takes_too_long, there_is_no_memory])
def test_a_paper_that_fails_leaves_the_case_before_the_leader_and_its_number_free(
    fault: Callable[[pytest.MonkeyPatch], None], village: Commune, at: datetime
) -> None:
    [case] = waiting_for_signature(village, at, number=1)
    sign = signs(village, case, named(village, "lan"), at)

    with pytest.MonkeyPatch.context() as patch:
        fault(patch)
        with pytest.raises(papers.PaperFailed):
            sign()

    nothing_was_signed(village, case)
    assert sign().number == 1


# --- F-04: a row without its paper, a paper without its row ---
def test_a_result_without_its_paper_cannot_be_written(village: Commune, at: datetime) -> None:
    """Bytes and row are one row: neither can be there without the other."""
    [case] = waiting_for_signature(village, at, number=1)
    result = signs(village, case, named(village, "lan"), at)()

    for emptied in ("pdf = NULL", "pdf = ''", "case_id = NULL"):
        with pytest.raises(DatabaseError), walls.within(village.pk), connection.cursor() as cursor:
            cursor.execute(f"UPDATE procedures_result SET {emptied} WHERE id = %s", [result.pk])

    assert broken(village) == {}


# --- F-05: the disk is full ---
@pytest.fixture
def small_disk() -> Iterator[str]:
    """A tablespace on a disk of two megabytes; only root of a machine that lets it mount has one."""
    folder = Path(tempfile.mkdtemp(prefix="oneshop-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode or postgres.is_foreign():
        shutil.rmtree(folder)
        pytest.skip("no small disk can be mounted here")
    cluster = postgres.Cluster()
    place = folder / "space"
    place.mkdir()
    shutil.chown(place, cluster.account.uid, cluster.account.gid)
    folder.chmod(0o755)
    try:
        cluster.sql(f"CREATE TABLESPACE small_disk OWNER {postgres.OWNER} LOCATION '{place}'")
        yield str(folder)
    finally:
        cluster.sql(f"DROP DATABASE IF EXISTS {REAL} WITH (FORCE)")  # our own: others run beside us
        cluster.sql("DROP TABLESPACE small_disk")
        subprocess.run(["umount", folder], check=True)
        shutil.rmtree(folder)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as full, contextlib.suppress(OSError):
        while True:
            full.write(bytes(4096))


def test_on_a_full_disk_nothing_is_signed_no_number_is_used_and_it_heals_when_there_is_room(
    small_disk: str, village: Commune, at: datetime, real_db: str
) -> None:
    [case] = waiting_for_signature(village, at, number=1)
    sign = signs(village, case, named(village, "lan"), at)
    cluster = postgres.Cluster()
    connection.close()
    cluster.sql("ALTER TABLE procedures_result SET TABLESPACE small_disk", real_db)
    ballast = Path(small_disk) / "space" / "ballast"
    fill(ballast)

    with pytest.raises(DatabaseError, match="No space left on device"):
        sign()
    nothing_was_signed(village, case)

    ballast.unlink()
    assert sign().number == 1
    assert broken(village) == {}


# --- F-06: two hundred at once; F-07: two leaders, again and again ---
def test_two_hundred_signatures_by_eight_hands_take_the_numbers_one_to_two_hundred(
    village: Commune, at: datetime
) -> None:
    cases = waiting_for_signature(village, at, number=200)
    leaders = [named(village, "lan"), named(village, "son")]
    later = at + timedelta(minutes=10)

    acts = [signs(village, case, leaders[n % 2], later) for n, case in enumerate(cases)]
    answers = at_once(acts, threads=8)
    # on a loaded machine the eighth may wait its five seconds out: told so, the leader presses again
    slow = [n for n, answer in enumerate(answers) if isinstance(answer, OperationalError) and "lock" in str(answer)]
    again = at_once([acts[n] for n in slow], threads=1) if slow else []

    assert [answers[n] for n in range(200) if n not in slow and isinstance(answers[n], Exception)] == []
    assert [answer for answer in again if isinstance(answer, Exception)] == []
    with walls.within(village.pk):
        assert sorted(Result.objects.values_list("number", flat=True)) == list(range(1, 201))
        assert Series.objects.get(book=BOOK).last == 200
        assert sorted(Certificate.objects.values_list("number", flat=True)) == sorted(
            f"{number:02}/UBND-XNTTHN" for number in range(1, 201)
        )
    assert broken(village) == {}


def test_two_leaders_at_the_same_moment_twenty_times_over(village: Commune, at: datetime) -> None:
    cases = waiting_for_signature(village, at, number=20)
    lan, son = named(village, "lan"), named(village, "son")

    for case in cases:
        answers = at_once([signs(village, case, lan, at), signs(village, case, son, at)])
        assert sorted(type(answer).__name__ for answer in answers) == ["CaseMoved", "Result"]

    with walls.within(village.pk):
        assert sorted(Result.objects.values_list("number", flat=True)) == list(range(1, 21))
    assert broken(village) == {}


# --- F-08: the leader signs while the specialist sends another draft ---
def test_a_signature_and_a_second_thought_at_once_leave_one_of_them(village: Commune, at: datetime) -> None:
    cases = waiting_for_signature(village, at, number=10)
    lan, son = named(village, "lan"), named(village, "son")

    def sends_back(case: Case, by: Officer) -> Callable[[], object]:
        def act() -> object:
            with walls.within(village.pk, officer_id=by.pk):
                return workflow.send_back(Case.objects.get(pk=case.pk), by=by, at=at, note="xem lại")

        return act

    for case in cases:
        answers = at_once([signs(village, case, lan, at), sends_back(case, son)])
        assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [workflow.CaseMoved]

    with walls.within(village.pk):
        signed = Case.objects.filter(state=State.SIGNED).count()
        assert signed == Result.objects.count()
        assert signed + Case.objects.filter(state=State.HANDLING).count() == 10
    assert broken(village) == {}


# --- F-56: the citizen dies during the case ---
def test_who_dies_before_the_signature_gets_nothing_signed_and_no_number(
    case_to_sign: Case, lan: Officer, later: datetime
) -> None:
    case_to_sign.citizen.deceased_on = later.date()
    case_to_sign.citizen.save(update_fields=["deceased_on"])

    with pytest.raises(workflow.NotAllowed, match="đã thay đổi"):
        workflow.sign(case_to_sign, by=lan, at=later, seen=factories.seen(case_to_sign, lan, later))

    assert not Result.objects.exists()
    assert broken(case_to_sign.commune_id) == {}


@pytest.fixture
def case_to_sign(khach: object, mai: Officer, hung: Officer, at: datetime) -> Case:
    case = factories.case(khach, by=mai, at=at)  # type: ignore[arg-type]
    workflow.submit(case, by=hung, at=at)
    return case


# --- F-57: the commune gets another name while a case is open ---
def test_a_paper_carries_the_name_of_its_own_day(
    quoc_oai: Commune, khach: object, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    first = factories.case(khach, by=mai, at=at)  # type: ignore[arg-type]
    other = factories.case(factories.citizen(quoc_oai, "001192000001", "Lê Thị Khác"), by=mai, at=at)
    before = factories.signed(first, handled_by=hung, by=lan, at=at)
    tomorrow = at + timedelta(days=1)
    factories.shift(lan, lan.roles[0], starts_at=tomorrow.replace(hour=7), ends_at=tomorrow.replace(hour=18))
    quoc_oai.names.create(
        kind="Phường", name="Quốc Oai", above="Thành phố Hà Nội", valid_from=tomorrow.date(), document="NQ 1"
    )

    after = factories.signed(Case.objects.get(pk=other.pk), handled_by=hung, by=lan, at=tomorrow)

    assert [result.facts["head"]["issuer"] for result in (before, after)] == [
        "ỦY BAN NHÂN DÂN XÃ QUỐC OAI",
        "ỦY BAN NHÂN DÂN PHƯỜNG QUỐC OAI",
    ]
    assert [result.number for result in (before, after)] == [1, 2]
    assert broken(quoc_oai) == {}
