"""What is measured: each act of the counter as the portal does it, beside its floor.

The floor of an act is what is left when our code is taken away: its very statements sent by psycopg over a connection
of the same settings, an empty view behind the same doors, the bare page in WeasyPrint.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens import names
from citizens.models import Citizen
from citizens.views.people import FOUND_AT_MOST
from oneshop import walls
from oneshop.bench import population
from oneshop.bench.population import House
from oneshop.models import Officer
from procedures import figures, papers, workflow
from procedures.checking.public_link import new_token
from procedures.figures import now
from procedures.models import Case
from procedures.papers import printing

DESK_ROWS = 24
_BACKEND = "oneshop.keys.OfficerBackend"
_INSERTED = re.compile(r'INSERT INTO "procedures_result" \((?P<columns>[^)]*)\)')


@dataclass(frozen=True)
class Line:
    """One line of the table. `prepare` is not timed; all three get the number of the run, counted from 0."""

    what: str
    floor: str
    target_ms: float
    judged_by: str  # "median" or "p95"
    work: Callable[[int], object]
    bare: Callable[[int], object]
    prepare: Callable[[int], object] = lambda run: None
    clock: Callable[[], float] = field(default=time.perf_counter)


Statement = tuple[str, Any]


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """The statements that Django sends meanwhile, with their parameters; its savepoints are its own affair."""
    heard: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql:
            heard.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield heard


class Wire:
    """A connection of psycopg's own, with the settings of the portal's."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.psycopg: Any = connection.get_new_connection(connection.get_connection_params())
        self.psycopg.autocommit = True
        self.psycopg.execute("SET TIME ZONE 'UTC'")

    def send(self, statements: list[Statement]) -> None:
        """The statements in one committed transaction, every row fetched."""
        with self.psycopg.transaction(), self.psycopg.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()

    def close(self) -> None:
        self.psycopg.close()


def all_lines(house: House, wire: Wire, *, runs: int, days: int, quiet: bool) -> list[Line]:
    """Every line for `runs` runs, the warm ones included; fills the desks and the `days` of work that they need."""
    leader = population.history(house, days=days, quiet=quiet)
    desk = population.busy_desk(house, DESK_ROWS)
    to_sign = population.waiting_for_signature(house, 2 * runs + 2)
    population.settle()
    client = _signed_in(house.clerk)
    plain = client.get(reverse("desk"), secure=settings.BEHIND_TLS, headers={"accept-encoding": "identity"})
    rows = plain.content.count(b'class="row-link"')
    assert rows == DESK_ROWS, f"the desk shows {rows} rows"
    return [
        by_number(house, wire),
        *by_name(house, wire),
        page("desk page, 24 rows", client, lambda run: reverse("desk")),
        page("case page", client, lambda run: reverse("case", args=[desk[run % len(desk)].code])),
        *signatures(house, wire, to_sign),
        *boards(leader, wire),
    ]


# --- finding people ---


def by_number(house: House, wire: Wire) -> Line:
    """As a scan finds a person: by the whole number, wherever the record is kept."""
    numbers = _sample(house, "identity_number")

    def find(run: int) -> None:
        number = numbers[run % len(numbers)]
        with walls.within(house.clerk.commune_id, scanned=number, officer_id=house.clerk.pk):
            assert Citizen.objects.filter(identity_number=number).first() is not None

    return _beside_its_statements("citizen by number", 5, find, wire)


def by_name(house: House, wire: Wire) -> list[Line]:
    """Full names as clerks type them, and the two commonest words, which half a commune answers to."""
    full_names = _sample(house, "full_name")

    def search(typed: Callable[[str], str]) -> Callable[[int], None]:
        def find(run: int) -> None:
            with walls.within(house.clerk.commune_id, officer_id=house.clerk.pk):
                here = Citizen.objects.kept_by(house.clerk.commune_id)
                assert here.best_named(typed(full_names[run % len(full_names)]), at_most=FOUND_AT_MOST)

        return find

    ways: list[tuple[str, Callable[[str], str]]] = [
        ("name, bare letters", names.search_key),
        ("name, with marks", str),
        ("name, family name last", lambda name: " ".join([*name.split()[1:], name.split()[0]])),
        ("name, its first two words", lambda name: names.search_key(" ".join(name.split()[:2]))),
    ]
    return [_beside_its_statements(what, 20, search(typed), wire) for what, typed in ways]


