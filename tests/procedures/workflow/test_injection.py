"""What people type is text: on every screen, on paper, in the diary (S-20, F-36, F-37)."""

from __future__ import annotations

import io
from datetime import datetime

import pypdfium2
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from citizens.models import Citizen
from oneshop.models import Officer
from procedures import workflow
from tests import factories

NASTY = [
    '"><img src=x onerror=alert(1)>',
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "'; DROP TABLE procedures_case; --",
    '=HYPERLINK("http://example.invalid")',
    '<img src="file:///etc/hostname">',
]


@pytest.mark.parametrize("text", NASTY)
def test_a_purpose_is_shown_and_printed_as_it_was_typed(
    text: str, client: Client, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        case = factories.case(khach, by=mai, at=at, purpose_text=text)
        workflow.submit(case, by=hung, at=at)
        client.force_login(hung)
        page = client.get(reverse("case", args=[case.code])).content.decode()
        client.force_login(lan)
        signing = client.get(reverse("sign", args=[case.code]))
        picture = client.get(reverse("sign_preview", args=[case.code, 0]))
        [result] = workflow.sign(case, by=lan, at=at, seen=factories.seen(case, lan, at))

    printed = pypdfium2.PdfDocument(io.BytesIO(bytes(result.pdf)))[0].get_textpage().get_text_range()
    assert escape(text) in page
    assert text not in page or escape(text) == text
    assert signing.status_code == 200
    assert picture["Content-Type"] == "image/png"
    assert "".join(text.split()) in "".join(printed.split())


@pytest.mark.parametrize("text", NASTY)
def test_a_reason_stays_a_reason(
    text: str, client: Client, khach: Citizen, mai: Officer, hung: Officer, at: datetime
) -> None:
    case = factories.case(khach, by=mai, at=at)

    workflow.ask_for_papers(case, by=hung, at=at, note=text)
    client.force_login(hung)
    page = client.get(reverse("case", args=[case.code])).content.decode()

    assert escape(text) in page
    assert case.steps.last().note == text  # type: ignore[union-attr]


@pytest.mark.parametrize("text", NASTY)
def test_a_search_for_it_is_a_kind_answer(text: str, client: Client, mai: Officer) -> None:
    client.force_login(mai)

    response = client.post(reverse("scan"), {"text": text})

    assert response.status_code in (200, 422)
    assert "<script>alert" not in response.content.decode()
    assert "<img src=x" not in response.content.decode()
