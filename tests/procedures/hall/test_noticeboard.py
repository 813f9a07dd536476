"""The notice board: what anyone reads of procedures and communes, and the poster of the hall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from html import unescape
from typing import Any

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.http import HttpResponse
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from oneshop import walls
from oneshop.models import CalendarChange, Commune, Officer, OpeningHours
from procedures.catalogue import Procedure, catalogue
from procedures.checking import knocks
from procedures.clock import OFFICE_HOURS, Calendar
from procedures.hall import noticeboard
from procedures.law import offers
from procedures.models import Offer, Ruling
from procedures.papers.samples import specimen_names, specimens_of
from procedures.rules.public_points import COMPLAINT_PLACES, HOTLINE
from tests import factories

ALL = list(catalogue())
MARITAL = catalogue()["marital_certificate"]
COMMUNE, POSTER = "/xa/09895", "/xa/09895/to-niem-yet.pdf"


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    noticeboard.pressed.cache_clear()
    noticeboard.picture.cache_clear()
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


def shown(response: Any) -> str:
    """What is read on the page, in one line."""
    text = re.sub(r"<(title|head).*?</\1>", " ", response.content.decode(), flags=re.S)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def suspend(commune: Commune, by: Officer, standing: Offer.Standing, *, at: datetime) -> None:
    offers.decide(
        MARITAL,
        [commune],
        standing,
        valid_from=at.date(),
        document="QĐ 12/QĐ-VP ngày 20/11/2026",
        reason="cần xác minh nhiều",
        by=by,
        at=at,
    )


def ruling(commune: Commune, by: Officer, key: str, value: str, *, at: datetime) -> None:
    Ruling.objects.create(
        commune=commune, key=key, value=value, valid_from=at.date(), source="QĐ 1/QĐ-UBND", by=by, at=at
    )


# --- the list ---
def test_the_list_leads_to_each_procedure_and_each_commune(client: Client, quoc_oai: Commune) -> None:
    page = client.get(reverse("public_home")).content.decode()

    linked = re.findall(r'href="(/(?:thu-tuc|xa)/[^"]+)"', page)
    assert linked == [*(f"/thu-tuc/{procedure.key}" for procedure in ALL), COMMUNE]


def test_the_list_says_where_a_procedure_is_not_taken_in(
    client: Client, quoc_oai: Commune, kieu_phu: Commune, doi: Officer, at: datetime
) -> None:
    suspend(quoc_oai, doi, Offer.Standing.SUSPENDED, at=at)
    suspend(kieu_phu, doi, Offer.Standing.RETIRED, at=at)

    page = shown(client.get(reverse("public_home")))

    assert page.count("Tạm dừng nhận tại: Xã Quốc Oai.") == 1
    assert page.count("Không còn nhận tại: Xã Kiều Phú.") == 1


@pytest.mark.parametrize("neighbours", [1, 9])
def test_the_list_asks_as_much_for_one_commune_as_for_ten(
    neighbours: int, client: Client, quoc_oai: Commune, django_assert_num_queries: Any
) -> None:
    for number in range(neighbours):
        factories.commune(code=f"0991{number}", name=f"Bên Cạnh {number}")

    with django_assert_num_queries(9):
        client.get(reverse("public_home"))


# --- a procedure ---
@pytest.mark.parametrize("procedure", ALL, ids=[procedure.key for procedure in ALL])
def test_each_procedure_tells_everything_in_its_own_words(
    procedure: Procedure, client: Client, quoc_oai: Commune
) -> None:
    own = get_template(f"public/procedures/{procedure.key}.html").template.source  # type: ignore[attr-defined]
    response = client.get(f"/thu-tuc/{procedure.key}")
    page = shown(response)

    assert response.status_code == 200
    assert {"{% block bring %}", "{% block steps %}", "{% block slow %}"} <= set(re.findall(r"{% block \w+ %}", own))
    version = procedure.version_on(date(2026, 11, 23))
    for said in (procedure.name, procedure.who, procedure.bring, version.result_name, *version.legal_basis):
        assert said in page
    assert "Tối đa 3 giờ làm việc" in page
    assert "Thứ Hai đến Thứ Sáu: 07:30–11:30, 13:30–17:30" in page
    assert procedure.national_code in page


def test_the_time_of_the_law_stands_beside_ours(client: Client, quoc_oai: Commune) -> None:
    copy, card = (shown(client.get(f"/thu-tuc/{key}")) for key in ("civil_copy", "disability_card"))

    assert "trả ngay trong ngày; nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo (Luật Hộ tịch)." in copy
    assert "nhiều nhất 5 ngày làm việc (Thông tư 01/2019/TT-BLĐTBXH)." in card


def test_a_doubted_fee_says_so_until_the_commune_has_ruled(
    client: Client, quoc_oai: Commune, tri: Officer, at: datetime
) -> None:
    before = shown(client.get(COMMUNE))
    ruling(quoc_oai, tri, "marital_certificate.fee", "3000", at=at)
    ruled = shown(client.get(COMMUNE))

    assert MARITAL.fees[0].point is not None
    assert MARITAL.fees[0].point.key == "marital_certificate.fee"
    assert "lệ phí: 5.000 đồng (mức thu do xã xác nhận)" in before
    assert "lệ phí: 3.000 đồng" in ruled
    assert "5.000 đồng" not in ruled


@pytest.mark.parametrize("procedure", ALL, ids=[procedure.key for procedure in ALL])
def test_the_pictures_are_of_made_up_people_and_say_that_they_are_worth_nothing(
    procedure: Procedure, client: Client, quoc_oai: Commune, at: datetime
) -> None:
    samples = specimens_of(procedure, quoc_oai, at=at)
    responses = [client.get(f"/thu-tuc/{procedure.key}/mau-{number}.png") for number in range(len(samples) + 1)]

    assert [sample.name for sample in samples] == specimen_names(procedure, at=at)
    for sample in samples:
        assert "BẢN MẪU, KHÔNG CÓ GIÁ TRỊ" in sample.html, sample.name
        assert "/K/" not in sample.html, "no link to check"
    assert [response.status_code for response in responses] == [200] * len(samples) + [404]
    assert all(response.content.startswith(b"\x89PNG") for response in responses[:-1])
    assert "max-age=3600" in responses[0]["Cache-Control"]


def test_a_picture_is_laid_out_once(client: Client, quoc_oai: Commune) -> None:
    for _ in range(3):
        client.get("/thu-tuc/marital_certificate/mau-0.png")

    assert noticeboard.pressed.cache_info().misses == 1


def test_what_is_no_procedure_is_no_page(client: Client, quoc_oai: Commune) -> None:
    assert client.get("/thu-tuc/khong_co").status_code == 404


def test_the_page_of_a_procedure_asks_little(
    client: Client, quoc_oai: Commune, kieu_phu: Commune, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(15):
        client.get("/thu-tuc/marriage_registration")


# --- a commune ---
def test_a_commune_says_where_when_how_and_to_whom_to_complain(client: Client, quoc_oai: Commune) -> None:
    quoc_oai.counters.update(address="Phố Huyện, Xã Quốc Oai")

    page = shown(client.get(COMMUNE))

    for said in (
        "Hôm nay mở cửa: 07:30–11:30, 13:30–17:30.",
        "Điểm phục vụ Quốc Oai Phố Huyện, Xã Quốc Oai",
        "Thứ Hai đến Thứ Sáu: 07:30–11:30, 13:30–17:30",
        "Thứ Ba 24/11/2026 nghỉ: Ngày Văn hóa Việt Nam",
        "Xin chào, xin lỗi, xin cảm ơn, xin phép.",
        "Cổng Dịch vụ công quốc gia, mục Phản ánh, kiến nghị.",
        "Xã trả lời trong 15 ngày làm việc.",
        "Chưa xác minh: xã còn ghi rõ người nhận và số điện thoại.",
    ):
        assert said in page
    assert all(procedure.name in page for procedure in ALL)


def test_a_number_to_call_is_shown_only_when_the_commune_has_ruled_it(
    client: Client, quoc_oai: Commune, tri: Officer, at: datetime
) -> None:
    before = client.get(COMMUNE).content.decode()
    ruling(quoc_oai, tri, HOTLINE.key, "024 3333 0000", at=at)
    ruling(quoc_oai, tri, COMPLAINT_PLACES.key, "Phòng 101, Ủy ban nhân dân xã", at=at)
    page = client.get(COMMUNE)

    assert "tel:" not in before
    assert 'href="tel:02433330000"' in page.content.decode()
    assert "Phòng 101, Ủy ban nhân dân xã." in shown(page)
    assert "xã còn ghi rõ người nhận" not in shown(page)


def test_what_is_suspended_says_by_what_paper_and_since_when(
    client: Client, quoc_oai: Commune, doi: Officer, at: datetime
) -> None:
    suspend(quoc_oai, doi, Offer.Standing.SUSPENDED, at=at)

    commune, procedure = shown(client.get(COMMUNE)), shown(client.get("/thu-tuc/marital_certificate"))

    assert "Tạm dừng nhận thủ tục này từ 23/11/2026 theo QĐ 12/QĐ-VP ngày 20/11/2026." in commune
    assert "Tạm dừng nhận tại: Xã Quốc Oai." in procedure


@pytest.mark.parametrize("code", ["00000", "09896", "x", "0989"])
def test_what_is_no_commune_of_ours_is_no_page(code: str, client: Client, quoc_oai: Commune) -> None:
    assert client.get(f"/xa/{code}").status_code == 404
    assert client.get(f"/xa/{code}/to-niem-yet.pdf").status_code == 404


def test_a_commune_that_was_merged_away_has_no_page_any_more(client: Client, quoc_oai: Commune) -> None:
    Commune.objects.filter(pk=quoc_oai.pk).update(closed_on=date(2026, 11, 1))

    assert client.get(COMMUNE).status_code == 404


def test_the_page_of_a_commune_asks_little(client: Client, quoc_oai: Commune, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(16):
        client.get(COMMUNE)


def test_the_hours_and_days_of_the_neighbour_stay_with_the_neighbour(
    client: Client, quoc_oai: Commune, kieu_phu: Commune
) -> None:
    with walls.within(kieu_phu.pk):
        OpeningHours.objects.create(
            commune=kieu_phu, weekday=5, opens=time(8), closes=time(11), valid_from=date(2026, 1, 1)
        )

    here, there = shown(client.get(COMMUNE)), shown(client.get("/xa/09910"))

    assert "Thứ Bảy" not in here
    assert "Thứ Bảy: 08:00–11:00" in there


# --- days ---
def test_days_alike_stand_in_one_line_and_an_estimate_says_so() -> None:
    days = noticeboard.unusual_days(Calendar.for_commune(), date(2026, 12, 31), days=50)

    assert [(day.days, day.what) for day in days] == [
        ("Thứ Sáu 01/01/2027", "nghỉ: Tết Dương lịch"),
        ("04/02 đến 08/02/2027", "nghỉ: Tết Nguyên đán Đinh Mùi (dự kiến, chưa có lịch chính thức)"),
        ("09/02 đến 10/02/2027", "nghỉ bù Tết Nguyên đán (dự kiến, chưa có lịch chính thức)"),
    ]


def test_a_saturday_that_is_worked_and_a_year_without_plan() -> None:
    calendar = Calendar.for_commune()

    [worked, off] = noticeboard.unusual_days(calendar, date(2026, 8, 20), days=12)
    beyond = noticeboard.unusual_days(calendar, date(2027, 12, 30))

    assert (worked.days, worked.what) == (
        "Thứ Bảy 22/08/2026",
        "mở cửa 07:30–11:30, 13:30–17:30: làm bù cho ngày nghỉ hoán đổi 31/08/2026",
    )
    assert (off.days, off.what) == ("Thứ Hai 31/08/2026", "nghỉ hoán đổi, làm bù thứ Bảy 22/08/2026")
    assert beyond == []


def test_today_says_why_it_is_closed(client: Client, quoc_oai: Commune, clock: time_machine.Traveller) -> None:
    calendar = Calendar.for_commune(OFFICE_HOURS)

    assert noticeboard.today_in_words(calendar, date(2026, 11, 24)) == "Hôm nay nghỉ: Ngày Văn hóa Việt Nam."
    assert noticeboard.today_in_words(calendar, date(2026, 11, 29)) == "Hôm nay nghỉ."


def test_a_closure_of_the_commune_is_told(client: Client, quoc_oai: Commune, tri: Officer, at: datetime) -> None:
    CalendarChange.objects.create(
        commune=quoc_oai,
        on=date(2026, 12, 2),
        kind="closure",
        reason="Bầu cử bổ sung",
        document="TB 5/TB-UBND",
        by=tri,
        at=at,
    )

    assert "Thứ Tư 02/12/2026 nghỉ: Bầu cử bổ sung" in shown(client.get(COMMUNE))


# --- the poster ---
@pytest.mark.parametrize(("size", "width", "height"), [("A4", 595, 842), ("A3", 842, 1191)])
def test_the_poster_is_one_page_whose_code_is_read_at_150_dots_an_inch(
    size: str, width: int, height: int, client: Client, quoc_oai: Commune
) -> None:
    response = client.get(f"{POSTER}?kho={size}")
    document = pypdfium2.PdfDocument(response.content)
    page = document[0]

    assert response["Content-Type"] == "application/pdf"
    assert [len(document), round(page.get_width()), round(page.get_height())] == [1, width, height]
    picture = page.render(scale=150 / 72, grayscale=True).to_pil()
    text = page.get_textpage().get_text_range()
    document.close()
    [code] = zxingcpp.read_barcodes(picture)
    assert code.text == noticeboard.commune_link("09895")
    assert client.get(re.sub(r"^https?://[^/]+", "", code.text)).status_code == 200
    flat = " ".join(text.split())
    for procedure in ALL:
        assert procedure.name in flat
    for said in ("CHỈ CẦN THẺ CĂN CƯỚC", "Thứ Hai đến Thứ Sáu: 07:30–11:30", "Không hài lòng?"):
        assert said in flat


def test_the_worst_poster_still_is_one_page(client: Client, quoc_oai: Commune, doi: Officer, at: datetime) -> None:
    """Every procedure suspended by long documents, long places to complain, a number to call."""
    for procedure in ALL:
        offers.decide(
            procedure,
            [quoc_oai],
            Offer.Standing.SUSPENDED,
            valid_from=at.date(),
            document="Quyết định số 1234/QĐ-UBND ngày 20/11/2026 của Chủ tịch Ủy ban nhân dân thành phố",
            reason="cần xác minh nhiều",
            by=doi,
            at=at,
        )

    for size in noticeboard.SIZES:
        document = pypdfium2.PdfDocument(client.get(f"{POSTER}?kho={size}").content)
        assert len(document) == 1
        document.close()


def test_the_poster_is_laid_out_once_and_again_when_something_changes(
    client: Client, quoc_oai: Commune, doi: Officer, at: datetime
) -> None:
    first, again = (client.get(POSTER).content for _ in range(2))
    suspend(quoc_oai, doi, Offer.Standing.SUSPENDED, at=at)
    changed = client.get(POSTER).content

    assert first == again != changed
    assert noticeboard.pressed.cache_info().misses == 2


@pytest.mark.parametrize("size", ["A0", "", "../A4"])
def test_another_size_is_no_poster(size: str, client: Client, quoc_oai: Commune) -> None:
    assert client.get(POSTER, {"kho": size}).status_code == 404


def test_who_asks_too_often_waits(client: Client, quoc_oai: Commune, settings: Any) -> None:
    settings.KNOCKS_OF_ONE = 2
    knocks._full.clear()

    answers = [client.get(POSTER).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    knocks._full.clear()


# --- all of them ---
@pytest.fixture
def pages(client: Client, quoc_oai: Commune) -> dict[str, HttpResponse]:
    paths = [reverse("public_home"), COMMUNE, *(f"/thu-tuc/{procedure.key}" for procedure in ALL)]
    return {path: client.get(path) for path in paths}  # type: ignore[misc]


def test_no_page_needs_a_script_another_house_or_an_inline_style(pages: dict[str, HttpResponse]) -> None:
    for path, response in pages.items():
        page = response.content.decode()
        asked = re.findall(r'(?:src|href|action)="([^"]+)"', page)
        assert [link for link in asked if not link.startswith(("/", "#", "tel:"))] == [], path
        assert "<script" not in page, path
        assert " style=" not in page, path
        assert len(response.content) < 16_000, path
        assert dict(response.cookies) == {}, path


def test_the_public_host_serves_them(client: Client, quoc_oai: Commune, settings: Any) -> None:
    settings.PUBLIC_HOSTS = ["motcua.example.vn"]
    settings.ALLOWED_HOSTS = ["*"]

    paths = ("/thu-tuc", "/thu-tuc/civil_copy", COMMUNE, POSTER)
    answers = [client.get(path, headers={"host": "motcua.example.vn"}).status_code for path in paths]

    assert answers == [200] * 4
