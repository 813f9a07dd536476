"""Thirty days of work, made with the verbs of real work, at the hours real work has."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.demo.couples import ready_marriage_registration
from oneshop.demo.deaths import ready_death_registration
from oneshop.demo.disability import ready_disability_card
from oneshop.demo.households import ready_poor_household
from oneshop.demo.keys import sign_files
from oneshop.demo.martyrs import ready_martyr_grave_visit
from oneshop.demo.register import ready_civil_copy
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import ministry, papers, stock, workflow
from procedures.books import prints
from procedures.catalogue import Procedure, catalogue
from procedures.clock import Calendar, is_open
from procedures.models import Case, Mishap
from procedures.opening import calendar_of
from procedures.rules import Stage
from procedures.states import State

PURPOSES = (
    "bổ sung hồ sơ vay vốn ngân hàng",
    "làm thủ tục mua bán nhà đất",
    "bổ sung hồ sơ xuất khẩu lao động",
    "làm thủ tục chuyển nhượng quyền sử dụng đất",
    "bổ sung hồ sơ xin việc",
)


Ready = tuple[Citizen, Citizen | None, str, dict[str, Any]]
"""Applicant, second person, what was looked for, answers."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants: for whom, beside whom, what was looked for in the files, what is answered."""

    procedure: Procedure
    citizen: Citizen
    other: Citizen | None
    looked_for: str
    answers: dict[str, Any]


def wishes(commune: Commune) -> dict[str, list[Wish]]:
    """Wishes that every rule lets through, by procedure; the named edge cases stay free for whoever tries the demo."""
    return {
        key: [Wish(catalogue()[key], *wish) for wish in ready(commune)]
        for key, ready in READY.items()
        if key in catalogue()
    }


def _ready_marital(commune: Commune) -> list[Ready]:
    """The people of the commune who were made by chance."""
    procedure, today = catalogue()["marital_certificate"], timezone.localdate()
    people = Citizen.objects.kept_by(commune.pk).prefetch_related("residences", "marriages", "certificates")
    ready: list[Ready] = []
    for number, citizen in enumerate(people):
        if int(citizen.number.serial) < 1000:
            continue
        person = citizen.as_person(commune_id=commune.pk, on=today)
        blank = procedure.Form(person=person, on=today)
        preset = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}
        purpose = PURPOSES[number % len(PURPOSES)]
        answers = {**preset, "purpose_kind": "other", "purpose_text": purpose, "fee": "paid", "copies": 1}
        ready.append((citizen, None, "", answers))
    return ready


READY: dict[str, Callable[[Commune], list[Ready]]] = {
    "civil_copy": ready_civil_copy,
    "marital_certificate": _ready_marital,
    "death_registration": ready_death_registration,
    "disability_card": ready_disability_card,
    "martyr_grave_visit": ready_martyr_grave_visit,
    "poor_household": ready_poor_household,
    "marriage_registration": ready_marriage_registration,
}


