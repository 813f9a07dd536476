"""The bench measures what it says, in a database of its own, and its floors do the work of the acts above them."""

from __future__ import annotations

import math
import os

import pytest
from django.db import connection, connections
from django.test.utils import override_settings

from citizens import identity_number, names
from citizens.models import Citizen
from oneshop import walls
from oneshop.bench import lines, population, table
from oneshop.bench.lines import Line
from oneshop.bench.table import Measured
from oneshop.management.commands import bench
from oneshop.models import Commune, Entry
from procedures.models import Case, Result, Series, Step

WHAT = [
    "citizen by number",
    "name, bare letters",
    "name, with marks",
    "name, family name last",
    "name, its first two words",
    "desk page, 24 rows",
    "case page",
    "sign: number, PDF, audit",
    "PDF alone, CPU",
    "leaders' board",
    "monitoring board, 21 counters",
    "cases behind a figure",
    "21 communes: figures, 30 days",
    "21 communes: figures, 8 weeks",
    "21 communes: what lies where",
]


def test_the_table_has_a_row_for_each_act_and_says_where_it_was_measured(real_db: str) -> None:
    said = bench.report(citizens=200, runs=3, quiet=True, days=1)

    header, *rows = said.split("\n\n")[0].splitlines()
    assert header.split("  ")[0] == "what"
    assert [row.split("  ")[0] for row in rows] == WHAT
    assert all(row.endswith((" ok", " MISSED")) for row in rows)
    assert "PostgreSQL" in said
    # 24 at the desk and 14 to sign; one to copy, and today's 120 where nothing else is measured
    assert "239 citizens, 2319 cases" in said
    assert "Medians of 3 runs" in said


def test_people_are_spread_over_the_communes_with_the_keys_that_the_register_would_give(real_db: str) -> None:
    population.fill(citizens=210, quiet=True)

    for commune in Commune.objects.all():
        with walls.within(commune.pk):
            people = list(Citizen.objects.all())
        assert len(people) == 10
        for person in people:
            assert person.full_name == names.clean(person.full_name)
            assert person.search_key == names.search_key(person.full_name)
            assert person.exact_key == names.exact_key(person.full_name)
            assert person.sort_key == names.sort_key(person.full_name)
            number = identity_number.parse(person.identity_number)
            assert (number.sex, number.birth_year) == (person.sex, person.birth_date.year)


def test_a_signature_by_hand_leaves_the_same_rows_as_one_by_the_portal(real_db: str) -> None:
    with override_settings(ROOT_URLCONF="oneshop.bench.addresses", ALLOWED_HOSTS=["testserver"]):
        house = population.fill(citizens=21, quiet=True)
        wire = lines.Wire()
        cases = population.waiting_for_signature(house, 4)

        line = lines.signatures(house, wire, cases)[0]
        line.prepare(0)
        line.work(0)
        line.bare(0)
        wire.close()

    with walls.within(house.signer.commune_id):
        signed, by_hand = (Case.objects.get(pk=case.pk) for case in cases[2:])
        assert [result.number for result in Result.objects.order_by("pk")] == [1, 2, 3, 4]
        assert Series.objects.get(book=Result.objects.first().book).last == 4
        assert signed.state == by_hand.state == "signed"
        assert by_hand.signed_by == house.signer
        assert bytes(by_hand.results.get().pdf).startswith(b"%PDF")
        assert by_hand.results.get().token != signed.results.get().token
        assert [step.verb for step in by_hand.steps.all()] == [step.verb for step in signed.steps.all()]
        assert Step.objects.filter(verb="sign").count() == Entry.objects.filter(act="sign").count() == 4


def test_the_bench_leaves_neither_its_database_nor_its_addresses_behind(
    real_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = f"oneshop_test_{os.getpid()}_bench"
    monkeypatch.setattr(bench, "DATABASE", mine)

    with bench.own_database(), connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), count(*) FROM oneshop_commune")
        inside = cursor.fetchone()

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [mine])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (real_db,)
    assert inside == (mine, 0)


def _line(what: str, *, judged_by: str = "median") -> Line:
    return Line(what, "raw SQL", 20, judged_by, work=lambda run: None, bare=lambda run: None)


def test_ratios_are_formed_within_each_run() -> None:
    measured = Measured(_line("any"), acts=[0.010, 0.020, 0.090], floors=[0.010, 0.010, 0.030])

    assert measured.ratio == 2.0


def test_a_line_is_judged_by_its_median_or_by_its_slow_end() -> None:
    times = [0.010] * 18 + [0.030] * 2

    by_median = Measured(_line("any"), times, times).row
    by_p95 = Measured(_line("any", judged_by="p95"), times, times).row

    assert by_median[-2:] == ("median ≤ 20", "ok")
    assert by_p95[-2:] == ("p95 ≤ 20", "MISSED")


def test_act_and_floor_take_turns_at_going_first_and_warm_runs_do_not_count() -> None:
    order: list[str] = []
    line = Line(
        "any",
        "raw SQL",
        20,
        "median",
        work=lambda run: order.append(f"act {run}"),
        bare=lambda run: order.append(f"floor {run}"),
    )

    [measured] = table.measure([line], runs=1, quiet=True)

    assert order[-4:] == ["floor 2", "act 2", "act 3", "floor 3"]
    assert len(order) == 2 * (table.WARM + 1)
    assert len(measured.acts) == len(measured.floors) == 1
    assert not math.isnan(measured.ratio)
