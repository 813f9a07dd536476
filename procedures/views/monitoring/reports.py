"""The reports that the monitoring office sends: seen, printed, taken along as a spreadsheet, and frozen when sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from oneshop import audit
from oneshop.fields import DayField
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from oneshop.workbook import Leaf, workbook
from procedures import papers
from procedures.boards import index766, pilot, statutory
from procedures.catalogue import catalogue
from procedures.frozen import freeze
from procedures.models import Report
from procedures.papers.printing import Sheet
from procedures.views.desks.reception import pdf
from procedures.views.monitoring.offers import served


@dataclass(frozen=True)
class ReportForm:
    """One form that is sent: what it is called, how it is filled, on which paper it is printed."""

    kind: Report.Kind
    slug: str
    title: str
    file: str
    paper: str
    columns: Sequence[str]
    rows: Callable[[date, date], tuple[list[dict[str, Any]], bool]]
    widths: Sequence[int]
    usual: Callable[[date], tuple[date, date]]


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TABLE = 400_000  # letters of HTML; five communes of seven procedures are far below


class PeriodForm(forms.Form):
    since = DayField(label="Từ ngày")
    until = DayField(label="Đến hết ngày")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("since") and answers.get("until") and answers["since"] > answers["until"]:
            self.add_error("until", "Ngày cuối phải sau ngày đầu.")
        return answers


class ExportForm(PeriodForm):
    purpose = forms.CharField(
        label="Tải bảng tính để làm gì", max_length=200, error_messages={"required": "Ghi rõ để làm gì."}
    )


def quarter_of(day: date) -> tuple[date, date]:
    """The quarter before the one of `day`: what is reported in the days after it ended."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    until = first - timedelta(days=1)
    return date(until.year, 3 * ((until.month - 1) // 3) + 1, 1), until


def month_of(day: date) -> tuple[date, date]:
    """The month before the one of `day`."""
    until = day.replace(day=1) - timedelta(days=1)
    return until.replace(day=1), until


def _statutory_rows(since: date, until: date) -> tuple[list[dict[str, Any]], bool]:
    """A group a commune, a line a procedure, the sum of all last; whether the columns add up."""
    found = statutory.lines(since, until)
    groups = [
        (
            commune.name_on(until).full,
            [(procedure.name, found.get((commune.pk, procedure.key), statutory.NOTHING)) for procedure in catalogue()],
        )
        for commune in served()
    ]
    rows = [
        {"number": number, "name": name, "figures": list(line.figures), "is_sum": is_sum}
        for number, name, line, is_sum in statutory.sheet_rows(groups)
    ]
    return rows, all(line.adds_up for line in found.values())


def _pilot_rows(since: date, until: date) -> tuple[list[dict[str, Any]], bool]:
    return pilot.rows(served(), since, until), True


FORMS = {
    form.slug: form
    for form in (
        ReportForm(
            Report.Kind.STATUTORY,
            "ii-06a",
            "Biểu số II.06a/VPCP/KSTT",
            "II-06a",
            "reports/statutory.html",
            statutory.COLUMNS,
            _statutory_rows,
            (6, 48, *[12] * 11),
            quarter_of,
        ),
        ReportForm(
            Report.Kind.PILOT,
            "thi-diem",
            "Báo cáo thủ tục không giấy tờ",
            "khong-giay-to",
            "reports/pilot.html",
            pilot.COLUMNS,
            _pilot_rows,
            (6, 40, *[16] * (len(pilot.COLUMNS) - 2)),
            month_of,
        ),
    )
}


@require_GET
@only(Role.MONITOR)
def report(request: DeskRequest, form_slug: str = "ii-06a") -> HttpResponse:
    """A form of a period, of all communes; what was sent before stands below as it was sent."""
    chosen = _form(form_slug)
    since, until = chosen.usual(timezone.localdate())
    asked = "since" in request.GET
    form = PeriodForm(request.GET if asked else None, initial={"since": since, "until": until})
    if asked and form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    page = report_facts(chosen, since, until) | {
        "chosen": chosen,
        "forms": [(one.title, reverse("report", args=[one.slug]), one is chosen) for one in FORMS.values()],
        "form": form,
        "export_form": ExportForm(initial={"since": since, "until": until}, auto_id="export-%s"),
        "period": f"?since={since:%d/%m/%Y}&until={until:%d/%m/%Y}",
        "sent": [
            {
                "name": f"{row.since:%d/%m/%Y}–{row.until:%d/%m/%Y}",
                "when": f"{row.by}, {timezone.localtime(row.at):%H:%M %d/%m/%Y}",
                "href": reverse("sent_report", args=[row.pk]),
            }
            for row in Report.objects.filter(commune=None, kind=chosen.kind)
            .select_related("by")
            .defer("pdf", "facts")[:40]
        ],
    }
    return render(request, "monitor/report.html", page, status=422 if asked and not form.is_valid() else 200)


def _form(slug: str) -> ReportForm:
    if slug not in FORMS:
        raise Http404
    return FORMS[slug]


def report_facts(chosen: ReportForm, since: date, until: date) -> dict[str, Any]:
    """What the form prints."""
    rows, adds_up = chosen.rows(since, until)
    return {"since": since, "until": until, "columns": list(chosen.columns), "rows": rows, "adds_up": adds_up}


def _period(request: DeskRequest, data: Any) -> tuple[date, date] | None:
    form = PeriodForm(data)
    if form.is_valid():
        return form.cleaned_data["since"], form.cleaned_data["until"]
    messages.warning(request, "Chọn lại kỳ báo cáo.")
    return None


@require_GET
@only(Role.MONITOR)
def report_paper(request: DeskRequest, form_slug: str = "ii-06a") -> HttpResponse:
    """The form as a paper, to be signed by who made it; not kept until it is sent."""
    chosen = _form(form_slug)
    if (period := _period(request, request.GET)) is None:
        return redirect("report", chosen.slug)
    audit.record("print", "report", f"{chosen.kind}/{period[0]}/{period[1]}", by=request.user, at=timezone.now())
    return pdf(_sheet(chosen, *period).pdf, f"{chosen.file}-{period[0]}-{period[1]}.pdf")


def _sheet(chosen: ReportForm, since: date, until: date) -> Sheet:
    return papers.render(chosen.paper, _frame(report_facts(chosen, since, until)), longest=LONGEST_TABLE)


def _frame(facts: dict[str, Any]) -> dict[str, Any]:
    return facts | {
        "head": {"superior": "", "issuer": settings.MONITOR_NAME.upper()},
        "place": settings.MONITOR_PLACE,
        "issued_on": timezone.localdate(),
        "draft": False,
        "test": settings.IS_TEST,
    }


@require_POST
@only(Role.MONITOR, asks=True)
def report_table(request: DeskRequest, form_slug: str = "ii-06a") -> HttpResponse:
    """The same as a spreadsheet; what for is written down with the number of its rows (S-28)."""
    chosen = _form(form_slug)
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Ghi rõ tải bảng tính để làm gì.")
        return redirect("report", chosen.slug)
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    facts = report_facts(chosen, since, until)
    rows = [[row["number"], row["name"], *row["figures"]] for row in facts["rows"]]
    audit.record(
        "export",
        "report",
        f"{chosen.kind}/{since}/{until}/{len(rows)}",
        by=request.user,
        at=timezone.now(),
        why=form.cleaned_data["purpose"],
    )
    heading = [chosen.title, f"Từ {since:%d/%m/%Y} đến hết {until:%d/%m/%Y}"]
    leaf = Leaf(str(chosen.kind), facts["columns"], rows, heading, list(chosen.widths))
    answer = HttpResponse(workbook([leaf]), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{chosen.file}-{since}-{until}.xlsx"'
    return answer


@require_POST
@only(Role.MONITOR)
def send_report(request: DeskRequest, form_slug: str = "ii-06a") -> HttpResponse:
    """Freeze the report of a period as sent: what is corrected later does not change it."""
    chosen = _form(form_slug)
    if (period := _period(request, request.POST)) is None:
        return redirect("report", chosen.slug)
    since, until = period
    now = timezone.now()
    if until >= timezone.localdate(now):
        messages.warning(request, "Kỳ báo cáo chưa kết thúc.")
        return redirect("report", chosen.slug)
    sheet = _sheet(chosen, since, until)
    row = Report.objects.create(
        kind=chosen.kind,
        since=since,
        until=until,
        facts=freeze(report_facts(chosen, since, until)),
        pdf=sheet.pdf,
        sha256=sheet.sha256,
        by=request.user,
        at=now,
    )
    audit.record("send", "report", row.pk, by=request.user, at=now, why=str(row))
    messages.success(request, "Đã chốt báo cáo. Bản đã gửi giữ nguyên, không đổi theo số liệu sau này.")
    return redirect("report", chosen.slug)


@require_GET
@only(Role.MONITOR)
def sent_report(request: DeskRequest, pk: int) -> HttpResponse:
    """The bytes that were sent."""
    row = get_object_or_404(Report, pk=pk, commune=None)
    file = next(form.file for form in FORMS.values() if form.kind == row.kind)
    return pdf(bytes(row.pdf), f"{file}-{row.since}-{row.until}.pdf")


# --- index 766 ---
@require_GET
@only(Role.MONITOR)
def index_766(request: DeskRequest) -> HttpResponse:
    """The index by its groups: of all and of each commune; what is not measured says why."""
    since, until = month_of(timezone.localdate())
    asked = "since" in request.GET
    form = PeriodForm(request.GET if asked else None, initial={"since": since, "until": until})
    if asked and form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    communes = served()
    page = {
        "since": since,
        "until": until,
        "form": form,
        "communes": [commune.name_on(until).full for commune in communes],
        "groups": index766.lines(since, until, [commune.pk for commune in communes]),
    }
    return render(request, "monitor/index766.html", page, status=422 if asked and not form.is_valid() else 200)