class Day:
    """One commune at work: who does what, and who has not been served yet."""

    def __init__(self, commune: Commune, chance: random.Random) -> None:
        self.commune, self.chance = commune, chance
        here = Officer.objects.filter(commune=commune).select_related("commune", "counter").order_by("pk")
        self.clerks = [officer for officer in here if officer.is_(Role.CLERK)]
        self.specialists = [officer for officer in here if officer.is_(Role.SPECIALIST)]
        self.leaders = [officer for officer in here if officer.is_(Role.SIGNER) and officer.signs_as]
        self.waiting = wishes(commune)
        for rows in self.waiting.values():
            chance.shuffle(rows)

    def receive(self, at: datetime) -> Case | None:
        """The next wish that can be received then; one that the records no longer let through is passed by."""
        while any(self.waiting.values()):
            # each procedure in its share, so that the last days are as mixed as the first
            shares = {key: len(rows) for key, rows in self.waiting.items() if rows}
            [key] = self.chance.choices(list(shares), weights=list(shares.values()))
            wish = self.waiting[key].pop()
            clerk = self.chance.choice(self.clerks)
            try:
                with transaction.atomic():
                    case = workflow.receive(
                        wish.procedure,
                        wish.citizen,
                        other=wish.other,
                        looked_for=wish.looked_for,
                        answers=_told_on(at, wish.answers),
                        officer_answers={rule.id: True for rule in wish.procedure.rules},
                        by=clerk,
                        at=at,
                        scanned_at=at - timedelta(seconds=self.chance.randint(35, 130)),
                    )
                    if self.chance.random() < 0.3:
                        slip = workflow.issue_receipt(case, by=clerk, at=at)
                        _printed(prints.paper_of_slip(slip), case, at=at)
            except workflow.NotReady:
                continue
            return case
        return None

    def receive_for_today(self, at: datetime) -> Case | None:
        """The next one that is decided at the counter; those that wait for their review stay behind, received."""
        while (case := self.receive(at)) is not None and case.where == State.WAITING_REVIEW:
            pass
        return case

    @property
    def left(self) -> int:
        return sum(len(rows) for rows in self.waiting.values())

    def submit(self, case: Case, at: datetime) -> None:
        workflow.submit(case, by=self.chance.choice(self.specialists), at=at)

    def sign(self, case: Case, at: datetime) -> bool:
        """Whether it was signed; what the records no longer let through goes back to the specialist, as at work."""
        leader = self.chance.choice(self.leaders)
        seen = papers.digest(papers.drafts_of(case, by=leader, at=at))
        ticks = [rule.id for rule in workflow.asked_at(case, Stage.SIGNATURE)]
        try:
            with transaction.atomic():
                results = workflow.sign(case, by=leader, at=at, seen=seen, confirmed=ticks)
                sign_files(results, by=leader, at=at)
        except workflow.NotAllowed as changed:
            workflow.send_back(case, by=leader, at=at, note=changed.sentence[:500])
            return False
        return True

    def give_out(self, case: Case, at: datetime) -> None:
        give_out(case, at=at)


def _told_on(at: datetime, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as they were given then: their days lie as far before that day as they lie before today."""
    back = timezone.localdate() - timezone.localdate(at)
    return {name: value - back if isinstance(value, date) else value for name, value in answers.items()}


def _printed(paper: prints.Paper, case: Case, *, at: datetime) -> None:
    """To the printer; of one case in twelve the paper jams, and it is printed again."""
    [line, *_] = prints.print_paper(paper, case, by=case.received_by, at=at)
    if case.pk % 12 == 0:
        prints.report(line, Mishap.Kind.NEVER_CAME, why="máy in kẹt giấy", by=case.received_by, at=at)
        prints.print_paper(paper, case, by=case.received_by, at=at)


def give_out(case: Case, *, at: datetime) -> None:
    """By who received it: entered in the Ministry's software under our own number, its originals on the next blanks."""
    clerk = case.received_by
    if ministry.waits(case, at=at):
        number = max(case.results.values_list("pk", "number"))[1]
        year = timezone.localtime(case.signed_at).year
        code = f"{case.procedure.book[:4].upper()}-{year}-{number:05}"
        ministry.record(case, number=f"{number}/{year}", code=code, by=clerk, at=at)
    stock.use_next(case, by=clerk, at=at)
    for result in case.results.order_by("pk"):
        _printed(prints.paper_of_result(result), case, at=at)
    ticks = [rule.id for rule in workflow.asked_at(case, Stage.GIVING_OUT)]
    workflow.give_out(case, by=clerk, at=at, to=case.citizen.full_name, confirmed=ticks, inked=True)


def fill_cases(commune: Commune, *, days: int, seed: int, tick: Callable[[], None]) -> None:
    """About one case a working day, most of them in time, and for today one in every state."""
    chance = random.Random(f"{seed}/{commune.code}/cases")
    now = timezone.now()
    with walls.within(commune.pk):
        calendar = calendar_of(commune)
        desk = Day(commune, chance)
    for back in range(days, 0, -1):
        day = timezone.localdate(now) - timedelta(days=back)
        for _ in range(chance.choice((0, 1, 1, 2)) if desk.left > 12 else 0):
            at = _during(day, chance)
            if is_open(at, calendar):
                with walls.within(commune.pk):
                    _whole(desk, at)
        tick()
    with walls.within(commune.pk):
        _today(desk, now, calendar)


def _during(day: object, chance: random.Random) -> datetime:
    hour = chance.choice((7, 8, 8, 9, 9, 10, 13, 14, 14, 15, 16))
    minute = chance.randint(30, 59) if hour in (7, 13) else chance.randint(0, 29)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))  # type: ignore[arg-type]


