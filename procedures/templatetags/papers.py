"""How Nghị định 30/2020 writes days, moments and names on paper."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from procedures import qr as qr_code

register = template.Library()


@register.filter
def in_words(day: date | None) -> str:
    """`ngày 05 tháng 02 năm 2026`: days under 10 and months 1 and 2 with a leading 0 (Phụ lục I, one-stop.md G.1).

    A moment is taken in Vietnam's time. Nothing gives the blank that is filled by hand.
    """
    if not day:
        return "ngày … tháng … năm …"
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


@register.filter
def moment_in_words(at: datetime | None) -> str:
    """`09 giờ 05 phút, ngày 05 tháng 02 năm 2026`, in Vietnam's time."""
    if not at:
        return "… giờ … phút, ngày … tháng … năm …"
    local = timezone.localtime(at)
    return f"{local:%H} giờ {local:%M} phút, {in_words(local)}"


@register.filter
def capitals(name: str) -> str:
    """`Nguyễn Thị Ổn` → `NGUYỄN THỊ ỔN`; composed first, since a mark standing alone survives upper-casing apart."""
    return unicodedata.normalize("NFC", name or "").upper()


@register.filter
def sentence_name(issuer: str, place: str) -> str:
    """`ỦY BAN NHÂN DÂN XÃ QUỐC OAI` within a sentence: `Ủy ban nhân dân xã Quốc Oai`; `place` keeps its capitals."""
    issuer = unicodedata.normalize("NFC", issuer or "")
    kind = issuer.removesuffix(capitals(place))
    return kind.capitalize() if kind == issuer else kind.capitalize() + place


@register.filter
def ended(sentence: str) -> str:
    """The sentence with one full stop, whether its writer set it or not."""
    return (sentence or "").rstrip(" .;") + "."


@register.simple_tag
def qr(link: str, title: str) -> SafeString:
    return qr_code.svg(link, title)
