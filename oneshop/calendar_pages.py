"""The administrator's calendar: hours, days that differ, official plans; each is tried out before it is saved."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop.fields import DayField
from oneshop.keys import only
from oneshop.models import CalendarChange, CalendarVersion, Commune, OpeningHours
from oneshop.roles import DeskRequest, Role
from oneshop.staff import commune_of
from procedures import workflow
from procedures.opening import calendar_of, rows_of_version, version_of
from procedures.views.shown import moment
from procedures.workflow.calendar_changes import (
    LONGEST_PLAN,
    Change,
    DryRun,
    LooksDifferent,
    NewHours,
    PlanUnreadable,
    plan_from,
)

SESSION = re.compile(r"(\d{1,2})[:h](\d{2})\s*[-–]\s*(\d{1,2})[:h](\d{2})")


class DayChangeForm(forms.ModelForm):  # type: ignore[type-arg]
    on = DayField(label="Ngày")
    makes_up = DayField(label="Làm bù cho ngày", required=False)

    class Meta:
        model = CalendarChange
        fields = ("on", "kind", "opens", "closes", "makes_up", "reason", "document")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        extra = answers.get("kind") == CalendarChange.Kind.EXTRA
        opens, closes = answers.get("opens"), answers.get("closes")
        if extra and not (opens and closes):
            self.add_error("opens", "Làm thêm ca: ghi giờ bắt đầu và giờ kết thúc.")
        elif (opens or closes) and not (opens and closes and opens < closes):
            self.add_error("closes", "Ghi cả giờ bắt đầu và giờ kết thúc, kết thúc sau bắt đầu.")
        return answers

    def change(self) -> Change:
        row: CalendarChange = self.save(commit=False)
        return Change(f"{row.get_kind_display()} {row.on:%d/%m/%Y}: {row.reason}", row.document, days=(row,))


class HoursForm(forms.Form):
    """From a day on these weekdays have these sessions."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Các thứ", choices=OpeningHours.Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    sessions = forms.CharField(
        label="Giờ làm việc",
        max_length=100,
        required=False,
        help_text="Như 07:30–11:30, 13:30–17:30. Để trống: nghỉ.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    only_receives = forms.CharField(
        label="Giờ chỉ tiếp nhận",
        max_length=100,
        required=False,
        help_text="Quầy mở nhưng không tính vào giờ giải quyết.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_from = DayField(label="Áp dụng từ ngày")
    document = forms.CharField(
        label="Văn bản", max_length=200, error_messages={"required": "Ghi văn bản quy định giờ."}
    )

    def clean_sessions(self) -> list[tuple[time, time]]:
        return _sessions(self.cleaned_data["sessions"])

    def clean_only_receives(self) -> list[tuple[time, time]]:
        return _sessions(self.cleaned_data["only_receives"])

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError("Giờ mở cửa đã qua không đổi được: áp dụng từ hôm nay trở đi.")
        return day

    def change(self) -> Change:
        answers = self.cleaned_data
        sessions = [(opens, closes, True) for opens, closes in answers["sessions"]]
        sessions += [(opens, closes, False) for opens, closes in answers["only_receives"]]
        names = ", ".join(OpeningHours.Weekday(day).label for day in answers["weekdays"])
        words = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes, _ in sessions) or "nghỉ"
        return Change(
            f"Giờ mở cửa {names} từ {answers['valid_from']:%d/%m/%Y}: {words}",
            answers["document"],
            hours=NewHours(tuple(answers["weekdays"]), tuple(sessions), answers["valid_from"]),
        )


def _sessions(text: str) -> list[tuple[time, time]]:
    found = []
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        match = SESSION.fullmatch(part.strip())
        try:
            if match is None:
                raise ValueError
            hours = [int(number) for number in match.groups()]
            opens, closes = time(hours[0], hours[1]), time(hours[2], hours[3])
            if opens >= closes:
                raise ValueError
        except ValueError as error:
            raise forms.ValidationError("Ghi giờ như 07:30–11:30, các buổi cách nhau bằng dấu phẩy.") from error
        found.append((opens, closes))
    return found


