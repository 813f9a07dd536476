"""The monitoring office: all counters side by side on one scale, worst first with reasons, without persons."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from oneshop.keys import only
from oneshop.models import Commune
from oneshop.roles import DeskRequest, Role
from procedures import figures
from procedures.boards import comparing
from procedures.boards.comparing import CHOICES, Place
from procedures.figures import SMALL, Figure, Value, charts, now
from procedures.figures.charts import Multiples, Series
from procedures.figures.ended import ON_TIME
from procedures.figures.now import Heap
from procedures.models import Case
from procedures.signing.signers import gaps_everywhere
from procedures.views.shown import rows_of, shown_gaps


@require_GET
@only(Role.MONITOR)
def monitor(request: DeskRequest) -> HttpResponse:
    """Every counter on one scale, every commune in numbers, and the cases that are late now, by code (decisions.md 10).

    htmx asks for what changes by the minute; the multiples, of eight weeks, stay.
    """
    at = timezone.now()
    if request.htmx:
        return render(request, "monitor/board.html#rows", _this_minute(at))
    chosen = CHOICES.get(request.GET.get("so", ""), next(iter(CHOICES.values())))
    places = comparing.places(at=at, shown=chosen)
    page = _this_minute(at) | {
        "lead": comparing.needs_a_look(places),
        "multiples": _multiples(chosen, places, at=at),
        "choices": [
            {"name": figure.name, "href": f"?so={key}", "current": figure is chosen} for key, figure in CHOICES.items()
        ],
        "definition": chosen.formula,
    }
    return render(request, "monitor/board.html", page)


def _multiples(figure: Figure, places: list[Place], *, at: datetime) -> Multiples:
    """One small chart a counter, all from zero to the same height."""
    mondays = figures.weeks_until(at)
    top = 1.0 if figure.unit == "%" and figure.more_is_better else None
    measured = [place.values[figure.key] for place in places]
    known = [value.number for place in places for week in place.weeks if (value := week[figure.key]).number is not None]
    highest = top or max([*known, figure.target.value if figure.target else 0], default=0)
    return charts.multiples(
        f"{figure.name}, 8 tuần, từng điểm phục vụ",
        f"{comparing.what_stands_out(figure, places)} Đứng trước: điểm đang có hồ sơ quá hạn, rồi điểm xa các mục tiêu "
        "nhất.",
        [
            Series(
                place.counter.name,
                [week[figure.key].number for week in place.weeks],
                [week[figure.key].said for week in place.weeks],
                value.said,
                charts.Tone.NONE if value.denominator < SMALL else value.tone,
                notes=place.reasons,
                word=_word(value),
                act=("Đôn đốc", _urge(place, figure)),
            )
            for place, value in zip(places, measured, strict=True)
        ],
        weeks=[f"{monday:%d/%m}" for monday in mondays],
        target=figure.target.value if figure.target else None,
        top=highest,
        top_said="100\u00a0%" if top else f"{100 * highest:.0f}\u00a0%" if figure.unit == "%" else f"{highest:.0f}",
    )


def _word(value: Value) -> str:
    """How it stands to its target; few cases are not judged (U-29)."""
    if value.denominator < SMALL:
        return "ít hồ sơ, không xếp hạng" if value.denominator else ""
    return value.tone.word if value.figure.target else ""


def _urge(place: Place, figure: Figure) -> str:
    about = f"{figure.name} tại {place.counter.name}"
    return f"{reverse('new_urge')}?{urlencode({'xa': place.commune.code, 've': about[:100]})}"


def _this_minute(at: datetime) -> dict[str, object]:
    """What lies where, what ended today, and the last 30 days: by the definitions of each commune's own board."""
    lies = now.heaps("commune_id", at=at)
    today, month = (figures.by("commune_id", [ON_TIME], figures.last_days(days, at=at)) for days in (1, 30))
    nothing, nobody = figures.nothing([ON_TIME]), Heap(0, 0, 0)
    communes = list(Commune.objects.filter(is_served=True, closed_on=None).prefetch_related("names", "counters"))
    communes.sort(key=lambda one: (-(heap := lies.get(one.pk, nobody)).overdue, -heap.number, one.code))
    late = Case.objects.overdue(at=at).order_by("due_at").for_monitor()[:40]
    names = {commune.pk: commune.name_on(timezone.localdate(at)).full for commune in communes}
    return {
        "communes": [
            {
                "name": names[commune.pk],
                "counters": len(commune.counters.all()),
                "open": lies.get(commune.pk, nobody).number,
                "overdue": lies.get(commune.pk, nobody).overdue,
                "done_today": today.get(commune.pk, nothing)[ON_TIME.key].denominator,
                "on_time": month.get(commune.pk, nothing)[ON_TIME.key].said,
                "urge_href": f"{reverse('new_urge')}?{urlencode({'xa': commune.code})}",
            }
            for commune in communes
        ],
        "gaps": [{"commune": names[pk], "alerts": shown_gaps(found)} for pk, found in gaps_everywhere(at=at).items()],
        "rows": rows_of(late, at=at, commune_id=None, nameless=True),
    }
