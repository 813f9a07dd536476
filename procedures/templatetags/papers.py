"""How Nghị định 30/2020 writes days, moments and names on paper."""

from __future__ import annotations

import unicodedata
from typing import Literal

from django import template
from django.utils.safestring import SafeString

from procedures.papers import qr as qr_code
from procedures.wordings.days import in_words, moment_in_words

register = template.Library()


register.filter(in_words)
register.filter(moment_in_words)


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


@register.filter
def parts(text: str) -> list[str]:
    """`Như trên; Lưu: VT` → one entry a place."""
    return [part.strip() for part in (text or "").split(";") if part.strip()]


@register.simple_tag
def qr(text: str, title: str, level: Literal["M", "Q"] = "Q") -> SafeString:
    return qr_code.svg(text, title, level)
