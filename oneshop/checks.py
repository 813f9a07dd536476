"""At start: every view has its key, every procedure its template, the papers their fonts, production its secrets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from oneshop import retention
from oneshop.hosts import is_public
from procedures import law, rulings
from procedures.catalogue import catalogue
from procedures.house_points import house_points
from procedures.papers import printing
from procedures.rules.points import Point


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address with its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback
        elif isinstance(pattern, URLResolver):
            yield from views(pattern, prefix + str(pattern.pattern))


def opens_to(view: Any) -> tuple[str, ...]:
    """The roles named by `keys.only`, through whatever other decorators stand around it."""
    while view is not None:
        if hasattr(view, "opens_to"):
            return tuple(view.opens_to)
        view = getattr(view, "__wrapped__", None)
    return ()


@register(Tags.security)
def every_view_has_its_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    return [
        Error(f"{address} says neither @only nor @login_not_required", id="oneshop.E001")
        for address, view in views()
        if not is_public(view) and not opens_to(view)
    ]


@register(Tags.security)
def whom_we_call_is_called_by_tls(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Messages and hashes leave the house encrypted, or stay on this machine (V12.2.1)."""
    return [
        Error(f"ONESHOP_{name} must begin with https://, or lead to 127.0.0.1", id="oneshop.E020")
        for name in ("SMS_ADDRESS", "ZALO_ADDRESS", "CSC_ADDRESS", "TSA_ADDRESS")
        if (address := getattr(settings, name)) and not address.startswith(("https://", "http://127.0.0.1:"))
    ]


@register(Tags.templates)
def every_procedure_has_its_template(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    missing: list[CheckMessage] = []
    for procedure in catalogue():
        try:
            get_template(f"results/{procedure.key}.html")
        except TemplateDoesNotExist:
            missing.append(Error(f"{procedure.key} has no template results/{procedure.key}.html", id="oneshop.E002"))
    return missing


@register(Tags.models)
def every_column_has_its_retention(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A new column says how long it is kept and why, or the portal does not start (S-39)."""
    return [Error(f"retention.toml: {fault}", id="oneshop.E006") for fault in retention.unnamed()]


def listed_points() -> list[Point]:
    """Of the house and of every procedure; one that several procedures share stands in each of them."""
    return [*house_points(), *(point for procedure in catalogue() for point in procedure.points)]


@register(Tags.models)
def every_point_is_itself(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A ruling finds its point by key: two points of one key would both obey it. And each default could be ruled."""
    faults: list[CheckMessage] = []
    known: dict[str, Point] = {}
    for point in listed_points():
        if known.setdefault(point.key, point) != point:
            faults.append(Error(f"two points are called {point.key}", id="oneshop.E007"))
        if point.fault(point.value) or point.meant(point.value) != point.value:
            faults.append(Error(f"{point.key}: {point.value!r} is no {point.sort}", id="oneshop.E008"))
    return faults


@register(Tags.models)
def the_law_stands_in_the_order_of_its_days(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    return [Error(fault, id="oneshop.E009") for procedure in catalogue() for fault in law.faults(procedure)]


@register(Tags.database)
def every_ruling_finds_its_point(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Asked where a database is named (`check --database default`, `up`): what a commune has decided acts no more."""
    if "default" not in (databases or ()):
        return []
    return [Warning(f"rulings on {key}, which is no point any more", id="oneshop.W001") for key in rulings.orphans()]


@register(Tags.files)
def the_fonts_are_here(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A missing font must stop the start: a fallback would print other line breaks, or other letters (R-28)."""
    return [Error(f"font file missing: {name}", id="oneshop.E004") for name in printing.missing_fonts()]


@register(Tags.security, deploy=True)
def the_secret_is_a_secret(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    if len(settings.SECRET_KEY) < 50:
        return [Error("SECRET_KEY has fewer than 50 characters", id="oneshop.E005")]
    return []
