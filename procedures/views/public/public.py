"""What anyone may see: the procedures, how far a case is. No log-in, no JavaScript."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from citizens.models import Citizen
from oneshop import audit, walls
from oneshop.models import Commune, Entry
from procedures import looks
from procedures.checking.public_link import LENGTH, clean_token
from procedures.forms import LastFourForm, LookCodeForm
from procedures.hall import feedback, noticeboard
from procedures.models import Case, Correction
from procedures.states import State
from procedures.views.public.doors import counted, quiet
from procedures.views.shown import moment

TRIES, TRIES_WINDOW = 5, timedelta(hours=1)

STAGES = ("Tiếp nhận", "Giải quyết", "Ký duyệt", "Trả kết quả")
STAGE_OF = {
    State.RECEIVED: 1,
    State.HANDLING: 2,
    State.WAITING_PAPERS: 2,
    State.WAITING_SIGNATURE: 3,
    State.SIGNED: 4,
    State.GIVEN_OUT: 4,
    State.WITHDRAWN: 0,
    State.REJECTED: 0,
    State.WAITING_REVIEW: 2,
    State.STOPPED: 0,
}
SENTENCES = {
    State.RECEIVED: ("Hồ sơ đã được tiếp nhận.", "Công chức chuyên môn sẽ xem xét hồ sơ."),
    State.HANDLING: ("Hồ sơ đang được giải quyết.", "Khi xong, hồ sơ được trình lãnh đạo ký."),
    # in general words: what is reviewed would name the procedure
    State.WAITING_REVIEW: ("Hồ sơ đang chờ đến kỳ giải quyết.", "Ông/bà chưa phải làm gì; có kết quả xã sẽ báo."),
    State.STOPPED: ("Hồ sơ đã dừng giải quyết.", "Mời ông/bà đến quầy để được giải thích."),
    State.WAITING_PAPERS: ("Hồ sơ đang chờ bổ sung.", "Mời ông/bà đến quầy để bổ sung; thời hạn tạm dừng."),
    State.WAITING_SIGNATURE: ("Hồ sơ đang chờ lãnh đạo ký.", "Sau khi ký, kết quả được trả tại quầy."),
    State.SIGNED: ("Đã có kết quả.", "Mời ông/bà đến quầy nhận kết quả; mang theo thẻ căn cước."),
    State.GIVEN_OUT: ("Đã trả kết quả.", "Hồ sơ đã hoàn thành."),
    State.WITHDRAWN: ("Hồ sơ đã được rút theo yêu cầu.", "Muốn làm lại, mời ông/bà nộp hồ sơ mới."),
    State.REJECTED: (
        "Hồ sơ không được tiếp nhận.",
        "Lý do ghi trên phiếu đã trao; mời ông/bà đến quầy để được hướng dẫn.",
    ),
}


STANDS_STILL = (State.WAITING_PAPERS, State.WAITING_REVIEW)


def missing(request: HttpRequest) -> HttpResponse:
    """One answer for every link that leads nowhere: unknown, withdrawn, malformed look the same (S-30)."""
    return quiet(render(request, "public/missing.html", status=404))


def commune_of(code: str) -> Commune | None:
    """Whom a printed link names: any commune that issued papers here, a living one before one of the past."""
    served = Commune.objects.filter(code=code, is_served=True)
    return served.order_by(F("closed_on").desc(nulls_first=True)).first()


def token_or_none(text: str) -> str:
    """A token to look for; of what has no such shape one that nobody has, so that both take as long (S-30)."""
    try:
        return clean_token(text)
    except Http404:
        return "0" * LENGTH


@csrf_exempt  # under `no-referrer` a browser sends its form with the origin "null"; the form asks and changes nothing
@login_not_required
@require_http_methods(["GET", "POST"])
@counted
def status(request: HttpRequest, commune_code: str, token: str) -> HttpResponse:
    """How far a case is: code, stage, due sentence, next step, counter and hours; no names (decisions.md 9)."""
    commune, clean = commune_of(commune_code), token_or_none(token)
    with walls.within(commune.pk if commune else None):
        here = Case.objects.here(commune.pk if commune else 0)
        case = here.select_related("counter", "citizen").filter(token=clean).first()
        if commune is None or case is None or not case.is_shown(at=timezone.now()):
            return missing(request)
        return quiet(_status(request, commune, case))


def _status(request: HttpRequest, commune: Commune, case: Case) -> HttpResponse:
    now = timezone.now()
    asks_for_looks = "look_code" in request.POST
    if asks_for_looks and (citizen := _opened(request, case, now=now)):
        seen = {"office": _office(commune, ""), "looks": looks.looks_at(citizen, at=now)}
        return render(request, "public/looks.html", seen)
    form = LastFourForm(None if asks_for_looks else request.POST or None)
    knows = matches(case, form, kind="status", now=now)
    page = {
        "office": _office(commune, case.counter.name if case.counter else ""),
        "hours": noticeboard.week_of(commune, timezone.localdate(now)),
        "progress": progress_of(case, now=now),
        "digits_form": form,
        "procedure": case.procedure.name if knows else "",
        "digits_wrong": form.is_bound and not knows,
        "look_code_wrong": asks_for_looks,
        "rate_href": reverse("rate", args=[commune.code, case.token]) if feedback.may_rate(case, at=now) else "",
    }
    return render(request, "public/status.html", page)


NEW_PAPER = ("Có giấy mới của hồ sơ này.", "Mời ông/bà đến quầy nhận giấy, mang theo giấy đã nhận và thẻ căn cước.")
"""Of a case that was given out, and a paper of which was put right since."""


def progress_of(case: Case, *, now: datetime) -> dict[str, Any]:
    """How far a case is, as anyone may see it who holds its slip: no names, no procedure."""
    sentence, next_step = SENTENCES[case.where]
    stage = STAGE_OF[case.where]
    finished = case.where == State.GIVEN_OUT
    if finished and Correction.objects.waiting_to_be_handed().filter(case=case).exists():
        sentence, next_step = NEW_PAPER
    return {
        "code": case.code,
        "stages": [
            (label, "done" if index < stage or finished else "now" if index == stage else "todo", "")
            for index, label in enumerate(STAGES, start=1)
        ],
        "sentence": sentence,
        "due": moment(case.due_at) if case.is_open else "",
        "due_sentence": case.due_sentence if case.is_open and case.where not in STANDS_STILL else "",
        "is_late": case.is_open and case.where != State.WAITING_PAPERS and now > case.due_at,
        "next_step": next_step,
    }


def _opened(request: HttpRequest, case: Case, *, now: datetime) -> Citizen | None:
    """Whose looks the six digits from the counter open, once."""
    form = LookCodeForm(request.POST)
    return looks.opened_by(case, form.cleaned_data["look_code"], at=now) if form.is_valid() else None


def matches(case: Case, form: LastFourForm, *, kind: str, now: datetime) -> bool:
    """Whether the last four digits were given; five wrong tries an hour, then no answer at all (quality.md 10.5)."""
    if not (form.is_bound and form.is_valid()):
        return False
    wrong = {"act": "digits_wrong", "kind": kind, "key": case.code}
    if Entry.objects.filter(commune=case.commune_id, at__gt=now - TRIES_WINDOW, **wrong).count() >= TRIES:
        return False
    matches = str(case.person.get("identity_number", "")).endswith(form.cleaned_data["digits"])
    if not matches:
        audit.record(**wrong, by=None, at=now, commune_id=case.commune_id)
    return matches


def _office(commune: Commune, counter: str) -> str:
    name = commune.name_on(timezone.localdate()).full
    return f"{counter}, {name}" if counter else name
