"""A made-up population for measuring: 21 communes, any number of citizens, the cases of a morning.

Citizens are written by the database itself, a commune at a time; only the keys of their names are computed in Python,
once for each distinct name. All are invented: the serial digits of their numbers count up from 000000.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from django.db import connection, connections
from django.utils import timezone
from tqdm import tqdm

from citizens import names
from citizens.models import Citizen, Residence
from oneshop import walls
from oneshop.demo.people import FAMILY, GIVEN, MIDDLE, number_of
from oneshop.founding import open_the_week
from oneshop.models import Commune, CommuneName, Counter, Officer, Shift
from oneshop.roles import Role
from procedures import papers, workflow
from procedures.catalogue import catalogue
from procedures.models import Case

COMMUNES = 21
PROCEDURE = "marital_certificate"
SECOND_MIDDLE = ("", "Bảo", "Gia", "Hoài", "Khánh", "Như", "Quỳnh")  # three in ten have one
OPENED_ON = date(2025, 7, 1)
FIRST_CASE = 1_000_000_000  # no other number in a statement is as large, so a case's key is known wherever it stands

ANSWERS = {
    "purpose_kind": "other",
    "purpose_text": "bổ sung hồ sơ vay vốn ngân hàng",
    "declared_status": "single",
    "capacity": "self",
    "copies": 1,
    "fee": "paid",
}

# For one commune and a span of serial numbers. Skewed as life is: two in five are Nguyễn, two in five Văn or Thị.
_PEOPLE = """
INSERT INTO citizens_citizen (commune_id, identity_number, old_number, full_name, search_key, exact_key, sort_key,
    birth_date, birth_text, sex, ethnicity, nationality, telephone, email, document_kind, document_issued_on,
    document_issued_by, eid_level, portal_synced_on, death_note, version, recorded_at)
SELECT %(commune)s,
    '001' || CASE WHEN born.year < 2000 THEN 0 ELSE 2 END + born.female || to_char(born.year %% 100, 'FM00')
          || to_char(born.n / 56, 'FM000000'),
    '', written.full_name, written.search_key, written.exact_key, written.sort_key,
    born.day, to_char(born.day, 'DD/MM/YYYY'), CASE born.female WHEN 1 THEN 'female' ELSE 'male' END,
    'Kinh', 'Việt Nam', '', '', 'cccd', date '2021-06-22', 'Cục Cảnh sát QLHC về TTXH', 2, current_date - 90,
    '', 1, now()
FROM (
    SELECT n, year, female, make_date(year, 1 + n %% 12, 1 + n %% 28) AS day,
        floor(%(families)s * power(random(), 3))::int AS family,
        floor((%(middles)s::int[])[female + 1] * power(random(), 2))::int AS middle,
        CASE WHEN random() < 0.3 THEN 1 + floor(%(seconds)s * random())::int ELSE 0 END AS second,
        floor(%(givens)s * random())::int AS given
    FROM (SELECT n, 1950 + n %% 56 AS year, floor(2 * random())::int AS female
          FROM generate_series(%(first)s::int, %(last)s::int) AS n) AS counted
) AS born
JOIN bench_names AS written USING (female, family, middle, second, given)
"""


# What a commune has done in so many days: copies of one real case with other people, days and fates. The last forty are
# still open, half of them late. One of eight ended late, one of nine paused, one of thirty was sent back.
CASES_A_DAY = 120
_CASES = """
INSERT INTO procedures_case (commune_id, counter_id, code, external_code, procedure_key, citizen_id, looked_for, state,
    outcome, answers, officer_answers, person, dossier, rulings, findings, refusal, token, scanned_at, received_at,
    received_by_id, due_at, first_due_at, calendar_version, due_sentence, handled_by_id, signed_at, signed_by_id,
    given_out_at, given_out_by_id, given_out_to, closed_at)
