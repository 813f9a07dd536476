"""Papers, judged by their HTML, their text, their pages and what is inside the file."""

from __future__ import annotations

import ctypes
import io
import os
import re
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import time_machine
import zxingcpp
from PIL import Image

from procedures.papers import printing
from procedures.papers.printing import Sheet
from procedures.templatetags import papers

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MM = 72 / 25.4  # points

COMMON: dict[str, Any] = {
    "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
    "place": "Quốc Oai",
    "test": False,
    "draft": False,
}
CHECK_LINK = "HTTPS://MOTCUA.EXAMPLE.VN/K/09895/7ZK3M9QX0T4B8C2V6H1N5PWRDY"
STATUS_LINK = "HTTPS://MOTCUA.EXAMPLE.VN/H/09895/4ZK3M9QX0T4B8C2V6H1N5PWRDX"
SUBJECT = {
    "full_name": "Nguyễn Thị Ổn",
    "birth_date": "05/02/1991",
    "sex": "Nữ",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "id_document": "Căn cước số 001191000000, Bộ Công an cấp ngày 12/03/2025",
    "residence": "thôn Đình Tổ, xã Quốc Oai, thành phố Hà Nội",
}
CERTIFICATE = COMMON | {
    "number": "123",
    "symbol": "UBND-XNTTHN",
    "issued_on": date(2026, 2, 5),
    "adviser": {"salutation": "ông", "text": "NGUYỄN VĂN MẪU - Công chức Tư pháp - Hộ tịch xã"},
    "subject": SUBJECT,
    "in_capitals": True,
    "period": "",
    "used_for": "được sử dụng để",
    "status": "Hiện tại chưa đăng ký kết hôn với ai",
    "purpose": "bổ sung hồ sơ vay vốn ngân hàng",
    "signer": {"lines": ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "name": "Trần Thị Lan"},
    "check_link": CHECK_LINK,
    "case_code": "09895-260205-0012",
}
LONG_CERTIFICATE = CERTIFICATE | {
    "subject": SUBJECT
    | {
        "full_name": "Tôn Nữ Huyền Tôn Đặng Thị Quỳnh Ngọc Ễ Ộ Ặ Ẵng Nguyễn Hoàng Thiên Phước Thảo Nguyên",
        "ethnicity": "Xơ Đăng (Xơ-teng)",
        "id_document": "Giấy chứng nhận căn cước số 001191000000, Cục Cảnh sát quản lý hành chính về trật tự xã hội",
        "residence": "số nhà 15, ngõ 234, ngách 12/7, đường Phượng Cách – Yên Sơn, thôn Đình Tổ (trước ngày 01/7/2025: "
        "thôn Đình Tổ, xã Phượng Cách, huyện Quốc Oai), xã Quốc Oai, thành phố Hà Nội",
    },
    "period": "Trong thời gian cư trú tại thôn Yên Nội, xã Đồng Quang, huyện Quốc Oai, thành phố Hà Nội từ ngày 05 "
    "tháng 02 năm 2009, đến ngày 31 tháng 12 năm 2018",
    "status": "Đã đăng ký kết hôn hoặc đã có vợ, nhưng đã ly hôn theo Quyết định công nhận thuận tình ly hôn và sự "
    "thỏa thuận của các đương sự số 1234/2019/QĐST-HNGĐ ngày 15 tháng 11 năm 2019 của Tòa án nhân dân huyện Quốc Oai, "
    "thành phố Hà Nội (nay là Tòa án nhân dân khu vực 11 – Hà Nội); hiện tại chưa đăng ký kết hôn với ai",
    "purpose": "làm thủ tục kết hôn với anh Nguyễn Việt Thử, sinh năm 1962, công dân Việt Nam, Hộ chiếu số B0000000 do "
    "Đại sứ quán Việt Nam tại Cộng hòa Liên bang Đức cấp ngày 01/02/2020; tại UBND xã Kiều Phú, thành phố Hà Nội",
}
CITIZEN = {
    "full_name": "Nguyễn Thị Ổn",
    "identity_number": "001191000000",
    "address": "thôn Đình Tổ, xã Quốc Oai, thành phố Hà Nội",
    "phone": "0900000000",
    "email": "on@example.vn",
}
RECEIPT = COMMON | {
    "number_line": "Số: 12/2026-TTPVHCC",
    "unit": "Điểm phục vụ hành chính công xã Quốc Oai",
    "case_code": "09895-260205-0012",
    "citizen": CITIZEN,
    "on_behalf": None,
    "procedure": "Cấp giấy xác nhận tình trạng hôn nhân",
    "papers": [],
    "copies": 1,
    "time_limit": "3 giờ làm việc",
    "received_at": datetime(2026, 2, 5, 9, 5, tzinfo=HANOI),
    "due_at": datetime(2026, 2, 5, 14, 5, tzinfo=HANOI),
    "due_sentence": "Ông/Bà nhận kết quả từ 14 giờ 05 phút hôm nay.",
    "deliver_at": "Tại quầy",
    "book": {"volume": "01", "line": "12"},
    "fee": "5.000 đồng",
    "receiver": "Hoàng Thị Mai",
    "status_link": STATUS_LINK,
    "words": {"fee_line": True},
}
PROXY_RECEIPT = RECEIPT | {
    "words": {"fee_line": True, "on_behalf": "Theo ủy quyền của Ông (Bà)/Tổ chức"},
    "on_behalf": {
        "full_name": "Nguyễn Văn Mẫu",
        "address": "thôn Yên Nội, xã Quốc Oai, thành phố Hà Nội",
        "identity_number": "001061000000",
        "paper": "Giấy ủy quyền số 45/2026 chứng thực ngày 03/02/2026 tại UBND xã Kiều Phú",
    },
    "papers": ["Giấy ủy quyền số 45/2026 (bản chính)", "Giấy xác nhận đã cấp ngày 01/02/2025 (bản chính)"],
}
REASONS = [
    {"text": "Người yêu cầu chưa từng thường trú tại xã Quốc Oai.", "source": "Nghị định 123/2015/NĐ-CP Điều 21"},
    {"text": "Mục đích sử dụng không được ghi", "source": "Thông tư 04/2020/TT-BTP Điều 12"},
]
REFUSAL = COMMON | {
    "number": "05",
    "symbol": "UBND-TP",
    "issued_on": date(2026, 11, 20),
    "signer": CERTIFICATE["signer"],
    "check_link": CHECK_LINK,
    "case_code": "09895-261120-0013",
    "procedure": "Cấp giấy xác nhận tình trạng hôn nhân",
    "basis": "khoản 2 Điều 5 Luật Hộ tịch năm 2014",
    "citizen": CITIZEN,
    "received_at": datetime(2026, 11, 20, 9, 5, tzinfo=HANOI),
    "reasons": REASONS,
    "complaint": "Nếu không đồng ý, Ông/Bà có quyền khiếu nại.",
}
REJECTION = COMMON | {
    "number_line": "Số: 02/2026/PTC-TTPVHCC",
    "unit": "Điểm phục vụ hành chính công xã Quốc Oai",
    "case_code": "",
    "citizen": CITIZEN,
    "procedure": "Cấp giấy xác nhận tình trạng hôn nhân",
    "issued_on": date(2026, 2, 5),
    "receiver": "Hoàng Thị Mai",
    "status_link": "",
    "reasons": REASONS[:1],
}
PAPERS = {
    "certificate": ("results/marital_certificate.html", CERTIFICATE),
    "long certificate": ("results/marital_certificate.html", LONG_CERTIFICATE),
    "refusal": ("results/refusal.html", REFUSAL),
    "receipt": ("slips/receipt.html", RECEIPT),
    "receipt for another": ("slips/receipt.html", PROXY_RECEIPT),
    "rejection": ("slips/rejection.html", REJECTION),
}
HOSTILE = (
    '<img src="file:///etc/passwd">',
    "<style>p{background:url(http://169.254.169.254/latest)}</style>",
    '<link rel="attachment" href="file:///etc/passwd">',
    "<script>alert(1)</script>",
    "{{7*7}}",
    "'; DROP TABLE citizens; --",
    '"><b>đậm</b>',
)

