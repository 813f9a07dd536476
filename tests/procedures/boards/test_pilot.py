"""The monthly form of the pilot and the index 766, on sets counted by hand."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Counter, Entry, Officer
from procedures.boards import index766, pilot
from procedures.hall import feedback
from procedures.models import Rating, Report
from tests import factories

MONTH = (date(2026, 11, 1), date(2026, 11, 30))
Fill = Callable[..., None]


@pytest.fixture
def fill(khach: Citizen, mai: Officer, at: datetime) -> Fill:
    def filled(number: int, **facts: Any) -> None:
        for _ in range(number):
            factories.reckoned(
                khach,
                by=mai,
                ended_at=facts.get("ended_at", at),
                **{name: value for name, value in facts.items() if name != "ended_at"},
            )

    return filled


def line(rows: list[dict[str, Any]], name: str) -> dict[str, str]:
    [row] = [row for row in rows if row["name"] == name]
    return dict(zip(pilot.COLUMNS[2:], row["figures"], strict=True))


# --- the form of the pilot ---
def test_each_counter_each_commune_and_all_in_their_lines(
    fill: Fill, quoc_oai: Commune, kieu_phu: Commune, at: datetime
) -> None:
    second = Counter.objects.create(commune=quoc_oai, name="Điểm phục vụ Phượng Cách")
    fill(3)
    fill(2, counter=second, on_time_index=False, late_minutes=30, paused_minutes=60)
    fill(1, ended_at=at - timedelta(days=40), received_at=at - timedelta(days=41))

    rows = pilot.rows(list(Commune.objects.prefetch_related("names", "counters").order_by("code")), *MONTH)

    assert [(row["number"], row["name"]) for row in rows] == [
        ("I", "Xã Quốc Oai"),
        ("1", "Điểm phục vụ Quốc Oai"),
        ("2", "Điểm phục vụ Phượng Cách"),
        ("II", "Xã Kiều Phú"),
        ("1", "Điểm phục vụ Kiều Phú"),
        ("", "Tổng cộng"),
    ]
    here, there, whole = (
        line(rows, name) for name in ("Điểm phục vụ Quốc Oai", "Điểm phục vụ Phượng Cách", "Tổng cộng")
    )
    assert (here["Xong trong kỳ"], here["Đúng hẹn"], here["Hài lòng"]) == ("3", "3/3", "")
    assert (there["Đúng hẹn"], there["Muộn bao lâu (phút: một nửa – 9/10)"]) == ("0/2", "30 – 30")
    assert (whole["Xong trong kỳ"], whole["Đúng hẹn"]) == ("5", "3/5")
    assert line(rows, "Điểm phục vụ Kiều Phú")["Đúng hẹn"] == "–"
    assert rows[0]["is_sum"]
    assert rows[-1]["is_sum"]


def test_received_is_counted_by_the_day_of_the_receipt(
    quoc_oai: Commune, khach: Citizen, mai: Officer, at: datetime
) -> None:
    factories.case(khach, by=mai, at=at)

    rows = pilot.rows([Commune.objects.prefetch_related("names", "counters").get(pk=quoc_oai.pk)], *MONTH)

    assert line(rows, "Tổng cộng")["Nhận trong kỳ"] == "1"
    assert line(rows, "Tổng cộng")["Xong trong kỳ"] == "0"


def test_page_paper_and_spreadsheet_and_what_was_sent_stays(
    fill: Fill, quoc_oai: Commune, doi: Officer, client: Client
) -> None:
    fill(4)
    client.force_login(doi)
    period = {"since": "01/11/2026", "until": "22/11/2026"}

    page = client.get(reverse("report", args=["thi-diem"]), period).content.decode()
    paper = client.get(reverse("report_paper", args=["thi-diem"]), period)
    silent = client.post(reverse("report_table", args=["thi-diem"]), period, follow=True)
    table = client.post(reverse("report_table", args=["thi-diem"]), period | {"purpose": "gửi thành phố"})
    client.post(reverse("send_report", args=["thi-diem"]), period | {"form_key": "s" * 20})
    with walls.within(None, reads_all=True):
        sent = Report.objects.get()
    served = client.get(reverse("sent_report", args=[sent.pk]))
    fill(1)

    with ZipFile(io.BytesIO(table.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "Báo cáo thủ tục không giấy tờ" in page
    assert paper.content.startswith(b"%PDF")
    assert "Ghi rõ tải bảng tính để làm gì." in silent.content.decode()
    assert "<f>" not in sheet, "strings only"
    with walls.within(None, reads_all=True):
        assert Entry.objects.filter(act="export", why="gửi thành phố").exists()
    assert (sent.kind, served.content) == (Report.Kind.PILOT, bytes(sent.pdf))
    assert served["Content-Disposition"] == 'inline; filename="khong-giay-to-2026-11-01-2026-11-22.pdf"'


def test_a_form_that_does_not_exist(doi: Officer, client: Client) -> None:
    client.force_login(doi)

    assert client.get(reverse("report", args=["khong-co"])).status_code == 404


# --- index 766 ---
def value(number: str, commune: Commune | None = None) -> index766.Measure:
    found = {
        row.item.number: row for _, rows in index766.lines(*MONTH, [commune.pk] if commune else []) for row in rows
    }[number]
    measured = found.communes[0] if commune else found.total
    assert measured is not None
    return measured


def test_the_items_that_our_data_carry(fill: Fill, quoc_oai: Commune, kieu_phu: Commune, at: datetime) -> None:
    fill(3, used_minutes=50, form_lines=20, typed=5, made_digital=True)
    fill(1, used_minutes=90, on_time_index=False, form_lines=20, typed=10, made_digital=False)
    week = feedback.week_of(timezone.localdate(at))
    for mark in (5, 4, 3, 1):
        Rating.objects.create(commune=quoc_oai, procedure_key="civil_copy", week=week, overall=mark)

    assert value("2.1") == index766.Measure("75,00\u00a0%", "3/4")
    assert value("2.2") == index766.Measure("60,00 phút", "4 hồ sơ")
    assert value("4.1") == index766.Measure("75,00\u00a0%", "3/4")
    assert value("4.3") == index766.Measure("68,75\u00a0%", "55/80 dòng")
    # 100 − 25 late − 25 disliked
    assert value("5.4") == index766.Measure("50,00\u00a0%", "muộn 1/4, không hài lòng 1/4")
    assert value("2.1", quoc_oai) == value("2.1")
    assert value("2.1", kieu_phu) == index766.Measure("")


def test_what_is_not_measured_says_why() -> None:
    items = [item for group in index766.GROUPS for item in group.items]

    assert all(bool(item.ask) != bool(item.why) for item in items)
    assert sum(group.most for group in index766.GROUPS) == 100


def test_the_page_of_the_index(fill: Fill, quoc_oai: Commune, doi: Officer, client: Client) -> None:
    fill(1)
    client.force_login(doi)

    page = client.get(reverse("index_766"), {"since": "01/11/2026", "until": "30/11/2026"}).content.decode()
    wrong = client.get(reverse("index_766"), {"since": "30/11/2026", "until": "01/11/2026"})

    assert "Mức độ hài lòng" in page
    assert "100,00" in page
    assert "Chưa đo được: phản ánh, kiến nghị nhận trên hệ thống khác." in page
    assert wrong.status_code == 422
