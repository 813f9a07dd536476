"""Telling people what happened to their case: once each, never at night, never more than procedure and case code.

A citizen is told by the errands, after the act was committed and only while it is still so: a result that was handed
over at the counter meanwhile needs no message. An officer is told on the screen within the act, and by e-mail too.
Source: NĐ 224/2026 (every change is notified at once); 61/2018 Điều 20 (told before an early return).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone

from oneshop import audit, errands
from oneshop.messengers import Channel, Message, messengers
from oneshop.models import Errand, Officer
from procedures.house_points import NOTICE_FROM, NOTICE_UNTIL, NOTICE_WAITS
from procedures.law.practices import practice
from procedures.models import Case, Correction, Notice, Step, Urge
from procedures.states import OPEN, CorrectionState, State

Occasion = Notice.Occasion

TRIES_A_CHANNEL = 3

TEXTS = {
    Occasion.READY: "Hồ sơ {code} ({procedure}) đã có kết quả. Mời ông/bà đến quầy nhận.",
    Occasion.SUPPLEMENT: "Hồ sơ {code} ({procedure}) cần bổ sung. Mời ông/bà đến quầy, mang theo phiếu đã nhận.",
    Occasion.LATE: "Hồ sơ {code} ({procedure}) chậm hẹn, xin lỗi ông/bà. Giờ hẹn mới xem bằng mã trên giấy hẹn.",
    Occasion.TO_SIGN: "Hồ sơ {code} ({procedure}) chờ ký.",
    Occasion.SENT_BACK: "Hồ sơ {code} ({procedure}) được lãnh đạo trả lại.",
    Occasion.CORRECTED: "Giấy của hồ sơ {code} ({procedure}) đã sửa hoặc thay. Mời ông/bà đến quầy, mang theo giấy cũ.",
}


def is_still_so(occasion: Notice.Occasion, case: Case) -> bool:
    """Whether the occasion stands when the message is about to leave."""
    match occasion:
        case Occasion.READY:
            return case.where == State.SIGNED
        case Occasion.SUPPLEMENT:
            return case.where == State.WAITING_PAPERS
        case Occasion.LATE:
            return case.where in OPEN
        case Occasion.TO_SIGN:
            return case.where == State.WAITING_SIGNATURE or _is_correcting(case, CorrectionState.PROPOSED)
        case Occasion.SENT_BACK:
            return case.where == State.HANDLING or _is_correcting(case, CorrectionState.RETURNED)
        case Occasion.CORRECTED:
            return _is_correcting(case, CorrectionState.SIGNED)
        case Occasion.URGED:
            raise AssertionError("an urge is no occasion of a case")


def _is_correcting(case: Case, state: CorrectionState) -> bool:
    last = Correction.objects.filter(case=case).last()
    return last is not None and last.where == state


def sentence(occasion: Notice.Occasion, case: Case) -> str:
    return TEXTS[occasion].format(code=case.code, procedure=case.procedure.name)


def tell_citizen(occasion: Notice.Occasion, case: Case, step: Step, *, at: datetime) -> None:
    """Owe the citizen a message about `step`, within its transaction. Without telephone and e-mail nothing is owed."""
    if not (case.citizen.telephone or case.citizen.email):
        return
    due_at = at
    if occasion == Occasion.READY:  # most results are handed over within minutes
        minutes = int(practice(NOTICE_WAITS, case.commune_id, timezone.localtime(at).date()))
        due_at += timedelta(minutes=minutes)
    errands.owe(
        "notice", f"{occasion}/{step.pk}", commune_id=case.commune_id, at=at, due_at=due_at, case=case.pk, step=step.pk
    )


def tell_officers(
    occasion: Notice.Occasion, case: Case, step: Step, officers: Iterable[Officer], *, at: datetime
) -> None:
    """Put it on their screens now; who has an e-mail address is written to as well. Not to who did it."""
    for officer in {officer.pk: officer for officer in officers if officer.pk != step.by_id}.values():
        notice, new = Notice.objects.get_or_create(
            commune_id=case.commune_id,
            key=f"{occasion}/{step.pk}/{officer.pk}",
            defaults={
                "case": case,
                "occasion": occasion,
                "officer": officer,
                "channel": Channel.IN_APP,
                "text": sentence(occasion, case),
                "at": at,
            },
        )
        if new and officer.email:
            errands.owe("notice_mail", notice.pk, commune_id=case.commune_id, at=at)


def tell_of_urge(occasion: Notice.Occasion, urge: Urge, officers: Iterable[Officer], *, at: datetime) -> None:
    """Put an urge, or its answer, on the screens of these officers."""
    for officer in officers:
        Notice.objects.get_or_create(
            commune_id=urge.commune_id,
            key=f"{occasion}/{urge.pk}/{officer.pk}",
            defaults={
                "urge": urge,
                "occasion": occasion,
                "officer": officer,
                "channel": Channel.IN_APP,
                "text": f"{occasion.label}: {urge.about}."[:300],
                "at": at,
            },
        )


def settled(occasion: Notice.Occasion, case: Case, *, at: datetime) -> None:
    """What called for somebody has been done: the line is no news any more."""
    Notice.objects.filter(case=case, occasion=occasion, officer__isnull=False, read_at=None).update(read_at=at)


def read(officer: Officer, *, at: datetime) -> int:
    """Everything that stood on the officer's screen has been read; how many lines that were."""
    return Notice.objects.filter(officer=officer, read_at=None).update(read_at=at)