every_paper = pytest.mark.parametrize("name", PAPERS)


def made(name: str, **changes: object) -> Sheet:
    template, facts = PAPERS[name]
    return printing.paper(template, facts | changes)


@contextmanager
def opened(sheet: Sheet) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(sheet.pdf)
    try:
        yield document
    finally:
        document.close()


def text_of(sheet: Sheet) -> str:
    """What a reader or a search finds in the PDF, without white space: PDFium breaks lines where the paper does, and
    writes a hyphen at the end of a line as a control character."""
    with opened(sheet) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return squeezed(text.replace("\x02", "-"))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def values(facts: object) -> Iterator[str]:
    """Every text among the facts, however deep."""
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, Mapping):
        for value in facts.values():
            yield from values(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from values(value)


def inside(sheet: Sheet) -> bytes:
    """The file with every compressed stream opened."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", sheet.pdf, flags=re.DOTALL)
    opened_streams = []
    for stream in streams:
        try:
            opened_streams.append(zlib.decompress(stream))
        except zlib.error:
            opened_streams.append(stream)
    return sheet.pdf + b"\n".join(opened_streams)


def fonts_of(sheet: Sheet) -> set[tuple[str, bool]]:
    """(name without the subset's prefix, embedded or not) of every font a letter is drawn with."""
    fonts = set()
    with opened(sheet) as document:
        for page in document:
            for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                font = pdfium.FPDFTextObj_GetFont(drawn.raw)
                length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
                name = ctypes.create_string_buffer(length)
                pdfium.FPDFFont_GetBaseFontName(font, name, length)
                fonts.add((name.value.decode().split("+")[-1], bool(pdfium.FPDFFont_GetIsEmbedded(font))))
    return fonts


def letters_of(page: Any) -> list[tuple[str, float, float, float, float]]:
    """(letter, left, bottom, right, top) in points, as drawn."""
    text = page.get_textpage()
    every = [(text.get_text_range(at, 1), *text.get_charbox(at)) for at in range(text.count_chars())]
    return [letter for letter in every if letter[0].strip()]


def place_of(page: Any, words: str) -> tuple[float, float, float, float]:
    """(left, bottom, right, top) in points of the first place where `words` stand."""
    text = page.get_textpage()
    at, count = text.search(words, match_case=True).get_next()
    boxes = [text.get_charbox(index) for index in range(at, at + count) if text.get_text_range(index, 1).strip()]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def rules_of(page: Any) -> list[tuple[float, float, float]]:
    """(left, right, height above the bottom) in points of the rules of the head, from left to right."""
    bounds = [drawn.get_bounds() for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])]
    head = page.get_height() - 50 * MM
    return sorted((left, right, bottom) for left, bottom, right, _ in bounds if bottom > head)