class PlanForm(forms.Form):
    """The official plan of a year, as the text of its file."""

    plan = forms.CharField(max_length=LONGEST_PLAN, strip=False, widget=forms.HiddenInput)

    def clean_plan(self) -> str:
        text: str = self.cleaned_data["plan"]
        try:
            self.year, self.rows = plan_from(text)
        except PlanUnreadable as unreadable:
            raise forms.ValidationError(unreadable.sentence) from unreadable
        return text

    def change(self) -> Change:
        documents = sorted({row.document for row in self.rows})
        return Change(f"Kế hoạch nghỉ lễ năm {self.year}: {len(self.rows)} ngày", documents[0], days=self.rows)


class PlanFileForm(forms.Form):
    file = forms.FileField(
        label="Tệp CSV",
        help_text="Các cột: date, name_vi, kind, source, estimated, makes_up.",
        error_messages={"required": "Chọn tệp kế hoạch."},
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > LONGEST_PLAN:
            raise forms.ValidationError("Tệp lớn hơn 200 KB: không phải kế hoạch nghỉ của một năm.")
        try:
            text: str = file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("Lưu tệp ở dạng CSV UTF-8 rồi chọn lại.") from error
        return text


FORMS: dict[str, Any] = {"ngay": DayChangeForm, "gio": HoursForm, "ke-hoach": PlanForm}


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def calendar_page(request: DeskRequest) -> HttpResponse:
    """The week's hours and the days that differ, each with its document; a POST saves what was tried out."""
    commune = commune_of(request)
    if request.method == "GET":
        return _shown(request, commune)
    what = request.POST.get("what", "ngay")
    form = FORMS.get(what, DayChangeForm)(request.POST)
    if not form.is_valid():
        return _shown(request, commune, status=422, **{what: form})
    try:
        saved = workflow.change_calendar(
            commune, form.change(), by=request.user, at=timezone.now(), seen=request.POST.get("seen", "")
        )
    except LooksDifferent as different:
        return _preview(request, commune, what, form, trouble=different.sentence, status=422)
    except workflow.NotAllowed as refused:
        form.add_error(None, refused.sentence)
        return _shown(request, commune, status=422, **{what: form})
    messages.success(request, f"Đã ghi lịch số {saved.number}: {saved.what}.")
    return redirect("calendar")


@require_GET
@only(Role.ADMINISTRATOR)
def calendar_preview(request: DeskRequest) -> HttpResponse:
    """What a change of a day or of the hours would do to open cases; nothing is saved."""
    commune = commune_of(request)
    what = request.GET.get("what", "ngay")
    if what not in ("ngay", "gio"):
        return redirect("calendar")
    form = FORMS[what](request.GET)
    if not form.is_valid():
        return _shown(request, commune, status=422, **{what: form})
    return _preview(request, commune, what, form)


@require_POST
@only(Role.ADMINISTRATOR, asks=True)
def plan_preview(request: DeskRequest) -> HttpResponse:
    """The days of an official plan and what they would do; nothing is saved."""
    commune = commune_of(request)
    upload = PlanFileForm(request.POST, request.FILES)
    if not upload.is_valid():
        return _shown(request, commune, upload=upload, status=422)
    form = PlanForm({"plan": upload.cleaned_data["file"]})
    if not form.is_valid():
        for error in form.errors["plan"]:
            upload.add_error("file", error)
        return _shown(request, commune, upload=upload, status=422)
    return _preview(request, commune, "ke-hoach", form)


def _preview(
    request: DeskRequest, commune: Commune, what: str, form: Any, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    change = form.change()
    try:
        run = workflow.dry_run(commune, change)
    except workflow.NotAllowed as refused:
        form.add_error(None, refused.sentence)
        return _shown(request, commune, status=422, **{what: form})
    page = {
        "what": change.what,
        "document": change.document,
        "trouble": trouble,
        **_shown_run(run),
        "days": [
            {"day": f"{row.on:%d/%m/%Y}", "what": row.get_kind_display(), "why": row.reason}
            for row in change.days
            if len(change.days) > 1
        ],
        "hidden": _hidden(form, what) | {"seen": run.digest},
        "back_href": reverse("calendar"),
    }
    page["hidden"] = [(name, value) for name, values in page["hidden"].items() for value in _listed(values)]
    return render(request, "staff/calendar_preview.html", page, status=status)


def _hidden(form: Any, what: str) -> dict[str, Any]:
    """What was typed, to be sent again with the confirmation."""
    sent = {
        name: form.data.getlist(name) if hasattr(form.data, "getlist") else form.data.get(name) for name in form.fields
    }
    return {"what": what} | {name: value for name, value in sent.items() if value not in (None, "", [])}


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _shown_run(run: DryRun) -> dict[str, Any]:
    return {
        "moved": [
            {
                "code": row.case.code,
                "old": moment(row.old),
                "new": moment(row.new),
                "is_later": row.new > row.old,
                "slip_differs": row.slip_differs,
            }
            for row in run.moved
        ],
        "to_tell": sum(row.slip_differs for row in run.moved),
        "by_hand": [{"code": case.code, "due": moment(case.due_at)} for case in run.by_hand],
        "paused": run.paused,
    }


def _shown(request: DeskRequest, commune: Commune, *, status: int = 200, **bound: Any) -> HttpResponse:
    version = version_of(commune)
    page = {
        **_rows(
            list(OpeningHours.objects.filter(commune=commune).order_by("weekday", "opens", "valid_from")),
            list(CalendarChange.objects.filter(commune=commune).order_by("-on", "-at")[:60]),
        ),
        "form": bound.get("ngay") or DayChangeForm(),
        "hours_form": bound.get("gio") or HoursForm(auto_id="hours_%s"),
        "plan_form": bound.get("upload") or PlanFileForm(auto_id="plan_%s"),
        "notice": _next_year(commune),
        "version": version,
        "versions": [
            {
                "number": row.number,
                "what": row.what,
                "document": row.document,
                "by": f"{row.by or ''} {timezone.localtime(row.at):%H:%M %d/%m/%Y}".strip(),
                "href": reverse("calendar_version", args=[row.number]),
            }
            for row in CalendarVersion.objects.filter(commune=commune).select_related("by").defer("rows")[:20]
        ],
    }
    return render(request, "staff/calendar.html", page, status=status)


def _rows(hours: list[OpeningHours], changes: list[CalendarChange]) -> dict[str, Any]:
    return {
        "changes": [
            {
                "day": row.on.strftime("%d/%m/%Y"),
                "what": row.get_kind_display()
                + (f" {row.opens:%H:%M}–{row.closes:%H:%M}" if row.opens and row.closes else "")
                + (f" cho {row.makes_up:%d/%m}" if row.makes_up else ""),
                "why": row.reason,
                "by": row.document,
            }
            for row in changes
        ],
        "hours": _sessions_by_day(hours),
    }


def _sessions_by_day(hours: list[OpeningHours]) -> list[dict[str, Any]]:
    """One line a weekday, kind and span of days: `07:30–11:30, 13:30–17:30`."""
    lines: dict[tuple[Any, ...], list[str]] = {}
    for row in hours:
        same = (row.weekday, row.counts, row.valid_from, row.valid_to, row.document)
        lines.setdefault(same, []).append(f"{row.opens:%H:%M}–{row.closes:%H:%M}")
    return [
        {
            "day": OpeningHours.Weekday(weekday).label,
            "hours": ", ".join(sessions),
            "counts": counts,
            "since": f"từ {since:%d/%m/%Y}" + (f" đến {until:%d/%m/%Y}" if until else ""),
            "document": document,
        }
        for (weekday, counts, since, until, document), sessions in lines.items()
    ]


@require_GET
@only(Role.ADMINISTRATOR)
def calendar_version(request: DeskRequest, number: int) -> HttpResponse:
    """How the calendar read under an earlier number."""
    commune = commune_of(request)
    found = get_object_or_404(CalendarVersion.objects.select_related("by"), commune=commune, number=number)
    hours, changes = rows_of_version(found)
    page = {
        "number": number,
        "what": found.what,
        "document": found.document,
        "when": f"{timezone.localtime(found.at):%H:%M %d/%m/%Y}",
        "by": str(found.by or ""),
        **_rows(hours, sorted(changes, key=lambda row: row.on, reverse=True)),
        "back_href": reverse("calendar"),
    }
    return render(request, "staff/calendar_version.html", page)


def _next_year(commune: Commune) -> str:
    """Said from October on: without the plan of the next year no due time can be promised in its first days."""
    today = timezone.localdate()
    following = today.year + 1
    if today.month < 10:
        return ""
    calendar = calendar_of(commune)
    if following not in calendar.years:
        return f"Chưa có lịch nghỉ năm {following}: hồ sơ nhận cuối năm sẽ không tính được giờ hẹn."
    if any(day.estimated and day.on.year == following for day in calendar.days):
        return f"Lịch nghỉ năm {following} còn dự kiến: nhập lịch chính thức khi được công bố."
    return ""
