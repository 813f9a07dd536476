"""The monitoring office urges a commune, the commune answers; both stand beside each other with their days."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from oneshop import audit, walls
from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import notices
from procedures.models import Case, Notice, Urge


class UrgeRefused(Exception):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def urge(
    commune: Commune,
    *,
    text: str,
    by: Officer,
    at: datetime,
    answer_by: date,
    case: Case | None = None,
    figure: str = "",
) -> Urge:
    """Write to `commune` about one of its cases or a figure; it answers by the end of a day.

    Raises UrgeRefused for another role, a case of another commune, a day that has passed.
    """
    if not by.is_(Role.MONITOR):
        raise UrgeRefused("Việc này của cơ quan theo dõi.")
    if case is not None and case.commune_id != commune.pk:
        raise UrgeRefused("Hồ sơ này của xã khác.")
    if answer_by < timezone.localtime(at).date():
        raise UrgeRefused("Hạn trả lời đã qua.")
    with transaction.atomic(), walls.within(commune.pk, reads_all=True, officer_id=by.pk):
        made = Urge.objects.create(
            commune=commune, case=case, figure=figure, text=text, by=by, at=at, answer_by=answer_by
        )
        audit.record("urge", "case" if case else "figure", made.about, by=by, at=at, why=text, commune_id=commune.pk)
        answers = Q(roles__contains=[Role.SIGNER]) | Q(roles__contains=[Role.ADMINISTRATOR])
        heads = Officer.objects.filter(answers, commune=commune, is_active=True)
        notices.tell_of_urge(Notice.Occasion.URGED, made, heads, at=at)
        return made


def answer(found: Urge, *, text: str, by: Officer, at: datetime) -> None:
    """The commune's word, once. Raises UrgeRefused for another commune's officer and for a second answer."""
    if by.commune_id != found.commune_id or not (by.is_(Role.SIGNER) or by.is_(Role.ADMINISTRATOR)):
        raise UrgeRefused("Lãnh đạo hoặc quản trị của xã trả lời.")
    with transaction.atomic():
        mine = Urge.objects.filter(pk=found.pk, commune_id=by.commune_id, answered_at=None)
        if not mine.update(answer=text, answered_at=at, answered_by=by):
            raise UrgeRefused("Đã có trả lời.")
        audit.record("answer", "urge", found.pk, by=by, at=at, why=text)


def waits_for_answer(commune_id: int) -> list[Urge]:
    return list(Urge.objects.filter(commune_id=commune_id, answered_at=None).select_related("case").order_by("at"))


def look_at_person(found: Urge, *, purpose: str, by: Officer, at: datetime) -> dict[str, str]:
    """Who a case that is urged on is about: asked for with a purpose, and written down (decisions.md 10).

    Raises UrgeRefused without a purpose, for a figure, and for who did not come from the monitoring office.
    """
    if not by.is_(Role.MONITOR) or found.case is None or not purpose.strip():
        raise UrgeRefused("Chỉ xem người của hồ sơ đang đôn đốc, và ghi rõ để làm gì.")
    with transaction.atomic(), walls.within(found.commune_id, reads_all=True, officer_id=by.pk):
        audit.record("look", "case", found.case.code, by=by, at=at, why=purpose, commune_id=found.commune_id)
    person = found.case.person
    return {"full_name": str(person.get("full_name", "")), "identity_number": str(person.get("identity_number", ""))}