# --- what stands on the paper ---------------------------------------------------------------------------------------
@every_paper
def test_every_fact_of_a_paper_can_be_found_in_its_text_letter_by_letter(name: str) -> None:
    facts = dict(PAPERS[name][1])
    in_capitals = {facts["subject"]["full_name"]} if "subject" in facts else {CITIZEN["full_name"]}
    not_printed = {"refusal": {CITIZEN["phone"], CITIZEN["email"]}}.get(name, set())
    if name.startswith("rec") or name == "rejection":
        not_printed = {COMMON["head"]["superior"]}

    text = text_of(made(name))

    for value in set(values(facts)) - not_printed:
        printed = value.removesuffix(".")
        assert squeezed(printed) in text or (value in in_capitals and squeezed(printed.upper()) in text), value
    assert unicodedata.is_normalized("NFC", text)


@every_paper
def test_a_paper_is_one_page(name: str) -> None:
    assert made(name).pages == 1


def test_the_certificate_says_the_sentences_of_the_form_in_their_order() -> None:
    text = text_of(made("certificate"))

    sentences = [
        "ỦY BAN NHÂN DÂN XÃ QUỐC OAI",
        "Số: 123/UBND-XNTTHN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Quốc Oai, ngày 05 tháng 02 năm 2026",
        "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
        "Xét đề nghị của ông: NGUYỄN VĂN MẪU - Công chức Tư pháp - Hộ tịch xã",
        "về việc cấp Giấy xác nhận tình trạng hôn nhân cho: NGUYỄN THỊ ỔN",
        "XÁC NHẬN:",
        "Họ, chữ đệm, tên: NGUYỄN THỊ ỔN",
        "Ngày, tháng, năm sinh: 05/02/1991",
        "Giới tính: Nữ",
        "Dân tộc: Kinh",
        "Quốc tịch: Việt Nam",
        "Giấy tờ tùy thân: Căn cước số 001191000000, Bộ Công an cấp ngày 12/03/2025",
        "Nơi cư trú: thôn Đình Tổ, xã Quốc Oai, thành phố Hà Nội",
        "Tình trạng hôn nhân: Hiện tại chưa đăng ký kết hôn với ai",
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp, được sử dụng để: bổ sung hồ sơ vay vốn "
        "ngân hàng.",
    ]
    places = [text.find(squeezed(sentence)) for sentence in sentences]
    assert -1 not in places
    assert places == sorted(places)


