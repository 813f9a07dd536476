"""The administrator's roster: the week as a grid, a week like another one, who is away and who signs in whose name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from oneshop import roster, rostering
from oneshop.fields import DayField
from oneshop.keys import only
from oneshop.models import Absence, Commune, Counter, Delegation, Deputy, Officer, OpeningHours, Shift
from oneshop.roles import DeskRequest, Role
from oneshop.rostering import RosterRefused
from oneshop.staff import commune_of
from procedures.catalogue import catalogue
from procedures.clock import Calendar, CalendarEnds
from procedures.clock.gaps import Hole
from procedures.opening import calendar_of
from procedures.signing.signers import holes_of

ROSTERED = (Role.SIGNER, Role.SPECIALIST, Role.CLERK)
WEEK = timedelta(days=7)


def _clock(initial: time) -> forms.TimeField:
    return forms.TimeField(
        initial=initial,
        input_formats=["%H:%M", "%Hh%M", "%H"],
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Ghi giờ và phút, ví dụ 07:30."},
    )


class ShiftForm(forms.Form):
    """One officer, one role, one day, from when to when."""

    officer = forms.ModelChoiceField(Officer.objects.none(), label="Cán bộ")
    role = forms.ChoiceField(
        label="Vai trò", choices=[(role.value, role.label) for role in ROSTERED], initial=Role.SIGNER
    )
    on = DayField(label="Ngày")
    starts = _clock(time(7, 30))
    ends = _clock(time(17, 30))
    counter = forms.ModelChoiceField(Counter.objects.none(), label="Quầy", required=False)

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Officer.objects.filter(commune=commune, is_active=True).order_by("full_name")
        self.fields["officer"].queryset = here  # type: ignore[attr-defined]
        self.fields["counter"].queryset = Counter.objects.filter(commune=commune)  # type: ignore[attr-defined]
        self.fields["starts"].label, self.fields["ends"].label = "Từ giờ", "Đến giờ"

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("starts") and answers.get("ends") and answers["starts"] >= answers["ends"]:
            self.add_error("ends", "Giờ kết thúc phải sau giờ bắt đầu.")
        return answers

    @property
    def facts(self) -> dict[str, Any]:
        answers = self.cleaned_data
        return {
            "officer": answers["officer"],
            "role": Role(answers["role"]),
            "starts_at": _moment(answers["on"], answers["starts"]),
            "ends_at": _moment(answers["on"], answers["ends"]),
            "counter": answers["counter"],
        }


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def roster_page(request: DeskRequest) -> HttpResponse:
    """One week, by person or by counter, with the hours nobody can sign in; and the form for one more shift."""
    commune = commune_of(request)
    form = ShiftForm(request.POST or None, commune=commune, initial=_asked_shift(request))
    if request.method == "POST" and form.is_valid():
        try:
            rostering.add_shift(**form.facts, by=request.user, at=timezone.now())
        except RosterRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Đã thêm ca trực.")
            return redirect(_week_href(_monday(form.cleaned_data["on"])))
    monday = _asked_monday(request.GET.get("tuan"))
    by_counter = request.GET.get("theo") == "quay"
    page = {
        **_week(commune, monday, by_counter=by_counter),
        "form": form,
        "by_counter": by_counter,
        "copy_href": f"{reverse('copy_week')}?{urlencode({'den': monday.isoformat()})}",
        "stand_ins_href": reverse("stand_ins"),
    }
    return render(request, "staff/roster.html", page, status=422 if form.is_bound else 200)


def _week(commune: Commune, monday: date, *, by_counter: bool) -> dict[str, Any]:
    first = _moment(monday, time(0))
    days = [monday + timedelta(days=offset) for offset in range(7)]
    shifts = list(roster.week_of(commune, starts_at=first, ends_at=first + WEEK))
    aways = list(Absence.objects.filter(commune=commune, starts_at__lt=first + WEEK, ends_at__gt=first))
    closed = closed_days(calendar_of(commune), days)
    today = timezone.localdate()
    now = timezone.now()
    rows = _by_counter(commune, shifts) if by_counter else _by_person(commune, shifts)
    return {
        "title": f"Tuần {monday:%d/%m} – {days[-1]:%d/%m/%Y}",
        "days": [
            {
                "label": OpeningHours.Weekday(day.weekday()).label,
                "date": f"{day:%d/%m}",
                "is_today": day == today,
                "is_closed": day in closed,
            }
            for day in days
        ],
        "rows": [_row(name, role, officer, row, days, aways, closed) for name, role, officer, row in rows],
        "holes": _hole_words(_holes(commune, first, now)),
        "before_href": _week_href(monday - WEEK, by_counter=by_counter),
        "after_href": _week_href(monday + WEEK, by_counter=by_counter),
        "this_href": "" if monday == _monday(today) else _week_href(_monday(today), by_counter=by_counter),
        "other_way_href": _week_href(monday, by_counter=not by_counter),
    }


def _holes(commune: Commune, first: datetime, now: datetime) -> Sequence[Hole]:
    """Of the week shown what is still to come."""
    since = max(first, now)
    return holes_of(commune.pk, since=since, until=first + WEEK) if since < first + WEEK else ()


def _hole_words(holes: Iterable[Hole]) -> list[str]:
    """`Thứ Ba 24/11, 07:30–11:30, 13:30–17:30: chưa có lãnh đạo ký`, and which procedures if not all lack a signer."""
    days: dict[tuple[date, tuple[str, ...]], list[str]] = {}
    for hole in holes:
        starts, ends = timezone.localtime(hole.starts_at), timezone.localtime(hole.ends_at)
        days.setdefault((starts.date(), hole.procedures), []).append(f"{starts:%H:%M}–{ends:%H:%M}")
    return [
        f"{OpeningHours.Weekday(day.weekday()).label} {day:%d/%m}, {', '.join(hours)}: chưa có lãnh đạo ký"
        + (f" {'; '.join(catalogue()[key].name for key in keys)}." if keys else ".")
        for (day, keys), hours in days.items()
    ]


Line = tuple[str, Role, Officer | None, list[Shift]]


def _by_person(commune: Commune, shifts: Iterable[Shift]) -> list[Line]:
    """Leaders, then specialists, then counters; everybody who could be rostered has a line."""
    here = Officer.objects.filter(commune=commune, is_active=True)
    staff = list(here.select_related("counter").order_by("full_name"))
    known = {officer.pk for officer in staff}
    staff += [shift.officer for shift in shifts if shift.officer_id not in known and not known.add(shift.officer_id)]  # type: ignore[func-returns-value]
    listed = list(shifts)
    return [
        (officer.full_name, role, officer, mine)
        for role in ROSTERED
        for officer in staff
        if (mine := [shift for shift in listed if shift.officer_id == officer.pk and shift.role == role])
        or officer.is_(role)
    ]


def _by_counter(commune: Commune, shifts: Iterable[Shift]) -> list[Line]:
    listed = list(shifts)
    lines: list[Line] = [
        (role.label, role, None, [shift for shift in listed if shift.role == role])
        for role in (Role.SIGNER, Role.SPECIALIST)
    ]
    clerks = [shift for shift in listed if shift.role == Role.CLERK]
    for counter in Counter.objects.filter(commune=commune).order_by("name"):
        at_it = [shift for shift in clerks if (shift.counter_id or shift.officer.counter_id) == counter.pk]
        lines.append((counter.name, Role.CLERK, None, at_it))
    return lines


def _row(
    name: str,
    role: Role,
    officer: Officer | None,
    shifts: Sequence[Shift],
    days: Sequence[date],
    aways: Sequence[Absence],
    closed: frozenset[date],
) -> dict[str, Any]:
    cells = []
    for day in days:
        begins, ends = _moment(day, time(0)), _moment(day + timedelta(days=1), time(0))
        mine = [row for row in aways if officer and row.officer_id == officer.pk]
        away = [row for row in mine if row.starts_at < ends and row.ends_at > begins]
        asked = {"tuan": _monday(day).isoformat(), "ngay": day.isoformat(), "vai": role.value}
        cells.append(
            {
                "is_closed": day in closed,
                "away": away[0].reason if away else "",
                "shifts": [
                    {
                        "hours": _hours(shift),
                        "who": "" if officer else shift.officer.full_name,
                        "where": shift.counter.name
                        if officer and shift.counter and shift.counter_id != officer.counter_id
                        else "",
                        "href": reverse("shift", args=[shift.pk]),
                        "label": f"{shift.officer.full_name}, {_hours(shift)} {day:%d/%m}: sửa hoặc bỏ ca",
                    }
                    for shift in shifts
                    if shift.starts_at < ends and shift.ends_at > begins
                ],
                "add_href": f"{reverse('roster')}?{urlencode(asked | ({'nguoi': officer.pk} if officer else {}))}#xep",
                "add_label": f"Xếp ca {name} ngày {day:%d/%m}",
            }
        )
    own = f", {officer.counter}" if officer and officer.counter and role == Role.CLERK else ""
    return {"name": name, "role": f"{role.label}{own}" if officer else "", "cells": cells}


def _asked_shift(request: DeskRequest) -> dict[str, Any]:
    """What a cell of the grid asked for."""
    asked = request.GET
    found: dict[str, Any] = {}
    if asked.get("nguoi", "").isdigit():
        found["officer"] = asked["nguoi"]
    if asked.get("vai") in Role.values:
        found["role"] = asked["vai"]
    with suppress(ValueError):
        found["on"] = date.fromisoformat(asked.get("ngay", ""))
    return found


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def shift_page(request: DeskRequest, pk: int) -> HttpResponse:
    """One shift: other hours, another officer or counter, or away with it."""
    commune = commune_of(request)
    shift = get_object_or_404(Shift.objects.select_related("officer", "counter"), pk=pk, commune=commune)
    starts, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    form = ShiftForm(
        request.POST or None,
        commune=commune,
        initial={
            "officer": shift.officer_id,
            "role": shift.role,
            "on": starts.date(),
            "starts": starts.time(),
            "ends": time(23, 59) if ends.date() > starts.date() else ends.time(),
            "counter": shift.counter_id,
        },
    )
    back = _week_href(_monday(starts.date()))
    if request.method == "POST" and form.is_valid():
        try:
            rostering.change_shift(shift, **form.facts, by=request.user, at=timezone.now())
        except RosterRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Đã đổi ca trực.")
            return redirect(back)
    page = {
        "form": form,
        "title": rostering.words_of(shift) if not form.is_bound else "Sửa ca trực",
        "back_href": back,
        "remove_href": reverse("remove_shift", args=[pk]) if shift.ends_at > timezone.now() else "",
    }
    return render(request, "staff/shift.html", page, status=422 if form.is_bound else 200)


@require_POST
@only(Role.ADMINISTRATOR)
def remove_shift(request: DeskRequest, pk: int) -> HttpResponse:
    shift = get_object_or_404(Shift.objects.select_related("officer", "counter"), pk=pk, commune=request.user.commune)
    monday = _monday(timezone.localtime(shift.starts_at).date())
    try:
        rostering.remove_shift(shift, by=request.user, at=timezone.now())
    except RosterRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, "Đã bỏ ca trực.")
    return redirect(_week_href(monday))


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def copy_week(request: DeskRequest) -> HttpResponse:
    """What another week would put into this one, what is left out and why; saved only as it was shown."""
    commune = commune_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    target = _asked_monday(asked.get("den"))
    source = _asked_monday(asked.get("tu")) if asked.get("tu") else target - WEEK
    now = timezone.now()
    closed = closed_days(calendar_of(commune), [target + timedelta(days=offset) for offset in range(7)])
    if request.method == "POST":
        try:
            copied = rostering.copy_week(
                commune, source, target, closed=closed, seen=asked.get("seen", ""), by=request.user, at=now
            )
        except RosterRefused as refused:
            messages.warning(request, refused.sentence)
            return redirect(_copy_href(source, target))
        messages.success(request, f"Đã chép {len(copied.shifts)} ca.")
        return redirect(_week_href(target))
    shown = rostering.week_like(commune, source, target, closed=closed, at=now)
    page = {
        "sources": [
            {
                "label": f"Tuần {monday:%d/%m} – {monday + timedelta(days=6):%d/%m}",
                "href": _copy_href(monday, target),
                "is_chosen": monday == source,
            }
            for monday in (target - WEEK * number for number in (1, 2, 3, 4))
        ],
        "source": source.isoformat(),
        "target": target.isoformat(),
        "source_words": f"{source:%d/%m} – {source + timedelta(days=6):%d/%m}",
        "target_words": f"{target:%d/%m} – {target + timedelta(days=6):%d/%m/%Y}",
        "shifts": [rostering.words_of(shift) for shift in shown.shifts],
        "left_out": shown.left_out,
        "digest": shown.digest,
        "back_href": _week_href(target),
    }
    return render(request, "staff/copy_week.html", page)


# --- away, deputies, delegations ---
class AbsenceForm(forms.Form):
    officer = forms.ModelChoiceField(Officer.objects.none(), label="Ai vắng mặt")
    first = DayField(label="Từ ngày")
    starts = _clock(time(0))
    last = DayField(label="Đến hết ngày")
    ends = _clock(time(23, 59))
    reason = forms.CharField(label="Lý do", max_length=200, error_messages={"required": "Ghi lý do vắng mặt."})

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Officer.objects.filter(commune=commune, is_active=True).order_by("full_name")
        self.fields["officer"].queryset = here  # type: ignore[attr-defined]
        self.fields["starts"].label, self.fields["ends"].label = "lúc", "đến lúc"

    def save(self, by: Officer, at: datetime) -> str:
        answers = self.cleaned_data
        ends_at = _moment(answers["last"], answers["ends"])
        if answers["ends"] == time(23, 59):  # "to the end of that day"
            ends_at = _moment(answers["last"] + timedelta(days=1), time(0))
        officer: Officer = answers["officer"]
        rostering.be_away(
            officer,
            starts_at=_moment(answers["first"], answers["starts"]),
            ends_at=ends_at,
            reason=answers["reason"],
            by=by,
            at=at,
        )
        return f"Đã ghi {officer.full_name} vắng mặt."


class DeputyForm(forms.Form):
    officer = forms.ModelChoiceField(Officer.objects.none(), label="Khi người này vắng")
    deputy = forms.ModelChoiceField(Officer.objects.none(), label="người này thay")
    rank = forms.IntegerField(label="Thứ tự", min_value=1, max_value=9, initial=1)

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("officer", "deputy"):
            here = Officer.objects.filter(commune=commune, is_active=True).order_by("full_name")
            self.fields[name].queryset = here  # type: ignore[attr-defined]

    def save(self, by: Officer, at: datetime) -> str:
        answers = self.cleaned_data
        row = rostering.stand_in(answers["officer"], answers["deputy"], rank=answers["rank"], by=by, at=at)
        return f"Đã ghi {row.deputy.full_name} thay {row.officer.full_name} khi vắng."


class DelegationForm(forms.Form):
    giver = forms.ModelChoiceField(Officer.objects.none(), label="Người giao")
    taker = forms.ModelChoiceField(Officer.objects.none(), label="Người được giao ký")
    lines = forms.CharField(
        label="Dòng chức danh in trên giấy",
        max_length=150,
        help_text="Cách nhau bằng dấu |, như “KT. CHỦ TỊCH|PHÓ CHỦ TỊCH” hoặc “TUQ. CHỦ TỊCH|GIÁM ĐỐC TRUNG TÂM”.",
    )
    document = forms.CharField(
        label="Văn bản giao (số, ngày)", max_length=200, error_messages={"required": "Phải có văn bản."}
    )
    first_day = DayField(label="Từ ngày")
    last_day = DayField(label="Đến hết ngày")
    procedures = forms.MultipleChoiceField(
        label="Chỉ những thủ tục này",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn thủ tục nào: giao tất cả.",
    )

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("giver", "taker"):
            leaders = Officer.objects.filter(commune=commune, is_active=True, roles__contains=[Role.SIGNER])
            self.fields[name].queryset = leaders.order_by("full_name")  # type: ignore[attr-defined]
        keys = [(procedure.key, procedure.name) for procedure in catalogue()]
        self.fields["procedures"].choices = keys  # type: ignore[attr-defined]

    def save(self, by: Officer, at: datetime) -> str:
        row = rostering.delegate(**self.cleaned_data, by=by, at=at)
        return f"Đã ghi {row.taker.full_name} được giao ký đến hết {row.last_day:%d/%m/%Y}."


FORMS: dict[str, Any] = {"vang-mat": AbsenceForm, "thay": DeputyForm, "uy-quyen": DelegationForm}


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def stand_ins(request: DeskRequest) -> HttpResponse:
    """Who is away, who stands in for whom, and who signs in whose name by which paper until when."""
    commune, now = commune_of(request), timezone.now()
    sent = request.POST.get("what", "")
    forms_here = {
        what: form(request.POST if what == sent else None, commune=commune, prefix=what, auto_id=f"{what}_%s")
        for what, form in FORMS.items()
    }
    form = forms_here.get(sent)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            messages.success(request, form.save(request.user, now))
        except RosterRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            return redirect("stand_ins")
    page = {
        "away": forms_here["vang-mat"],
        "deputy": forms_here["thay"],
        "delegation": forms_here["uy-quyen"],
        "absences": [
            {
                "who": row.officer.full_name,
                "when": f"{_when(row.starts_at)} – {_when(row.ends_at)}",
                "why": row.reason,
                "is_now": row.starts_at <= now,
                "end_href": reverse("end_stand_in", args=["vang-mat", row.pk]),
            }
            for row in Absence.objects.filter(commune=commune, ends_at__gt=now).select_related("officer")
        ],
        "deputies": [
            {
                "who": row.officer.full_name,
                "deputy": row.deputy.full_name,
                "rank": row.rank,
                "end_href": reverse("end_stand_in", args=["thay", row.pk]),
            }
            for row in Deputy.objects.filter(commune=commune, until=None)
            .select_related("officer", "deputy")
            .order_by("officer__full_name", "rank")
        ],
        "delegations": [_shown_delegation(row, now) for row in rostering.in_force(commune, on=timezone.localdate(now))],
        "back_href": reverse("roster"),
    }
    return render(request, "staff/stand_ins.html", page, status=422 if request.method == "POST" else 200)


def _shown_delegation(row: Delegation, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    if row.revoked_at is not None:
        standing = f"đã thu hồi {_when(row.revoked_at)}"
    elif row.last_day < today:
        standing = "đã hết hiệu lực"
    elif row.first_day > today:
        standing = "chưa đến ngày"
    else:
        standing = "đang hiệu lực"
    return {
        "giver": row.giver.full_name,
        "taker": row.taker.full_name,
        "lines": row.lines.replace("|", " / "),
        "what": ", ".join(catalogue()[key].name for key in row.procedures if key in catalogue()) or "mọi thủ tục",
        "days": f"{row.first_day:%d/%m/%Y} – {row.last_day:%d/%m/%Y}",
        "document": row.document,
        "standing": standing,
        "end_href": reverse("end_stand_in", args=["uy-quyen", row.pk])
        if row.revoked_at is None and row.last_day >= today
        else "",
    }


@require_POST
@only(Role.ADMINISTRATOR)
def end_stand_in(request: DeskRequest, what: str, pk: int) -> HttpResponse:
    """Back again, a deputy no more, or a delegation revoked: from this moment on."""
    commune, now = commune_of(request), timezone.now()
    match what:
        case "vang-mat":
            absence = get_object_or_404(Absence.objects.select_related("officer"), pk=pk, commune=commune)
            rostering.be_back(absence, by=request.user, at=now)
        case "thay":
            deputies = Deputy.objects.select_related("officer", "deputy")
            rostering.stand_in_no_more(get_object_or_404(deputies, pk=pk, commune=commune), by=request.user, at=now)
        case "uy-quyen":
            rows = Delegation.objects.select_related("giver", "taker")
            rostering.revoke(get_object_or_404(rows, pk=pk, commune=commune), by=request.user, at=now)
        case _:
            raise Http404
    messages.success(request, "Đã thôi từ lúc này.")
    return redirect("stand_ins")


# --- days and weeks ---
def closed_days(calendar: Calendar, days: Iterable[date]) -> frozenset[date]:
    """Of `days` those on which nobody works by a special day; a weekend that is only a weekend may have a shift."""

    def is_closed(day: date) -> bool:
        try:
            resolved = calendar.day(day)
        except CalendarEnds:
            return False
        return bool(resolved.special) and not resolved.works

    return frozenset(day for day in days if is_closed(day))


def _asked_monday(text: str | None) -> date:
    try:
        return _monday(date.fromisoformat(text or ""))
    except ValueError:
        return _monday(timezone.localdate())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week_href(monday: date, *, by_counter: bool = False) -> str:
    asked = {"tuan": monday.isoformat()} | ({"theo": "quay"} if by_counter else {})
    return f"{reverse('roster')}?{urlencode(asked)}"


def _copy_href(source: date, target: date) -> str:
    return f"{reverse('copy_week')}?{urlencode({'tu': source.isoformat(), 'den': target.isoformat()})}"


def _hours(shift: Shift) -> str:
    if shift.ends_at - shift.starts_at == timedelta(days=1):
        return "cả ngày"
    return f"{timezone.localtime(shift.starts_at):%H:%M}–{timezone.localtime(shift.ends_at):%H:%M}"


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