SELECT %(commune)s, %(counter)s, 'DO-' || n, '',
    (%(procedures)s::text[])[1 + n %% cardinality(%(procedures)s::text[])],
    (%(people)s::bigint[])[1 + n %% cardinality(%(people)s::bigint[])], '', fate.state,
    'grant', c.answers, c.officer_answers, c.person, c.dossier, c.rulings, c.findings, c.refusal,
    upper(substr(md5(%(commune)s || ' ' || n), 1, 26)), came.at - interval '1 minute', came.at, %(clerk)s,
    came.at + interval '3 hours', came.at + interval '3 hours', c.calendar_version, c.due_sentence,
    CASE WHEN fate.state <> 'received' THEN %(specialist)s END,
    CASE WHEN fate.is_signed THEN came.at + fate.took END, CASE WHEN fate.is_signed THEN %(signer)s END,
    CASE WHEN fate.is_over THEN came.at + fate.took + interval '5 minutes' END,
    CASE WHEN fate.is_over THEN %(clerk)s END, '',
    CASE WHEN fate.is_over THEN came.at + fate.took + interval '5 minutes' END
FROM procedures_case c, generate_series(%(first)s::int, %(days)s * %(a_day)s - 1) AS n,
    LATERAL (SELECT least(now() - interval '1 minute', (date_trunc('day', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')
        - n / %(a_day)s * interval '1 day' + interval '7 hours 30 minutes' + n %% %(a_day)s * interval '5 minutes')
        AT TIME ZONE 'Asia/Ho_Chi_Minh') AS at) AS came,
    LATERAL (SELECT CASE WHEN n >= 40 THEN 'given_out' ELSE (ARRAY['received', 'handling', 'waiting_signature',
        'waiting_papers', 'signed'])[1 + n %% 5] END AS state, n >= 40 OR n %% 5 = 4 AS is_signed, n >= 40 AS is_over,
        (20 + n * 37 %% 200) * interval '1 minute' AS took) AS fate
WHERE c.id = %(like)s
"""
_RECKONINGS = """
INSERT INTO procedures_reckoning (commune_id, case_id, counter_id, procedure_key, ending, is_refused, is_redirected,
    received_at, ended_at, handled_by_id, used_minutes, paused_minutes, late_minutes, on_time_index, on_time_legal,
    requests, send_backs, is_apologised, scan_seconds, form_lines, typed, papers_spared)
SELECT commune_id, id, counter_id, procedure_key, 'sign', id %% 40 = 0, false, received_at, signed_at, handled_by_id,
    took.minutes, CASE WHEN id %% 9 = 0 THEN 30 ELSE 0 END, greatest(0, took.minutes - 180), took.minutes <= 180,
    took.minutes <= 180, CASE WHEN id %% 9 = 0 THEN 1 ELSE 0 END, CASE WHEN id %% 30 = 0 THEN 1 ELSE 0 END,
    id %% 50 = 0, 40 + id %% 80, 16, 3, 0
FROM procedures_case, LATERAL (SELECT extract(epoch FROM signed_at - received_at)::int / 60 AS minutes) AS took
WHERE commune_id = %(commune)s AND signed_at IS NOT NULL AND code LIKE 'DO-%%'
"""


@dataclass(frozen=True)
class House:
    """Who works where: one commune for its desk, the next for its signatures, so that neither fills the other's."""

    communes: list[Commune]
    clerk: Officer
    desk_specialist: Officer
    signing_clerk: Officer
    specialist: Officer
    signer: Officer


def fill(*, citizens: int, quiet: bool) -> House:
    """Write the communes, their officers and `citizens` people into an empty database, and bring its statistics up."""
    communes = [_commune(index) for index in range(COMMUNES)]
    _write_names()
    ends = [citizens * (index + 1) // COMMUNES for index in range(COMMUNES)]
    with tqdm(total=citizens, desc="Citizens", unit=" rows", unit_scale=True, disable=quiet, leave=False) as progress:
        first = 0
        for commune, end in zip(communes, ends, strict=True):
            _write_people(commune, first, end - 1)
            progress.update(end - first)
            first = end
    _mix()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('procedures_case', 'id'), %s)", [FIRST_CASE])
    return _staff(communes)


def _mix() -> None:
    """Lay the rows in no order, as years of corrections and moves do: neighbours in a commune lie on different pages.

    Written a commune at a time they would lie side by side, and a search would look four times as fast as it is.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE INDEX bench_mixed ON citizens_citizen (md5(id::text))")
        cursor.execute("CLUSTER citizens_citizen USING bench_mixed")
        cursor.execute("DROP INDEX bench_mixed")


def settle() -> None:
    """What autovacuum does by itself within minutes, done now: a figure must not hang on when it came by."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _commune(index: int) -> Commune:
    commune = Commune.objects.create(
        code=f"{90001 + index}", agency_code=f"H99.{index + 1:03}.00", opened_on=OPENED_ON, is_served=True
    )
    CommuneName.objects.create(
        commune=commune, kind="Xã", name=f"Đo Thử {index + 1}", above="Thành phố Hà Nội", valid_from=OPENED_ON
    )
    Counter.objects.create(commune=commune, name=f"Điểm phục vụ {index + 1}")
    with walls.within(commune.pk):
        open_the_week(commune, valid_from=OPENED_ON)
    return commune


def _names() -> Iterator[tuple[int, int, int, int, int, str]]:
    """Every name by the places of its parts: female, family, middle, second middle, given."""
    for female, sex in enumerate(("male", "female")):
        for (family, a), (middle, b), (second, c), (given, d) in product(
            enumerate(FAMILY), enumerate(MIDDLE[sex]), enumerate(SECOND_MIDDLE), enumerate(GIVEN[sex])
        ):
            yield female, family, middle, second, given, names.clean(f"{a} {b} {c} {d}")


def _write_names() -> None:
    columns = list(zip(*((*name, *_keys(name[-1])) for name in _names()), strict=True))
    types = ["int"] * 5 + ["text"] * 4
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_names (female int, family int, middle int, second int, given int,"
            " full_name text, search_key text, exact_key text, sort_key text)"
        )
        arrays = ", ".join(f"%s::{type_}[]" for type_ in types)
        cursor.execute(f"INSERT INTO bench_names SELECT * FROM unnest({arrays})", [list(column) for column in columns])  # noqa: S608
        cursor.execute("ANALYZE bench_names")
        cursor.execute("SELECT setseed(0.7)")  # the same count, the same people


def _keys(name: str) -> tuple[str, str, str]:
    return names.search_key(name), names.exact_key(name), names.sort_key(name)


def _write_people(commune: Commune, first: int, last: int) -> None:
    with walls.within(commune.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            _PEOPLE,
            {
                "commune": commune.pk,
                "first": first,
                "last": last,
                "families": len(FAMILY),
                "middles": [len(MIDDLE["male"]), len(MIDDLE["female"])],
                "seconds": len(SECOND_MIDDLE) - 1,
                "givens": min(len(given) for given in GIVEN.values()),
            },
        )


def _staff(communes: list[Commune]) -> House:
    desk, signing = communes[:2]
    clerk = _officer(desk, "mai", Role.CLERK)
    desk_specialist = _officer(desk, "thao", Role.SPECIALIST)
    signing_clerk = _officer(signing, "dao", Role.CLERK)
    specialist = _officer(signing, "hung", Role.SPECIALIST)
    signer = _officer(signing, "lan", Role.SIGNER)
    now = timezone.now()
    with walls.within(signing.pk):
        Shift.objects.create(
            commune=signing,
            officer=signer,
            role=Role.SIGNER,
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(days=2),
        )
    return House(communes, clerk, desk_specialist, signing_clerk, specialist, signer)


def _officer(commune: Commune | None, username: str, *roles: Role) -> Officer:
    officer = Officer(
        username=username,
        full_name=f"Nguyễn Thị {username.capitalize()}",
        commune=commune,
        counter=commune.counters.first() if commune else None,
        roles=list(roles),
        position="Chủ tịch UBND xã" if Role.SIGNER in roles else "Công chức Tư pháp - Hộ tịch xã",
        signs_as="CHỦ TỊCH" if Role.SIGNER in roles else "",
    )
    officer.set_unusable_password()
    with walls.within(commune.pk if commune else None, reads_all=commune is None):
        officer.save()
    return officer


# --- cases ---


def applicants(commune: Commune, number: int, *, first: int) -> list[Citizen]:
    """People whom every rule lets through, of a year in which nobody else here was born; serials count from `first`."""
    born = date(1949, 6, 1)
    people = []
    with walls.within(commune.pk):
        for serial in range(first, first + number):
            person = Citizen.objects.create(
                commune=commune,
                identity_number=number_of("female", born, serial),
                full_name="Trần Thị Đo Thử",
                sex="female",
                birth_date=born,
                birth_text=f"{born:%d/%m/%Y}",
                document_issued_on=date(2021, 3, 11),
                document_issued_by="Cục Cảnh sát QLHC về TTXH",
                eid_level=2,
                portal_synced_on=timezone.localdate() - timedelta(days=90),
                recorded_at=timezone.now(),
            )
            Residence.objects.create(
                commune=commune,
                citizen=person,
                kind="permanent",
                address=f"Thôn {serial}, Xã Đo Thử, Thành phố Hà Nội",
                present_commune=commune,
                since=born,
            )
            people.append(person)
    return people


def received(person: Citizen, *, by: Officer) -> Case:
    """A case of this morning, in a transaction of its own."""
    procedure = catalogue()[PROCEDURE]
    with walls.within(by.commune_id):
        return workflow.receive(
            procedure,
            person,
            answers=ANSWERS,
            officer_answers={rule.id: True for rule in procedure.rules},
            by=by,
            at=timezone.now(),
        )


def busy_desk(house: House, number: int) -> list[Case]:
    """Open cases in every state of a morning, before the clerk who received them."""
    cases = [received(person, by=house.clerk) for person in applicants(house.communes[0], number, first=500_000)]
    officer, now = house.desk_specialist, timezone.now()
    for index, case in enumerate(cases):
        with walls.within(case.commune_id):
            match index % 4:
                case 1:
                    workflow.hand_over(case, by=officer, at=now)
                case 2:
                    workflow.submit(case, by=officer, at=now)
                case 3 if index % 8 == 3:
                    workflow.ask_for_papers(case, by=officer, at=now, note="Xuất trình lại thẻ căn cước đã đổi")
    return cases


def waiting_for_signature(house: House, number: int) -> list[Case]:
    """Cases on the leader's desk."""
    cases = [
        received(person, by=house.signing_clerk) for person in applicants(house.communes[1], number, first=600_000)
    ]
    for case in cases:
        with walls.within(case.commune_id):
            workflow.submit(case, by=house.specialist, at=timezone.now())
    return cases


def history(house: House, *, days: int, quiet: bool) -> Officer:
    """`days` of `CASES_A_DAY` cases in every commune, and the leader whose board they fill.

    Neither the desk that is measured nor the signing desk gets any of today, so that both stay as long as they say.
    """
    desks, [*_, last] = house.communes[:2], house.communes
    staff = {
        commune.pk: (
            _officer(commune, f"nhan{commune.pk}", Role.CLERK),
            _officer(commune, f"ky{commune.pk}", Role.SIGNER),
        )
        for commune in house.communes
    }
    [person] = applicants(last, 1, first=700_000)
    like = received(person, by=staff[last.pk][0])
    for commune in tqdm(house.communes, desc="History", disable=quiet, leave=False):
        clerk, leader = staff[commune.pk]
        with walls.within(commune.pk, reads_all=True), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            facts: dict[str, Any] = {
                "like": like.pk,
                "commune": commune.pk,
                "counter": clerk.counter_id,
                "clerk": clerk.pk,
                "specialist": leader.pk,
                "signer": leader.pk,
                "people": list(Citizen.objects.kept_by(commune.pk).values_list("pk", flat=True)[:1000]),
                "procedures": [procedure.key for procedure in catalogue()],
                "first": CASES_A_DAY if commune in desks else 0,
                "days": days,
                "a_day": CASES_A_DAY,
            }
            cursor.execute(_CASES, facts)
            cursor.execute(_RECKONINGS, facts)
    return staff[last.pk][1]


def monitor() -> Officer:
    """Who watches all communes."""
    with walls.within(None, reads_all=True):
        return _officer(None, "theodoi", Role.MONITOR)


def seen(case: Case, signer: Officer) -> str:
    """What the preview would have shown to `signer`."""
    return papers.digest(papers.drafts_of(case, by=signer, at=timezone.now()))
