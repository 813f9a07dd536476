"""The administrator's pages: people, roster, calendar. The administrator sees no cases."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from oneshop import audit, roster
from oneshop.fields import DayField
from oneshop.keys import only
from oneshop.models import CalendarChange, Commune, Counter, Officer, OpeningHours, Shift
from oneshop.roles import DeskRequest, Role
from procedures.opening import calendar_of

COMMUNE_ROLES = [(role.value, role.label) for role in Role if role != Role.MONITOR]


class OfficerForm(forms.ModelForm):  # type: ignore[type-arg]  # takes its type only in the stubs
    roles = forms.MultipleChoiceField(label="Vai trò", choices=COMMUNE_ROLES, widget=forms.CheckboxSelectMultiple)
    new_password = forms.CharField(
        label="Mật khẩu mới",
        required=False,
        strip=False,
        max_length=128,
        help_text="Ít nhất 12 ký tự. Để trống thì giữ mật khẩu cũ.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Officer
        fields = (
            "full_name",
            "username",
            "position",
            "signs_as",
            "counter",
            "identity_number",
            "email",
            "is_active",
        )

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counter"].queryset = Counter.objects.filter(commune=commune)  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.fields["new_password"].required = True
        else:
            self.fields["roles"].initial = self.instance.roles

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if password := answers.get("new_password"):
            holder = Officer(username=answers.get("username", ""), full_name=answers.get("full_name", ""))
            try:
                validate_password(password, holder)
            except forms.ValidationError as weak:
                self.add_error("new_password", weak)
        return answers

    def save(self, commit: bool = True) -> Officer:
        self.instance.roles = self.cleaned_data["roles"]
        if self.cleaned_data["new_password"]:
            self.instance.set_password(self.cleaned_data["new_password"])
        saved: Officer = super().save(commit)
        return saved


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def people(request: DeskRequest) -> HttpResponse:
    """Who works in the commune, and the form for one more."""
    commune = _commune(request)
    form = OfficerForm(request.POST or None, commune=commune)
    form.instance.commune = commune
    if request.method == "POST" and form.is_valid():
        officer = form.save()
        audit.record("add", "officer", officer.pk, by=request.user, at=timezone.now())
        messages.success(request, f"Đã thêm {officer.full_name}.")
        return redirect("people")
    officers = [
        {
            "name": officer.full_name,
            "username": officer.username,
            "position": officer.position,
            "roles": ", ".join(officer.role_names),
            "counter": officer.counter.name if officer.counter else "",
            "active": officer.is_active,
            "edit_href": reverse("person", args=[officer.pk]),
        }
        for officer in Officer.objects.filter(commune=commune).select_related("counter").order_by("full_name")
    ]
    return render(
        request, "staff/people.html", {"officers": officers, "form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """Change one officer; a role taken away works from the next request on."""
    commune = _commune(request)
    officer = get_object_or_404(Officer, pk=pk, commune=commune)
    form = OfficerForm(request.POST or None, instance=officer, commune=commune)
    if request.method == "POST" and form.is_valid():
        form.save()
        audit.record("change", "officer", pk, by=request.user, at=timezone.now(), why=", ".join(form.changed_data))
        messages.success(request, f"Đã lưu {officer.full_name}.")
        return redirect("people")
    page = {"form": form, "officer": officer.full_name, "back_href": reverse("people")}
    return render(request, "staff/person.html", page, status=422 if form.is_bound else 200)


class ShiftForm(forms.Form):
    """One or several days of one officer's shift."""

    officer = forms.ModelChoiceField(Officer.objects.none(), label="Cán bộ")
    role = forms.ChoiceField(label="Vai trò", choices=COMMUNE_ROLES, initial=Role.SIGNER)
    on = DayField(label="Ngày")
    starts = forms.TimeField(label="Từ giờ", initial=time(7, 30), widget=forms.TimeInput(format="%H:%M"))
    ends = forms.TimeField(label="Đến giờ", initial=time(17, 30), widget=forms.TimeInput(format="%H:%M"))

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Officer.objects.filter(commune=commune, is_active=True).order_by("full_name")
        self.fields["officer"].queryset = here  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("starts") and answers.get("ends") and answers["starts"] >= answers["ends"]:
            self.add_error("ends", "Giờ kết thúc phải sau giờ bắt đầu.")
        officer, role = answers.get("officer"), answers.get("role")
        if officer and role and not officer.is_(Role(role)):
            self.add_error("role", f"{officer.full_name} chưa có vai trò này.")
        return answers


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def roster_page(request: DeskRequest) -> HttpResponse:
    """This week and the next, and the form for one more shift."""
    commune = _commune(request)
    form = ShiftForm(request.POST or None, commune=commune)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        Shift.objects.create(
            commune=commune,
            officer=answers["officer"],
            role=answers["role"],
            starts_at=_moment(answers["on"], answers["starts"]),
            ends_at=_moment(answers["on"], answers["ends"]),
        )
        audit.record("add", "shift", f"{answers['officer'].pk}/{answers['on']}", by=request.user, at=timezone.now())
        messages.success(request, "Đã thêm ca trực.")
        return redirect("roster")
    page = {"week": _fortnight(commune), "form": form}
    return render(request, "staff/roster.html", page, status=422 if form.is_bound else 200)