def _whole(desk: Day, at: datetime) -> None:
    """From receipt to the citizen's hand; one in ten late, one in twenty withdrawn, one in thirty refused."""
    case = desk.receive_for_today(at)
    if case is None:
        return
    fate = desk.chance.random()
    if fate < 0.05:
        workflow.withdraw(case, by=case.received_by, at=at + timedelta(minutes=20), note="Công dân không còn nhu cầu")
        return
    step = timedelta(minutes=desk.chance.randint(4, 15))
    if fate < 0.08:
        workflow.submit_refusal(
            case,
            by=desk.specialists[0],
            at=at + step,
            note="Tình trạng hôn nhân khai khác với dữ liệu, không xác minh được.",
        )
    else:
        desk.submit(case, at + step)
    wait = timedelta(minutes=desk.chance.randint(5, 40)) if fate < 0.9 else timedelta(hours=desk.chance.randint(26, 50))
    signed_at = at + step + wait
    if not desk.sign(case, signed_at):
        why = "Dữ liệu đã thay đổi sau khi tiếp nhận, không còn đủ điều kiện giải quyết."
        workflow.submit_refusal(case, by=desk.specialists[0], at=signed_at + step, note=why)
        desk.sign(case, signed_at + step + step)
    desk.give_out(case, signed_at + step + step + timedelta(minutes=desk.chance.randint(2, 25)))


def _today(desk: Day, now: datetime, calendar: Calendar) -> None:
    """One case in every state, received a little while ago, and one that is late."""
    ago = (200, 95, 80, 60, 45, 30, 20, 12, 5)
    targets = (
        State.GIVEN_OUT,
        State.SIGNED,
        State.WAITING_PAPERS,
        State.WAITING_SIGNATURE,
        State.WAITING_SIGNATURE,
        State.HANDLING,
        State.WITHDRAWN,
        State.RECEIVED,
        State.RECEIVED,
    )
    for minutes, target in zip(ago, targets, strict=True):
        case = desk.receive_for_today(now - timedelta(minutes=minutes))
        if case is not None:
            _bring_to(desk, case, target, now - timedelta(minutes=minutes))
    late = desk.receive_for_today(now - timedelta(days=4, minutes=10))
    if late is not None:
        desk.submit(late, now - timedelta(days=4))


def _bring_to(desk: Day, case: Case, target: State, at: datetime) -> None:
    soon = [at + timedelta(minutes=minutes) for minutes in (1, 2, 3, 4)]
    match target:
        case State.HANDLING:
            workflow.hand_over(case, by=desk.specialists[0], at=soon[0])
        case State.WAITING_PAPERS:
            workflow.ask_for_papers(case, by=desk.specialists[0], at=soon[0], note="Xuất trình lại thẻ căn cước đã đổi")
        case State.WITHDRAWN:
            workflow.withdraw(case, by=case.received_by, at=soon[0], note="Công dân để quên thẻ, hẹn buổi khác")
        case State.WAITING_SIGNATURE:
            desk.submit(case, soon[0])
        case State.SIGNED:
            desk.submit(case, soon[0])
            desk.sign(case, soon[1])
        case State.GIVEN_OUT:
            desk.submit(case, soon[0])
            if desk.sign(case, soon[1]):
                desk.give_out(case, soon[2])