def day_begins(commune_id: int, at: datetime) -> datetime:
    """The next moment at which a message may reach a person: `at` itself by day, else the coming morning."""
    local = timezone.localtime(at)
    first = int(practice(NOTICE_FROM, commune_id, local.date()))
    last = int(practice(NOTICE_UNTIL, commune_id, local.date()))
    if first <= local.hour < last:
        return at
    morning = local.date() + timedelta(days=int(local.hour >= last))
    return timezone.make_aware(datetime.combine(morning, time(first)))


@errands.runs("notice")
def send(errand: Errand, *, at: datetime) -> None:
    """Send one message to a citizen by the first way that is set up and known of this person; later by the next."""
    may = day_begins(errand.commune_id, at)
    if may > at:
        raise errands.Later(may)
    case = Case.objects.select_related("citizen", "commune").get(pk=errand.facts["case"], commune=errand.commune_id)
    occasion = Occasion(errand.key.partition("/")[0])
    if not is_still_so(occasion, case):
        return
    ways = [(way, to) for way in messengers().values() if (to := _reached(case, way.channel))]
    if not ways:
        return
    if errand.tries >= TRIES_A_CHANNEL * len(ways):
        raise errands.GivenUp
    way, to = ways[errand.tries // TRIES_A_CHANNEL]
    text = sentence(occasion, case)
    office = f"Một cửa {case.commune.name_on(timezone.localtime(at).date()).full}"
    way.send(to, Message(_key(errand), office, f"{office}: {text}", _parts(case, occasion)))
    Notice.objects.create(
        commune_id=case.commune_id,
        case=case,
        occasion=occasion,
        key=errand.key,
        citizen=case.citizen,
        channel=way.channel,
        text=text,
        at=at,
    )
    audit.record(
        "notify", "case", case.code, by=None, at=at, why=f"{occasion} {way.channel}", commune_id=case.commune_id
    )


@errands.runs("notice_mail")
def send_mail(errand: Errand, *, at: datetime) -> None:
    """The officer's line, by e-mail as well, unless it has been read or is no longer so."""
    notice = Notice.objects.select_related("officer", "case__commune").get(pk=errand.key)
    mail = messengers().get(Channel.EMAIL)
    officer = notice.officer
    assert officer is not None
    if mail is None or notice.case is None or notice.read_at or not officer.email or not officer.is_active:
        return
    if is_still_so(Occasion(notice.occasion), notice.case):
        subject = notice.get_occasion_display()
        mail.send(officer.email, Message(_key(errand), subject, notice.text, {}))


def _reached(case: Case, channel: Channel) -> str:
    return case.citizen.email if channel == Channel.EMAIL else case.citizen.telephone


def _key(errand: Errand) -> str:
    """The same however often it is tried; tells nobody anything."""
    return f"{errand.kind}-{errand.commune_id}-{errand.pk}"


def _parts(case: Case, occasion: Notice.Occasion) -> dict[str, str]:
    return {"code": case.code, "procedure": case.procedure.name, "occasion": occasion.label}
