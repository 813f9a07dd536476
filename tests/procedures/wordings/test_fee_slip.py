"""The slip of a fee: made by the receiving itself wherever something is paid, never without, and never by hand."""

from __future__ import annotations

import html
from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.models import Citizen
from oneshop.keys import new_form_key
from oneshop.models import Entry, Officer
from procedures import papers, workflow
from procedures.catalogue import Fee, catalogue
from procedures.catalogue.marital_certificate import MaritalCertificate
from procedures.models import Case, Ruling, Series, Slip
from procedures.papers.printing import press
from procedures.wordings.fee_slip import amount_in_words
from tests import factories


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (500, "Năm trăm đồng"),
        (5_000, "Năm nghìn đồng"),
        (8_000, "Tám nghìn đồng"),
        (24_000, "Hai mươi bốn nghìn đồng"),
        (105_000, "Một trăm linh năm nghìn đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (1_000_205, "Một triệu hai trăm linh năm đồng"),
        (160_015, "Một trăm sáu mươi nghìn không trăm mười lăm đồng"),
    ],
)
def test_amounts_in_words(amount: int, words: str) -> None:
    assert amount_in_words(amount) == words


def test_an_amount_that_no_counter_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="1000000000"):
        amount_in_words(1_000_000_000)


def test_a_paid_fee_has_its_slip(khach: Citizen, mai: Officer, at: datetime) -> None:
    case = factories.case(khach, by=mai, at=at)

    slip = case.slips.get()
    assert (slip.kind, slip.number, slip.year, slip.by) == (Slip.Kind.FEE, 1, 2026, mai)
    assert slip.facts["amount"] == "5.000 đồng"
    assert slip.facts["amount_in_words"] == "Năm nghìn đồng"
    assert slip.facts["fee_name"] == "Lệ phí cấp giấy xác nhận tình trạng hôn nhân"
    assert slip.facts["citizen"]["full_name"] == khach.full_name
    assert Entry.objects.filter(act="issue", key=f"{case.code}/fee").count() == 1
    assert bytes(slip.pdf).startswith(b"%PDF")


def test_who_is_exempt_pays_nothing_and_gets_none(khach: Citizen, mai: Officer, at: datetime) -> None:
    case = factories.case(khach, by=mai, at=at, fee="exempt_poor")

    assert not case.slips.exists()
    assert not Series.objects.filter(book="fee").exists()


def test_what_is_free_has_none(khach: Citizen, mai: Officer, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    free = (Fee(at.date().replace(year=2016), 0, "Không thu", confirmed=True),)
    monkeypatch.setattr(MaritalCertificate, "fees", free)

    assert not factories.case(khach, by=mai, at=at).slips.exists()


def test_a_slip_that_cannot_be_made_takes_the_receiving_back(
    khach: Citizen, mai: Officer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise papers.PaperFailed("phông chữ mất")

    monkeypatch.setattr(papers, "render", broken)
    with pytest.raises(papers.PaperFailed):
        factories.case(khach, by=mai, at=at)

    assert not Case.objects.exists()
    assert not Series.objects.exists()


def test_a_commune_names_the_slip_as_it_is_called_there(khach: Citizen, mai: Officer, at: datetime) -> None:
    Ruling.objects.create(
        commune=mai.commune,
        key="fee_slip.title",
        value="BIÊN LAI THU LỆ PHÍ",
        valid_from=at.date(),
        source="mẫu của xã",
        by=mai,
        at=at,
    )
    slip = factories.case(khach, by=mai, at=at).slips.get()

    assert slip.facts["title"] == "BIÊN LAI THU LỆ PHÍ"


def test_the_page_after_receiving_prints_it_and_the_case_lists_it(
    client: Client, khach: Citizen, mai: Officer, at: datetime
) -> None:
    client.force_login(mai)
    with time_machine.travel(at, tick=False):
        case = factories.case(khach, by=mai, at=at)
        before = html.unescape(client.get(reverse("received", args=[case.code])).content.decode())
        workflow.issue_receipt(case, by=mai, at=at)
        after = html.unescape(client.get(reverse("received", args=[case.code])).content.decode())
        listed = html.unescape(client.get(reverse("case", args=[case.code])).content.decode())
        fee, receipt = (
            reverse("print_paper", args=[case.code, "slip", case.slips.get(kind=kind).pk])
            for kind in ("fee", "receipt")
        )
        pdf = client.post(fee, {"form_key": new_form_key()}, follow=True)

    assert (fee in before, receipt in before) == (True, False)
    assert (fee in after, receipt in after) == (True, True)
    assert "Phiếu thu phí, lệ phí" in listed
    assert pdf.content == bytes(case.slips.get(kind="fee").pdf)


def test_it_is_one_a5_page(khach: Citizen, mai: Officer, at: datetime) -> None:
    case = factories.case(khach, by=mai, at=at)
    facts = papers.slip_facts(case, Slip.Kind.FEE, number=1, year=2026, by=mai, at=at)
    sheet = papers.render("slips/fee.html", facts)

    assert sheet.pages == 1
    assert "PHIẾU THU PHÍ, LỆ PHÍ" in sheet.html
    assert "Số: 01/2026/PTP-TTPVHCC" in sheet.html
    assert 'class="a5"' in sheet.html
    assert press(sheet.html).sha256 == sheet.sha256


def test_every_procedure_that_charges_can_name_its_fee() -> None:
    for procedure in catalogue():
        charge = procedure.charge(procedure.example(datetime.fromisoformat("2026-11-23T08:10:00+07:00")))
        assert charge.amount == 0 or amount_in_words(charge.amount)