def test_the_line_of_a_past_period_is_left_out_when_none_is_certified() -> None:
    assert "Trongthờigiancưtrú" not in text_of(made("certificate"))
    assert "Trongthờigiancưtrú" in text_of(made("long certificate"))


def test_a_refusal_names_the_law_the_reasons_and_the_right_to_complain() -> None:
    text = text_of(made("refusal"))

    for sentence in (
        "V/v từ chối giải quyết hồ sơ",
        "Kính gửi: Ông/Bà NGUYỄN THỊ ỔN",
        "Ngày 20 tháng 11 năm 2026, Ủy ban nhân dân xã Quốc Oai tiếp nhận hồ sơ mã số 09895-261120-0013",
        "căn cứ khoản 2 Điều 5 Luật Hộ tịch năm 2014",
        "1. Người yêu cầu chưa từng thường trú tại xã Quốc Oai. (Căn cứ: Nghị định 123/2015/NĐ-CP Điều 21.)",
        "2. Mục đích sử dụng không được ghi. (Căn cứ: Thông tư 04/2020/TT-BTP Điều 12.)",
        "Ông/Bà có quyền khiếu nại",
        "Nơi nhận:",
    ):
        assert squeezed(sentence) in text, sentence


def test_a_receipt_without_papers_says_that_none_were_taken() -> None:
    assert squeezed("Không thu giấy tờ: dữ liệu lấy từ cơ sở dữ liệu") in text_of(made("receipt"))
    assert "Khôngthugiấytờ" not in text_of(made("receipt for another"))


def test_a_receipt_promises_an_hour_and_leaves_an_unknown_book_blank() -> None:
    text = text_of(made("receipt", book=None))

    assert squeezed("Thời gian nhận hồ sơ: 09 giờ 05 phút, ngày 05 tháng 02 năm 2026") in text
    assert squeezed("Thời gian trả kết quả giải quyết hồ sơ: 14 giờ 05 phút, ngày 05 tháng 02 năm 2026") in text
    assert squeezed("Quyển số: … Số thứ tự: …") in text


def test_letters_typed_in_pieces_are_printed_whole() -> None:
    in_pieces = unicodedata.normalize("NFD", "Nguyễn Thị Ổn")

    sheet = made("certificate", subject=SUBJECT | {"full_name": in_pieces})

    assert sheet.pdf == made("certificate").pdf


def test_marks_that_print_nothing_are_left_out() -> None:
    sheet = made("certificate", purpose="bổ sung\u200b hồ \u202esơ vay\u00ad vốn ngân hàng\ufeff")

    assert sheet.pdf == made("certificate").pdf


# --- days, moments, names -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 11, 20), "ngày 20 tháng 11 năm 2026"),
        (datetime(2026, 2, 4, 18, 30, tzinfo=UTC), "ngày 05 tháng 02 năm 2026"),
        (None, "ngày … tháng … năm …"),
    ],
)
def test_days_under_ten_and_months_one_and_two_carry_a_zero(day: date | None, words: str) -> None:
    assert papers.in_words(day) == words


def test_a_moment_is_written_in_the_time_of_the_counter() -> None:
    assert papers.moment_in_words(datetime(2026, 2, 5, 2, 5, tzinfo=UTC)) == "09 giờ 05 phút, ngày 05 tháng 02 năm 2026"
    assert papers.moment_in_words(None) == "… giờ … phút, ngày … tháng … năm …"


