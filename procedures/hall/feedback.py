"""Feedback that changes the plan: what citizens say after give-out, what officers propose, and the office's answers.

A rating is kept apart from the case (one-stop.md H.3: who answers is kept secret). That a case has answered stands in
one table, what was said in another, and nothing leads from one to the other. Few answers say who gave them: a commune
reads its own only from FEWEST on; the monitoring office reads all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from oneshop import audit, walls
from oneshop.models import Counter, Officer
from oneshop.roles import Role
from procedures.figures import FEWEST
from procedures.models import Case, Heard, Proposal, Rating
from procedures.states import State

ASKED_FOR = timedelta(days=30)
"""So long after give-out an answer is taken."""

ON_TABLET = timedelta(minutes=10)

MARKS = ((5, "Rất hài lòng"), (4, "Hài lòng"), (3, "Bình thường"), (2, "Không hài lòng"), (1, "Rất không hài lòng"))
TRIPS = ((1, "1 lần"), (2, "2 lần"), (3, "3 lần trở lên"))
QUESTIONS: Mapping[str, str] = {
    "overall": "Nói chung, ông/bà có hài lòng với lần làm thủ tục này không?",
    "attitude": "Thái độ của cán bộ: lịch sự, tận tình, nhanh nhẹn",
    "on_time": "Thời gian so với giờ hẹn",
    "as_published": "Giấy tờ, phí phải nộp so với điều đã niêm yết",
    "trips": "Ông/bà phải đến mấy lần cho việc này?",
}
"""Five at most; only the first must be answered. Source: Nghị định 61/2018/NĐ-CP Điều 31 (one-stop.md H.3)."""


class FeedbackRefused(Exception):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


# --- citizens ---
def may_rate(case: Case, *, at: datetime) -> bool:
    """Whether this case's citizen is asked: the result is in the hand, not long ago, and no answer came yet."""
    given = case.where == State.GIVEN_OUT and case.given_out_at is not None and case.given_out_at > at - ASKED_FOR
    return given and not Heard.objects.filter(case=case).exists()


def rate(case: Case, *, at: datetime, overall: int, comment: str = "", **marks: int | None) -> None:
    """Keep what was said. Raises FeedbackRefused for a case that is not asked, or has answered."""
    if not may_rate(case, at=at):
        raise FeedbackRefused("Hồ sơ này đã được đánh giá, hoặc chưa đến lúc đánh giá. Cảm ơn ông/bà.")
    try:
        with transaction.atomic():
            Heard.objects.create(commune_id=case.commune_id, case=case)
            Rating.objects.create(
                commune_id=case.commune_id,
                procedure_key=case.procedure_key,
                week=week_of(timezone.localdate(at)),
                overall=overall,
                comment=comment.strip()[:500],
                **{name: mark for name, mark in marks.items() if name in QUESTIONS},
            )
    except IntegrityError as twice:
        raise FeedbackRefused("Hồ sơ này đã được đánh giá. Cảm ơn ông/bà.") from twice


def newest_given_out(counter: Counter, *, at: datetime) -> Case | None:
    """For the tablet: the last result given out at this counter within ten minutes, if its citizen has not answered."""
    given = Case.objects.here(counter.commune_id).filter(
        counter=counter, state=State.GIVEN_OUT, given_out_at__gt=at - ON_TABLET, given_out_at__lte=at
    )
    last: Case | None = given.order_by("-given_out_at", "-pk").first()
    return last if last is not None and may_rate(last, at=at) else None


@dataclass(frozen=True)
class Opinion:
    """How a question was answered: how often each mark."""

    question: str
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.counts)


def opinions(ratings: Q) -> list[Opinion]:
    """All five questions in one query; `ratings` chooses which, the walls of which communes."""
    scales = {name: TRIPS if name == "trips" else MARKS for name in QUESTIONS}
    counted = Rating.objects.filter(ratings).aggregate(
        **{
            f"{name}_{mark}": Count("pk", filter=Q(**{name: mark}))
            for name, scale in scales.items()
            for mark, _ in scale
        }
    )
    return [
        Opinion(words, tuple((label, counted[f"{name}_{mark}"]) for mark, label in scales[name]))
        for name, words in QUESTIONS.items()
    ]


def enough(commune_id: int, since: date, until: date) -> bool:
    """Whether a commune may read its own answers of these weeks: fewer would say who gave them."""
    return Rating.objects.filter(commune=commune_id, week__gte=since, week__lt=until).count() >= FEWEST


# --- officers ---
def propose(kind: Proposal.Kind, text: str, *, procedure_key: str = "", by: Officer, at: datetime) -> Proposal:
    """A word of an officer to the monitoring office, signed with the name. Raises FeedbackRefused without a commune."""
    if by.commune_id is None:
        raise FeedbackRefused("Cán bộ của xã góp ý ở đây.")
    with transaction.atomic():
        made: Proposal = Proposal.objects.create(
            commune_id=by.commune_id, kind=kind, procedure_key=procedure_key, text=text, by=by, at=at
        )
        audit.record("propose", "proposal", made.pk, by=by, at=at)
    return made


def answer(found: Rating | Proposal, text: str, *, by: Officer, at: datetime) -> None:
    """The monitoring office's word, once. Raises FeedbackRefused for another role and for a second answer."""
    if not by.is_(Role.MONITOR):
        raise FeedbackRefused("Cơ quan theo dõi trả lời.")
    kind = type(found)
    with transaction.atomic(), walls.within(found.commune_id, reads_all=True, officer_id=by.pk):
        mine = kind.objects.filter(pk=str(found.pk), answered_at=None)
        if not mine.update(answer=text, answered_at=at, answered_by=by):
            raise FeedbackRefused("Đã có trả lời.")
        name = "rating" if kind is Rating else "proposal"
        audit.record("answer", name, found.pk, by=by, at=at, why=text, commune_id=found.commune_id)


def unanswered() -> dict[tuple[str, str], int]:
    """How many comments and proposals wait for the office, by kind (`comment`, `proposal`) and procedure."""
    waiting = {"comment": Rating.objects.exclude(comment=""), "proposal": Proposal.objects.all()}
    return {
        (kind, key): number
        for kind, rows in waiting.items()
        for key, number in rows.filter(answered_at=None)
        .order_by()
        .values_list("procedure_key")
        .annotate(number=Count("pk"))
    }