def _sample(house: House, column: str) -> list[str]:
    """Up to 50 different values from all over the clerk's commune."""
    with walls.within(house.clerk.commune_id):
        everyone = Citizen.objects.kept_by(house.clerk.commune_id).exclude(birth_date__year=1949)
        values = list(dict.fromkeys(everyone.order_by("pk").values_list(column, flat=True)))
    return values[:: max(1, len(values) // 50)][:50]


def _beside_its_statements(what: str, target_ms: float, work: Callable[[int], object], wire: Wire) -> Line:
    """A reading act: its statements are heard in a run before, which also makes both sides equally warm."""
    heard: list[Statement] = []

    def prepare(run: int) -> None:
        with listening() as statements:
            work(run)
        heard[:] = statements

    return Line(what, "raw SQL", target_ms, "median", work, lambda run: wire.send(heard), prepare)


# --- pages ---


def _signed_in(officer: Officer) -> Client:
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(officer, backend=_BACKEND)
    return client


def page(what: str, client: Client, address: Callable[[int], str], *, target_ms: float = 100) -> Line:
    """A page from request to response, without the network. As in production each begins with a look whether the
    kept connection still lives, which Django's test client leaves out."""

    def get(path: str) -> None:
        close_old_connections()
        response = client.get(path, secure=settings.BEHIND_TLS)
        assert response.status_code == 200, f"{path} answers {response.status_code}"

    return Line(what, "empty view", target_ms, "p95", lambda run: get(address(run)), lambda run: get(reverse("empty")))


# --- boards ---


def boards(leader: Officer, wire: Wire) -> list[Line]:
    """One commune's board as a page, and what the monitoring office asks of all 21, each in one query (F-54)."""
    at = timezone.now()
    span = figures.last_days(30, at=at)

    def of_all(ask: Callable[[], object]) -> Callable[[int], None]:
        def work(run: int) -> None:
            with walls.within(None, reads_all=True):
                assert ask()

        return work

    client = _signed_in(leader)
    asked: list[tuple[str, Callable[[], object]]] = [
        ("21 communes: figures, 30 days", lambda: figures.by("commune_id", figures.EVERY, span)),
        ("21 communes: figures, 8 weeks", lambda: figures.by_week(figures.EVERY, at=at, group="commune_id")),
        ("21 communes: what lies where", lambda: now.heaps("commune_id", at=at)),
    ]
    return [
        page("leaders' board", client, lambda run: reverse("board"), target_ms=300),
        page(
            "monitoring board, 21 counters",
            _signed_in(population.monitor()),
            lambda run: reverse("monitor"),
            target_ms=300,
        ),
        page("cases behind a figure", client, lambda run: reverse("board_cases", args=["on_time"]), target_ms=300),
        *(_beside_its_statements(what, 300, of_all(ask), wire) for what, ask in asked),
    ]


# --- signatures and papers ---


def signatures(house: House, wire: Wire, cases: list[Case]) -> list[Line]:
    """Signing in its own committed transaction, and the paper alone. Of `cases` two are signed in each run."""
    signer, [first, second, *cases] = house.signer, cases

    def sign(case: Case) -> Any:
        with walls.within(case.commune_id):
            digest = population.seen(case, signer)
        with listening() as statements, walls.within(case.commune_id, officer_id=signer.pk):
            [result] = workflow.sign(case, by=signer, at=timezone.now(), seen=digest)
        return result, statements

    sign(first)  # the first of a year opens its book, with a statement more
    result, statements = sign(second)
    with walls.within(second.commune_id):
        [draft] = papers.drafts_of(second, by=signer, at=result.signed_at)
    html = draft.sheet().html
    ready: dict[str, Any] = {}

    def prepare(run: int) -> None:
        """As when the leader has opened the page: the case is read, the preview's digest known."""
        with walls.within(signer.commune_id):
            ready["case"] = Case.objects.here(signer.commune_id).for_page().get(pk=cases[2 * run].pk)
            ready["seen"] = population.seen(ready["case"], signer)
        ready["statements"] = for_another(statements, second, cases[2 * run + 1])

    def work(run: int) -> None:
        with walls.within(signer.commune_id, officer_id=signer.pk):
            workflow.sign(ready["case"], by=signer, at=timezone.now(), seen=ready["seen"])

    def bare(run: int) -> None:
        sign_by_hand(wire, ready["statements"], html)

    return [
        Line("sign: number, PDF, audit", "raw SQL + bare PDF", 300, "p95", work, bare, prepare),
        Line(
            "PDF alone, CPU",
            "bare PDF",
            60,
            "median",
            lambda run: draft.sheet(),
            lambda run: bare_page(html),
            clock=time.process_time,
        ),
    ]


def bare_page(html: str) -> bytes:
    """The same HTML, style, fonts and kind of PDF straight in WeasyPrint: no template, no looks at the text."""
    press = printing._the_press()
    pdf: bytes = press.html(string=html).write_pdf(
        font_config=press.fonts, stylesheets=[press.style], pdf_variant="pdf/a-2a"
    )
    return pdf


def for_another(statements: list[Statement], signed: Case, other: Case) -> list[Statement]:
    """What was sent to sign one case, as it would be sent for `other`."""
    moved = []
    for sql, params in statements:
        changed = [other.pk if type(value) is int and value == signed.pk else value for value in params or ()]
        if columns := _columns(sql):
            changed[columns.index("token")] = new_token()
        moved.append((sql, changed))
    return moved


def sign_by_hand(wire: Wire, statements: list[Statement], html: str) -> None:
    """A signature without our code: the number as the book gives it, the page, the rows, one commit."""
    number = None
    with wire.psycopg.transaction(), wire.psycopg.cursor() as cursor:
        for sql, params in statements:
            if columns := _columns(sql):
                bare_page(html)
                params[columns.index("number")] = number
            cursor.execute(sql, params)
            rows = cursor.fetchall() if cursor.description else []
            if sql.startswith("UPDATE procedures_series"):
                [[number]] = rows


def _columns(sql: str) -> list[str]:
    """The columns of the row of a result, if `sql` writes one."""
    found = _INSERTED.match(sql)
    return [name.strip('" ') for name in found["columns"].split(",")] if found else []