def test_capitals_keep_every_mark_even_of_a_name_typed_in_pieces() -> None:
    assert (
        papers.capitals("Đặng Thị Ễn") == papers.capitals(unicodedata.normalize("NFD", "Đặng Thị Ễn")) == "ĐẶNG THỊ ỄN"
    )


@pytest.mark.parametrize(
    ("issuer", "place", "within"),
    [
        ("ỦY BAN NHÂN DÂN XÃ QUỐC OAI", "Quốc Oai", "Ủy ban nhân dân xã Quốc Oai"),
        ("ỦY BAN NHÂN DÂN PHƯỜNG XUÂN PHƯƠNG", "Xuân Phương", "Ủy ban nhân dân phường Xuân Phương"),
        ("ỦY BAN NHÂN DÂN", "Quốc Oai", "Ủy ban nhân dân"),
    ],
)
def test_an_issuing_body_within_a_sentence_keeps_the_capitals_of_its_place(
    issuer: str, place: str, within: str
) -> None:
    assert papers.sentence_name(issuer, place) == within


def test_a_sentence_ends_with_one_full_stop() -> None:
    assert papers.ended("vay vốn") == papers.ended("vay vốn.") == papers.ended("vay vốn; ") == "vay vốn."


# --- trial and preview ----------------------------------------------------------------------------------------------
@every_paper
def test_a_trial_paper_says_so_above_its_text(name: str) -> None:
    sheet = made(name, test=True)

    with opened(sheet) as document:
        _, bottom, _, _ = place_of(document[0], "BẢN THỬ")
        _, _, _, head = place_of(document[0], "CỘNG HÒA")
        below = {letter[4] for letter in letters_of(document[0]) if letter[4] < bottom}
    assert "BẢNTHỬ" not in text_of(made(name))
    assert head < bottom
    assert head in below


def test_every_page_of_a_trial_carries_the_mark_and_pages_after_the_first_their_number() -> None:
    sheet = made("certificate", test=True, draft=True, purpose="một lý do rất dài; " * 500)

    with opened(sheet) as document:
        heads = [
            squeezed("".join(letter[0] for letter in letters_of(page) if letter[2] > page.get_height() - 18 * MM))
            for page in document
        ]
    assert heads == ["BẢNTHỬ–BẢNXEMTRƯỚC", "BẢNTHỬ–BẢNXEMTRƯỚC2", "BẢNTHỬ–BẢNXEMTRƯỚC3"]


def test_a_preview_has_no_number_and_no_code_to_scan() -> None:
    sheet = made("certificate", draft=True, number="", check_link="")

    assert "Số:…/UBND-XNTTHN" in text_of(sheet)
    assert "BẢNXEMTRƯỚC" in text_of(sheet)
    assert "<svg" not in sheet.html


def test_a_preview_breaks_its_lines_where_the_signed_paper_will() -> None:
    preview, signed = made("certificate", draft=True, number="", check_link=""), made("certificate")

    with opened(preview) as seen, opened(signed) as printed:
        assert place_of(seen[0], "Trần Thị Lan") == place_of(printed[0], "Trần Thị Lan")


# --- layout ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "width", "height", "left", "right"),
    [
        ("certificate", 210, 297, 30, 15),
        ("long certificate", 210, 297, 30, 15),
        ("refusal", 210, 297, 30, 15),
        ("receipt", 148, 210, 12, 10),
        ("receipt for another", 148, 210, 12, 10),
        ("rejection", 148, 210, 12, 10),
    ],
)
def test_results_are_a4_slips_a5_and_no_letter_stands_in_the_margin(
    name: str, width: int, height: int, left: int, right: int
) -> None:
    with opened(made(name)) as document:
        page = document[0]
        letters = letters_of(page)
        size = tuple(round(side / MM, 1) for side in page.get_size())

    assert size == (width, height)
    assert min(letter[1] for letter in letters) / MM >= left - 0.3
    assert max(letter[3] for letter in letters) / MM <= width - right + 0.3
    assert min(letter[2] for letter in letters) / MM >= (20 if width == 210 else 9) - 0.3