@require_POST
@only(Role.ADMINISTRATOR)
def remove_shift(request: DeskRequest, pk: int) -> HttpResponse:
    shift = get_object_or_404(Shift, pk=pk, commune=request.user.commune)
    audit.record("remove", "shift", pk, by=request.user, at=timezone.now(), why=str(shift))
    shift.delete()
    return redirect("roster")


def _fortnight(commune: Commune) -> list[dict[str, Any]]:
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    first = _moment(monday, time(0))
    shifts = list(roster.week_of(commune, starts_at=first, ends_at=first + timedelta(days=14)))
    days = []
    for offset in range(14):
        day = monday + timedelta(days=offset)
        lines = [shift for shift in shifts if timezone.localtime(shift.starts_at).date() == day]
        days.append(
            {
                "label": f"{OpeningHours.Weekday(day.weekday()).label} {day:%d/%m}",
                "is_today": day == today,
                "shifts": [
                    {
                        "officer": shift.officer.full_name,
                        "role": shift.get_role_display(),
                        "hours": _hours(shift),
                        "remove_href": reverse("remove_shift", args=[shift.pk]),
                    }
                    for shift in lines
                ],
            }
        )
    return days


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]
    on = DayField(label="Ngày")

    class Meta:
        model = CalendarChange
        fields = ("on", "kind", "opens", "closes", "reason", "document")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        extra = answers.get("kind") == CalendarChange.Kind.EXTRA
        if extra and not (answers.get("opens") and answers.get("closes") and answers["opens"] < answers["closes"]):
            self.add_error("opens", "Làm thêm ca: ghi giờ bắt đầu và giờ kết thúc.")
        return answers


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def calendar_page(request: DeskRequest) -> HttpResponse:
    """The week's hours and the days that differ, each with the document that ordered it."""
    commune = _commune(request)
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        change = form.save(commit=False)
        change.commune, change.by, change.at = commune, request.user, timezone.now()
        change.save()
        calendar_of(commune)  # a row the clock cannot read must not be saved
        audit.record("change", "calendar", f"{change.on}", by=request.user, at=change.at, why=change.document)
        messages.success(request, f"Đã ghi thay đổi lịch ngày {change.on:%d/%m/%Y}.")
        return redirect("calendar")
    changes = [
        {
            "day": row.on.strftime("%d/%m/%Y"),
            "what": row.get_kind_display()
            + (f" {row.opens:%H:%M}–{row.closes:%H:%M}" if row.opens and row.closes else ""),
            "why": row.reason,
            "by": row.document,
        }
        for row in CalendarChange.objects.filter(commune=commune).order_by("-on", "-at")[:60]
    ]
    hours = [
        {
            "day": row.get_weekday_display(),
            "hours": f"{row.opens:%H:%M}–{row.closes:%H:%M}",
            "counts": row.counts,
            "document": row.document,
        }
        for row in OpeningHours.objects.filter(commune=commune).order_by("weekday", "opens")
    ]
    page = {"changes": changes, "hours": hours, "form": form, "notice": _next_year(commune)}
    return render(request, "staff/calendar.html", page, status=422 if form.is_bound else 200)


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


def _hours(shift: Shift) -> str:
    if shift.ends_at - shift.starts_at == timedelta(days=1):
        return "cả ngày"
    return f"{timezone.localtime(shift.starts_at):%H:%M}–{timezone.localtime(shift.ends_at):%H:%M}"


def _commune(request: DeskRequest) -> Commune:
    assert request.user.commune is not None, "administrators belong to a commune"
    return request.user.commune


def _moment(day: Any, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
