"""A throwaway procedure whose result takes a pre-printed blank and is entered in the Ministry's software."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from citizens.models import Citizen
from oneshop.models import Officer
from procedures import stock, workflow
from procedures.catalogue import Document, Procedure, catalogue
from procedures.catalogue.marital_certificate import MaritalCertificate
from procedures.models import Blank, Case
from procedures.rules import Application
from tests import factories

KIND = "marriage_certificate"
FIELDS = [
    ["wife_name", "TRẦN THỊ THỬ"],
    ["wife_residence", "Thôn 1, xã Quốc Oai, thành phố Hà Nội"],
    ["registered_at", "Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội"],
]
LINES = (("Họ, chữ đệm, tên", "TRẦN THỊ THỬ"), ("Ngày sinh", "17/09/1992"), ("Ghi chú", ""), ("Giới tính", "Nữ"))


class OnBlanks(MaritalCertificate):
    key = "on_blanks"
    digit = 9
    blank = KIND
    originals = 2

    def documents(self, application: Application, *, on: date) -> Sequence[Document]:
        template = "results/marital_certificate.html"
        name = "Giấy chứng nhận kết hôn"
        return (Document(self.key, name, template, self.book, "{year}", originals=self.originals, blank=self.blank),)

    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> Mapping[str, object]:
        return {**super().facts(application, document, on=on, numbers=numbers), "fields": FIELDS}

    def bridge(self, application: Application) -> Sequence[tuple[str, str]]:
        return LINES


@pytest.fixture
def on_blanks(monkeypatch: pytest.MonkeyPatch) -> Procedure:
    made = OnBlanks()
    monkeypatch.setitem(catalogue()._by_key, made.key, made)
    return made


def received(citizen: Citizen, *, by: Officer, at: datetime) -> Case:
    procedure = catalogue()["on_blanks"]
    return workflow.receive(
        procedure, citizen, answers=factories.ANSWERS, officer_answers=factories.all_checked(), by=by, at=at
    )


def signed(citizen: Citizen, *, received_by: Officer, handled_by: Officer, by: Officer, at: datetime) -> Case:
    case = received(citizen, by=received_by, at=at)
    factories.signed(case, handled_by=handled_by, by=by, at=at)
    case.refresh_from_db()
    return case


def delivered(
    by: Officer, at: datetime, *, kind: str = KIND, first: str = "000101", last: str = "000105"
) -> list[Blank]:
    return stock.receive(
        kind,
        letters="KH-",
        first=first,
        last=last,
        batch="Phiếu 12/PGN, Sở Tư pháp",
        received_on=at.date(),
        by=by,
        at=at,
    )


def send(client: Client, path: str, **form: Any) -> HttpResponse:
    """A form as the page sends it, with a key of its own."""
    return client.post(path, form | {"form_key": secrets.token_urlsafe(16)})  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return response.content.decode()