@every_paper
def test_the_rules_of_the_head_are_as_long_as_the_decree_says(name: str) -> None:
    with opened(made(name)) as document:
        page = document[0]
        motto = place_of(page, "Độc lập - Tự do - Hạnh phúc")
        issuer = place_of(page, "TRUNG TÂM PHỤC VỤ" if page.get_width() < 500 else COMMON["head"]["issuer"])
        under_issuer, under_motto = rules_of(page)

    assert abs(under_motto[0] - motto[0]) < 1
    assert abs(under_motto[1] - motto[2]) < 1
    assert motto[1] - 3 < under_motto[2] < motto[1] + 1
    assert 1 / 3 <= (under_issuer[1] - under_issuer[0]) / (issuer[2] - issuer[0]) <= 1 / 2
    assert abs((under_issuer[0] + under_issuer[1]) - (issuer[0] + issuer[2])) < 2


def test_ten_thousand_letters_without_a_space_stay_on_their_pages() -> None:
    sheet = made("certificate", purpose="ƠƯ" * 5_000)

    with opened(sheet) as document:
        letters = [letter for page in document for letter in letters_of(page)]
    assert text_of(sheet).count("ƠƯ") == 5_000
    assert max(letter[3] for letter in letters) <= 195.3 * MM
    assert min(letter[2] for letter in letters) >= 19.7 * MM


# --- the QR on paper ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "link", "least_mm", "page_mm"),
    [
        ("certificate", CHECK_LINK, 25, 210),
        ("refusal", CHECK_LINK, 25, 210),
        ("receipt", STATUS_LINK, 20, 148),
        ("receipt for another", STATUS_LINK, 20, 148),
    ],
)
def test_the_code_is_large_enough_and_read_from_a_scan_and_from_a_pale_smaller_copy(
    name: str, link: str, least_mm: int, page_mm: int
) -> None:
    dots = 150 / 25.4
    scan = Image.open(io.BytesIO(made(name).picture(round(page_mm * dots))))
    copy = scan.resize((scan.width * 8 // 10, scan.height * 8 // 10)).point(lambda shade: 204 + shade // 5)

    read, read_again = zxingcpp.read_barcode(scan), zxingcpp.read_barcode(copy)

    assert read is not None
    assert read_again is not None
    assert (read.text, read_again.text) == (link, link)
    corners = read.position
    assert (corners.top_right.x - corners.top_left.x) / dots >= least_mm - 0.3
    assert squeezed(link) in text_of(made(name))


def test_a_code_is_never_called_more_than_it_is() -> None:
    sheet = made("certificate")

    assert sheet.html.count("<title>Mã tra cứu hồ sơ</title>") == 1
    assert squeezed("Mã tra cứu hồ sơ") in text_of(sheet)


# --- nothing from outside -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_field_is_printed_as_the_text_it_is(text: str) -> None:
    sheet = made("certificate", status=text, purpose="-")

    assert squeezed(f"Tình trạng hôn nhân: {text} Giấy này") in text_of(sheet)
    assert b"EmbeddedFile" not in inside(sheet)
    assert b"MarkInfo" in inside(sheet)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="file:///etc/passwd">',
        '<p style="background: url(http://169.254.169.254/latest)">x</p>',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="https://example.vn/style.css">',
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
        "<style>@import url(file:///etc/passwd);</style>",
    ],
)
def test_a_template_that_reaches_out_stops_the_press(html: str) -> None:
    with pytest.raises(printing.ReachesOut):
        printing.press(f'<html lang="vi"><title>x</title>{html}</html>')

    assert printing.press('<html lang="vi"><title>x</title><p>Bình yên</p></html>').pages == 1


def test_three_hundred_marks_on_one_letter_end_in_a_paper() -> None:
    assert made("certificate", purpose="a" + "\u0301" * 300).pages == 1


def test_a_letter_that_the_font_lacks_is_refused_and_named() -> None:
    with pytest.raises(printing.Unprintable, match=r"^U\+6F22, U\+1F600$"):
        made("certificate", purpose="漢 😀")


def test_more_text_than_a_paper_holds_is_refused() -> None:
    with pytest.raises(printing.TooLong):
        made("certificate", purpose="a " * printing.LONGEST)


# an alarm inside a callback of the collector is lost there, which is why it goes off more than once
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_paper_that_takes_too_long_is_stopped_and_the_next_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made("certificate")
    monkeypatch.setattr(printing, "SECONDS", 0.01)
    with pytest.raises(printing.TooLong):
        made("certificate", purpose="một lý do rất dài; " * 300)
    monkeypatch.undo()

    assert made("certificate").pages == 1


