"""At start: every view has its key, every procedure its template, the papers their fonts, production its secrets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from oneshop import retention
from procedures import printing
from procedures.catalogue import catalogue


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address with its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback
        elif isinstance(pattern, URLResolver):
            yield from views(pattern, prefix + str(pattern.pattern))


def is_public(view: Any) -> bool:
    return not getattr(view, "login_required", True)


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


@register(Tags.files)
def the_fonts_are_here(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A missing font must stop the start: a fallback would print other line breaks, or other letters (R-28)."""
    return [Error(f"font file missing: {name}", id="oneshop.E004") for name in printing.missing_fonts()]


@register(Tags.security, deploy=True)
def the_secret_is_a_secret(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    if len(settings.SECRET_KEY) < 50:
        return [Error("SECRET_KEY has fewer than 50 characters", id="oneshop.E005")]
    return []
