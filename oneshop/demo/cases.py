"""Sixty days of work, made with the verbs of real work, at the hours real work has."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import ministry, papers, stock, workflow
from procedures.applications import application_for
from procedures.catalogue import catalogue
from procedures.clock import Calendar, is_open
from procedures.models import Case
from procedures.opening import calendar_of
from procedures.rules import Answer
from procedures.states import State

PURPOSES = (
    "bổ sung hồ sơ vay vốn ngân hàng",
    "làm thủ tục mua bán nhà đất",
    "bổ sung hồ sơ xuất khẩu lao động",
    "làm thủ tục chuyển nhượng quyền sử dụng đất",
    "bổ sung hồ sơ xin việc",
)


class Day:
    """One commune at work: who does what, and who has not been served yet."""

    def __init__(self, commune: Commune, chance: random.Random) -> None:
        self.commune, self.chance = commune, chance
        self.procedure = catalogue()["marital_certificate"]
        here = Officer.objects.filter(commune=commune).select_related("commune", "counter").order_by("pk")
        self.clerks = [officer for officer in here if officer.is_(Role.CLERK)]
        self.specialists = [officer for officer in here if officer.is_(Role.SPECIALIST)]
        self.leaders = [officer for officer in here if officer.is_(Role.SIGNER)]
        self.waiting = self._eligible()

    def _eligible(self) -> list[Citizen]:
        """People the records let through without a doubt, in an order of chance."""
        noon = timezone.now()
        people = []
        for citizen in Citizen.objects.kept_by(self.commune.pk).prefetch_related(
            "residences", "marriages", "certificates"
        ):
            if (
                int(citizen.number.serial) < 1000
            ):  # the named samples and edge cases stay free for whoever tries the demo
                continue
            application = application_for(
                self.procedure,
                citizen,
                answers=_answers(citizen, "thử"),
                officer_answers={rule.id: True for rule in self.procedure.rules},
                by=self.clerks[0],
                at=noon,
            )
            if not any(rule.check(application) == Answer.NO and rule.kind != "warn" for rule in self.procedure.rules):
                people.append(citizen)
        self.chance.shuffle(people)
        return people

    def receive(self, at: datetime) -> Case | None:
        if not self.waiting:
            return None
        citizen = self.waiting.pop()
        clerk = self.chance.choice(self.clerks)
        case = workflow.receive(
            self.procedure,
            citizen,
            answers=_answers(citizen, self.chance.choice(PURPOSES)),
            officer_answers={rule.id: True for rule in self.procedure.rules},
            by=clerk,
            at=at,
        )
        if self.chance.random() < 0.3:
            workflow.issue_receipt(case, by=clerk, at=at)
        return case

    def submit(self, case: Case, at: datetime) -> None:
        workflow.submit(case, by=self.chance.choice(self.specialists), at=at)

    def sign(self, case: Case, at: datetime) -> None:
        leader = self.chance.choice(self.leaders)
        seen = papers.digest(papers.drafts_of(case, by=leader, at=at))
        workflow.sign(case, by=leader, at=at, seen=seen)

    def give_out(self, case: Case, at: datetime) -> None:
        give_out(case, at=at)


def give_out(case: Case, *, at: datetime) -> None:
    """By who received it: entered in the Ministry's software under our own number, its originals on the next blanks."""
    clerk = case.received_by
    if ministry.waits(case, at=at):
        number = case.results.order_by("pk")[0].number
        year = timezone.localtime(case.signed_at).year
        code = f"{case.procedure.book[:4].upper()}-{year}-{number:05}"
        ministry.record(case, number=f"{number}/{year}", code=code, by=clerk, at=at)
    stock.use_next(case, by=clerk, at=at)
    workflow.give_out(case, by=clerk, at=at, to=case.citizen.full_name)


def _answers(citizen: Citizen, purpose: str) -> dict[str, object]:
    form = catalogue()["marital_certificate"].Form
    today = timezone.localdate()
    blank = form(person=citizen.as_person(commune_id=citizen.commune_id, on=today), on=today)
    preset = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}
    return {**preset, "purpose_kind": "other", "purpose_text": purpose, "fee": "paid", "copies": 1}


def fill_cases(commune: Commune, *, days: int, seed: int, tick: Callable[[], None]) -> None:
    """About one case a working day, most of them in time, and for today one in every state."""
    chance = random.Random(f"{seed}/{commune.code}/cases")
    now = timezone.now()
    with walls.within(commune.pk):
        calendar = calendar_of(commune)
        desk = Day(commune, chance)
    for back in range(days, 0, -1):
        day = timezone.localdate(now) - timedelta(days=back)
        for _ in range(chance.choice((0, 1, 1, 2)) if len(desk.waiting) > 12 else 0):
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
    case = desk.receive(at)
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
    desk.sign(case, at + step + wait)
    desk.give_out(case, at + step + wait + timedelta(minutes=desk.chance.randint(2, 25)))


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
        case = desk.receive(now - timedelta(minutes=minutes))
        if case is not None:
            _bring_to(desk, case, target, now - timedelta(minutes=minutes))
    late = desk.receive(now - timedelta(days=4, minutes=10))
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
            desk.sign(case, soon[1])
            desk.give_out(case, soon[2])