# --- fonts, standards, bytes ----------------------------------------------------------------------------------------
@every_paper
def test_every_letter_is_drawn_with_tinos_and_tinos_is_inside(name: str) -> None:
    fonts = fonts_of(made(name, test=True))

    assert {font.split("-")[0] for font, _ in fonts} == {"Tinos"}
    assert {embedded for _, embedded in fonts} == {True}


def test_the_shipped_fonts_draw_every_vietnamese_letter() -> None:
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones} | {"đ"}
    alphabet = "".join(sorted(letters | {letter.upper() for letter in letters}))

    styles = f"<p>{alphabet}</p><p><b>{alphabet}</b></p><p><i>{alphabet}</i></p><p><b><i>{alphabet}</i></b></p>"
    sheet = printing.press(f'<html lang="vi"><title>x</title>{styles}</html>')

    assert len(alphabet) == 146
    assert text_of(sheet) == alphabet * 4


def test_a_missing_or_changed_font_is_named_and_stops_the_press(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tinos").mkdir()
    for path in printing._shipped():
        (tmp_path / path).write_bytes((printing.FONTS / path).read_bytes())
    (tmp_path / "tinos" / "Tinos-Bold.ttf").unlink()
    (tmp_path / "tinos" / "Tinos-Italic.ttf").write_bytes(b"another font")
    monkeypatch.setattr(printing, "FONTS", tmp_path)
    monkeypatch.setattr(printing, "FONTS_CONF", tmp_path / "fonts.conf")

    assert printing.missing_fonts() == ["tinos/Tinos-Bold.ttf", "tinos/Tinos-Italic.ttf", "fonts.conf"]
    with pytest.raises(printing.FontMissing, match=r"Tinos-Bold\.ttf"):
        printing._the_press.__wrapped__()


def test_the_fonts_we_ship_are_all_here() -> None:
    assert printing.missing_fonts() == []


@every_paper
def test_a_paper_says_that_it_is_pdf_a_2a_and_pdf_ua_1(name: str) -> None:
    data = inside(made(name))

    assert b'pdfaid:part="2"' in data
    assert b'pdfaid:conformance="A"' in data
    assert b'pdfuaid:part="1"' in data
    assert b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in data
    assert re.search(rb"/Lang \(vi\)", data)


@every_paper
def test_the_same_facts_give_the_same_bytes_on_any_day(name: str) -> None:
    first = made(name)
    with time_machine.travel(datetime(2031, 7, 1, 3, tzinfo=HANOI)):
        second = made(name)

    assert first == second
    assert first.sha256 == second.sha256


def test_the_same_facts_give_the_same_bytes_in_another_process_on_another_host(tmp_path: Path) -> None:
    program = (
        "import django; django.setup()\n"
        "from tests.procedures.papers.test_printing import PAPERS, made\n"
        "print(*(made(name).sha256 for name in PAPERS))"
    )
    elsewhere = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "oneshop.settings",
        "PYTHONHASHSEED": "7",
        "HOME": str(tmp_path),
        "TZ": "America/Lima",
        "LANG": "C",
        "FONTCONFIG_FILE": str(tmp_path / "no-such-file"),
    }

    other = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env=elsewhere,
        cwd=printing.STATIC.parent,
    )

    assert other.stdout.split() == [made(name).sha256 for name in PAPERS]


def test_other_facts_give_other_bytes() -> None:
    assert made("certificate").sha256 != made("certificate", number="124").sha256


def test_what_we_start_later_keeps_the_fonts_of_the_host() -> None:
    made("certificate")

    assert os.environ.get("FONTCONFIG_FILE") != str(printing.FONTS_CONF)


# --- the picture ----------------------------------------------------------------------------------------------------
def test_the_picture_is_page_one_of_the_pdf_at_the_width_asked_for() -> None:
    image = Image.open(io.BytesIO(made("certificate").picture(1000)))

    assert image.format == "PNG"
    assert image.width == 1000
    assert abs(image.height / image.width - 297 / 210) < 0.002
    assert image.getextrema() == (0, 255)
    assert image.getpixel((2, 2)) == 255
