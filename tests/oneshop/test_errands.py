"""What an act leaves to be done is done once it is committed: not lost, not twice, not for an act that never was."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from oneshop import errands, walls
from oneshop.models import Commune, Errand
from tests import factories


@pytest.fixture
def run() -> Iterator[list[str]]:
    """The keys of the errands that were run, by a runner of kind `told` that fails for the key `bad`."""
    keys: list[str] = []

    def told(errand: Errand, *, at: datetime) -> None:
        if errand.key == "bad":
            Errand.objects.create(
                commune_id=errand.commune_id, kind="half", key="half", owed_at=at, due_at=at + timedelta(days=9)
            )
            raise RuntimeError("không nối được")
        keys.append(errand.key)

    errands.runs("told")(told)
    yield keys
    del errands._runners["told"]


def owe(commune: Commune, key: str, at: datetime, **more: object) -> None:
    with walls.within(commune.pk):
        errands.owe("told", key, commune_id=commune.pk, at=at, **more)  # type: ignore[arg-type]


def test_an_errand_is_run_once_and_told_as_done(quoc_oai: Commune, run: list[str], at: datetime) -> None:
    owe(quoc_oai, "a", at)

    assert [errands.run_due(at=at), errands.run_due(at=at)] == [1, 0]

    assert run == ["a"]
    assert Errand.objects.get(key="a").done_at == at


def test_owed_twice_it_is_owed_once(quoc_oai: Commune, run: list[str], at: datetime) -> None:
    owe(quoc_oai, "a", at)
    errands.run_due(at=at)
    owe(quoc_oai, "a", at)

    errands.run_due(at=at)

    assert run == ["a"]


def test_it_waits_for_its_time(quoc_oai: Commune, run: list[str], at: datetime) -> None:
    owe(quoc_oai, "later", at, due_at=at + timedelta(hours=1))

    errands.run_due(at=at)
    early = list(run)
    errands.run_due(at=at + timedelta(hours=1))

    assert [early, run] == [[], ["later"]]


def test_one_that_fails_keeps_its_trouble_leaves_nothing_half_and_holds_up_no_other(
    quoc_oai: Commune, run: list[str], at: datetime
) -> None:
    owe(quoc_oai, "bad", at)
    owe(quoc_oai, "good", at)

    errands.run_due(at=at)
    again = at + timedelta(minutes=1)
    errands.run_due(at=again)

    bad = Errand.objects.get(key="bad")
    assert run == ["good"]
    assert (bad.tries, bad.trouble, bad.done_at) == (2, "RuntimeError: không nối được", None)
    assert bad.due_at == again + timedelta(minutes=2)
    assert not Errand.objects.filter(kind="half").exists()


def test_an_act_that_did_not_happen_owes_nothing(quoc_oai: Commune, run: list[str], at: datetime) -> None:
    def act() -> None:
        with transaction.atomic():
            owe(quoc_oai, "a", at)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    errands.run_due(at=at)

    assert run == []


def test_the_command_finds_the_runners_by_itself(quoc_oai: Commune, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("errands", "--once")

    assert capsys.readouterr().out == "0 errands done\n"


def test_two_runners_at_once_share_the_work(real_db: str, run: list[str], at: datetime) -> None:
    village = factories.commune()
    for number in range(20):
        owe(village, str(number), at)

    def work() -> None:
        errands.run_due(at=at)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(run, key=int) == [str(number) for number in range(20)]
