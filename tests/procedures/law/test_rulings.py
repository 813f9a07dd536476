"""A commune rules on what no source confirms: what that changes, from when on, and what it leaves alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from django.db import DatabaseError, transaction

from citizens.models import Certificate, Citizen
from oneshop import checks, walls
from oneshop.models import CalendarChange, Commune, Entry, Officer
from procedures import papers, rulings, workflow
from procedures.applications import application_of, rulings_of
from procedures.catalogue import catalogue
from procedures.frozen import thaw
from procedures.house_points import (
    A5,
    COMPLAINT,
    HOW_TO_SIGN,
    KT_LINE,
    STOCK_LOW,
    STOP_SYMBOL,
    SUPERIOR_LINE,
    all_points,
    house_points,
)
from procedures.models import Case, Result, Ruling, Slip
from procedures.papers import samples
from procedures.rules.points import LONGEST, MOST, Point, Sort
from procedures.rulings import Group, RulingRefused, Standing, groups, rule_on, standing_of
from procedures.wordings.marital import (
    CAPITALS,
    FEE,
    LAST_DAY,
    NOT_FOR_MARRIAGE,
    PERIOD_LINE,
    PERIOD_STATUS,
    USED_FOR,
)
from tests import factories

Rule = Callable[..., Ruling]


@pytest.fixture
def rule(tri: Officer, at: datetime) -> Rule:
    def ruled(point: Point, value: str, **changes: Any) -> Ruling:
        facts = {"valid_from": at.date(), "source": "Mẫu TT 04/2020", "is_confirmed": True, "by": tri, "at": at}
        return rule_on(point, value, **facts | changes)

    return ruled


@pytest.fixture
def open_case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    """Received a minute before the commune rules on anything."""
    return factories.case(khach, by=mai, at=at - timedelta(minutes=1))


@pytest.fixture
def another(quoc_oai: Commune) -> Citizen:
    return factories.citizen(quoc_oai, "001192000111", "Nguyễn Thị Khác")


def text_of(pdf: Any) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(bytes(pdf)))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- the very paper ---
@pytest.mark.parametrize(
    ("point", "value", "before", "after"),
    [
        (CAPITALS, "no", "Họ, chữ đệm, tên: TRẦN THỊ THỬ", "Họ, chữ đệm, tên: Trần Thị Thử"),
        (USED_FOR, "được cấp để", "được sử dụng để: bổ sung hồ sơ", "được cấp để: bổ sung hồ sơ"),
        (PERIOD_LINE, "yes", "Nơi cư trú:", "Trong thời gian cư trú tại … từ ngày … tháng … năm …"),
        (NOT_FOR_MARRIAGE, "yes", "vay vốn ngân hàng.", "vay vốn ngân hàng, không có giá trị đăng ký kết hôn."),
        (SUPERIOR_LINE, "no", "THÀNH PHỐ HÀ NỘI", "ỦY BAN NHÂN DÂN"),
        (HOW_TO_SIGN, "no", "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)", "NGƯỜI KÝ GIẤY XÁC NHẬN"),
    ],
    ids=lambda value: value.key if isinstance(value, Point) else "",
)
def test_a_ruling_changes_the_paper_of_the_next_case_and_not_of_the_open_one(
    point: Point,
    value: str,
    before: str,
    after: str,
    rule: Rule,
    open_case: Case,
    another: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    at: datetime,
) -> None:
    rule(point, value)
    next_case = factories.case(another, by=mai, at=at, purpose_text="bổ sung hồ sơ vay vốn ngân hàng")

    old = text_of(factories.signed(open_case, handled_by=hung, by=lan, at=at).pdf)
    new = text_of(factories.signed(next_case, handled_by=hung, by=lan, at=at).pdf)

    renamed = after.replace("Trần Thị Thử", "Nguyễn Thị Khác")
    assert squeezed(before) in squeezed(old)
    assert squeezed(renamed) in squeezed(new)
    if point not in (PERIOD_LINE, NOT_FOR_MARRIAGE):
        assert squeezed(before.replace("TRẦN THỊ THỬ", "NGUYỄN THỊ KHÁC")) not in squeezed(new)
    else:
        assert squeezed(after) not in squeezed(old)


def test_what_was_signed_is_printed_again_byte_for_byte_after_a_ruling(
    rule: Rule, open_case: Case, hung: Officer, lan: Officer, at: datetime
) -> None:
    signed = factories.signed(open_case, handled_by=hung, by=lan, at=at)

    rule(CAPITALS, "no")
    again = papers.render("results/marital_certificate.html", thaw(signed.facts))

    assert bytes(Result.objects.get(pk=signed.pk).pdf) == bytes(signed.pdf) == again.pdf


def test_an_open_case_is_signed_under_the_rulings_it_was_received_under(
    rule: Rule, open_case: Case, at: datetime
) -> None:
    rule(USED_FOR, "được cấp để")

    open_case.refresh_from_db()
    assert open_case.rulings == {}
    assert USED_FOR.of(application_of(open_case)) == "được sử dụng để"


def test_a_ruling_for_tomorrow_waits_and_the_later_of_two_prevails(
    rule: Rule, quoc_oai: Commune, tri: Officer, at: datetime
) -> None:
    marital = catalogue()["marital_certificate"]
    tomorrow = at.date() + timedelta(days=1)
    rule(FEE, "8000", valid_from=tomorrow)
    rule(FEE, "6000")
    rule(FEE, "7000")

    assert rulings_of(marital, quoc_oai.pk, on=at.date()) == {FEE.key: "7000"}
    assert rulings_of(marital, quoc_oai.pk, on=tomorrow) == {FEE.key: "8000"}
    standing = standing_of(FEE, quoc_oai.pk, at.date())
    assert (standing.value, [row.value for row in standing.coming]) == ("7000", ["8000"])


def test_another_commune_keeps_its_own(rule: Rule, kieu_phu: Commune, at: datetime) -> None:
    rule(FEE, "8000")

    with walls.within(kieu_phu.pk):
        assert rulings_of(catalogue()["marital_certificate"], kieu_phu.pk, on=at.date()) == {}
        assert not Ruling.objects.exists()


# --- amounts and practices ---
def test_the_fee_that_the_commune_has_ruled_is_charged_and_printed_on_the_slip(
    rule: Rule, open_case: Case, another: Citizen, mai: Officer, at: datetime
) -> None:
    rule(FEE, "8.000")
    next_case = factories.case(another, by=mai, at=at)

    old, new = (workflow.issue_receipt(case, by=mai, at=at) for case in (open_case, next_case))

    assert "Phí, lệ phí: 5.000 đồng" in text_of(old.pdf)
    assert "Phí, lệ phí: 8.000 đồng" in text_of(new.pdf)
    charge = next_case.procedure.charge(application_of(next_case))
    assert (charge.amount, charge.text) == (8000, "8.000 đồng")


def test_a_fee_of_nothing_is_said_in_words_and_an_exemption_stays_one(
    rule: Rule, khach: Citizen, another: Citizen, mai: Officer, at: datetime
) -> None:
    rule(FEE, "0")
    free = factories.case(khach, by=mai, at=at)
    exempt = factories.case(another, by=mai, at=at, fee="exempt_poor")

    assert free.procedure.charge(application_of(free)).text == "Không thu"
    assert exempt.procedure.charge(application_of(exempt)).text == "Được miễn"


def test_the_last_day_of_the_six_months_follows_the_ruling(
    rule: Rule, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    rule(LAST_DAY, "no")
    factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)

    assert Certificate.objects.get().expires_on == date(2027, 5, 22)


def test_a_deputy_signs_with_one_line_where_the_commune_says_so(
    rule: Rule, khach: Citizen, mai: Officer, hung: Officer, son: Officer, at: datetime
) -> None:
    factories.shift(son, "signer", starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))  # type: ignore[arg-type]
    rule(KT_LINE, "no")
    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=son, at=at)

    assert "KT." not in text_of(result.pdf)
    assert "PHÓ CHỦ TỊCH" in text_of(result.pdf)
    assert result.signer_title == "PHÓ CHỦ TỊCH"


def test_the_line_kt_stays_on_a_letter_of_refusal(
    rule: Rule, khach: Citizen, mai: Officer, hung: Officer, son: Officer, at: datetime
) -> None:
    """An administrative letter follows Nghị định 30/2020, whatever papers of civil status do."""
    factories.shift(son, "signer", starts_at=at.replace(hour=7), ends_at=at.replace(hour=18))  # type: ignore[arg-type]
    rule(KT_LINE, "no")
    rule(COMPLAINT, "")
    case = factories.case(khach, by=mai, at=at)
    workflow.submit_refusal(case, by=hung, at=at, note="Chưa đủ căn cứ")
    [letter] = workflow.sign(case, by=son, at=at, seen=factories.seen(case, son, at))

    assert "KT. CHỦ TỊCH" in text_of(letter.pdf)
    assert "khiếu nại" not in text_of(letter.pdf)


def test_the_slips_say_what_the_commune_rules(
    rule: Rule, open_case: Case, another: Citizen, mai: Officer, hung: Officer, at: datetime
) -> None:
    known = all_points()
    rule(STOP_SYMBOL, "TBDGQ-TTPVHCC")
    rule(known["slip_stop.asked"], "Theo đơn xin rút")
    rule(known["slip_stop.applicant_signs"], "no")
    next_case = factories.case(another, by=mai, at=at)
    for case in (open_case, next_case):
        workflow.withdraw(case, by=mai, at=at, note="không cần nữa")

    old, new = (text_of(case.slips.get(kind=Slip.Kind.STOP).pdf) for case in (open_case, next_case))

    assert "/2026/TBD-TTPVHCC" in old
    assert "Theo đề nghị của người nộp hồ sơ, hồ sơ dừng giải quyết" in old
    assert "NGƯỜI NỘP HỒ SƠ" in old
    assert "/2026/TBDGQ-TTPVHCC" in new
    assert "Theo đơn xin rút, hồ sơ dừng giải quyết" in new
    assert "NGƯỜI NỘP HỒ SƠ" not in new


def test_slips_on_a4_stay_one_page(rule: Rule, khach: Citizen, mai: Officer, at: datetime) -> None:
    rule(A5, "no")
    slip = workflow.issue_receipt(factories.case(khach, by=mai, at=at), by=mai, at=at)

    document = pypdfium2.PdfDocument(io.BytesIO(bytes(slip.pdf)))
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert len(document) == 1


# --- who may rule, and on what ---
def test_only_the_administrator_rules(rule: Rule, mai: Officer, doi: Officer) -> None:
    for officer in (mai, doi):
        with pytest.raises(RulingRefused, match="Quản trị"):
            rule(CAPITALS, "no", by=officer)

    assert not Ruling.objects.exists()


@pytest.mark.parametrize(
    ("point", "value", "where", "said"),
    [
        (CAPITALS, "maybe", "value", "Chọn “Có” hoặc “Không”."),
        (FEE, "năm nghìn", "value", "Ghi một số nguyên"),
        (FEE, "-5000", "value", "Ghi một số nguyên"),
        (FEE, "", "value", "Ghi một số nguyên"),
        (FEE, "٥٠٠٠", "value", "Ghi một số nguyên"),
        (FEE, str(MOST + 1), "value", "Số lớn quá"),
        (USED_FOR, "  ", "value", "Ghi nội dung sẽ in."),
        (USED_FOR, "a" * (LONGEST + 1), "value", "Dài quá"),
        (USED_FOR, "được cấp để 😀", "value", "Không in được nội dung này"),
    ],
)
def test_a_value_of_another_sort_is_refused(rule: Rule, point: Point, value: str, where: str, said: str) -> None:
    with pytest.raises(RulingRefused, match=said) as refused:
        rule(point, value)

    assert refused.value.where == where
    assert not Ruling.objects.exists()


def test_the_past_is_not_ruled_and_no_ruling_goes_without_its_source(rule: Rule, at: datetime) -> None:
    for changes, where in (
        ({"valid_from": at.date() - timedelta(days=1)}, "valid_from"),
        ({"valid_from": at.date().replace(year=2062)}, "valid_from"),
        ({"source": "  "}, "source"),
    ):
        with pytest.raises(RulingRefused) as refused:
            rule(CAPITALS, "no", **changes)
        assert refused.value.where == where


def test_a_point_that_nobody_lists_cannot_be_ruled(rule: Rule) -> None:
    with pytest.raises(RulingRefused, match="Không có điểm này"):
        rule(Point("moon.phase", "Trên trăng", "yes", "Không rõ.", Sort.YES_NO), "no")


def test_what_is_ruled_is_kept_composed_and_written_in_the_diary(rule: Rule, tri: Officer) -> None:
    ruling = rule(USED_FOR, "  được  cấp để ")

    assert ruling.value == "được cấp để"
    entry = Entry.objects.get(act="rule")
    assert (entry.kind, entry.key, entry.officer_id) == ("point", USED_FOR.key, tri.pk)
    assert entry.why == "được cấp để; từ 23/11/2026; Mẫu TT 04/2020"


def test_a_ruling_never_changes(rule: Rule) -> None:
    ruling = rule(CAPITALS, "no")

    with pytest.raises(DatabaseError), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(value="yes")


# --- the list ---
def found(quoc_oai: Commune, on: date) -> dict[str, Group]:
    return {group.name: group for group in groups(quoc_oai.pk, on)}


def test_every_point_of_every_procedure_and_of_the_house_is_listed_once(quoc_oai: Commune, at: datetime) -> None:
    keys = [row.point.key for group in groups(quoc_oai.pk, at.date()) for row in group.standings]

    assert sorted(keys) == sorted(all_points())
    assert {STOCK_LOW, KT_LINE, CAPITALS} <= set(all_points().values())
    assert [group.name for group in groups(quoc_oai.pk, at.date())][: len(catalogue())] == [
        procedure.name for procedure in catalogue()
    ]


def test_what_is_confirmed_leaves_the_list_of_what_is_left(rule: Rule, quoc_oai: Commune, at: datetime) -> None:
    name = catalogue()["marital_certificate"].name
    before = found(quoc_oai, at.date())[name]
    rule(CAPITALS, "yes")
    rule(USED_FOR, "được cấp để", is_confirmed=False)

    after = found(quoc_oai, at.date())[name]

    assert after.left == before.left - 1
    left = {row.point for row in after.remaining().standings}
    assert CAPITALS not in left
    assert USED_FOR in left


def test_versions_fees_and_rules_in_doubt_are_listed_with_their_days(quoc_oai: Commune, at: datetime) -> None:
    listed = found(quoc_oai, at.date())[catalogue()["marital_certificate"].name].listed

    by_place = {row.place: row for row in listed}
    assert by_place["Văn bản áp dụng từ 01/03/2027"].is_settled is False
    assert by_place["Văn bản áp dụng từ 01/01/2016"].is_settled is True
    assert by_place["Lệ phí từ 01/01/2016"].value == "5.000 đồng"
    assert sum(place.startswith("Điều kiện “") for place in by_place) == 3


def test_a_fee_that_is_ruled_and_confirmed_is_settled_in_the_list_of_fees(
    rule: Rule, quoc_oai: Commune, at: datetime
) -> None:
    rule(FEE, "8000")

    [fee] = [
        row
        for row in found(quoc_oai, at.date())[catalogue()["marital_certificate"].name].listed
        if row.place.startswith("Lệ phí")
    ]
    assert (fee.value, fee.is_settled) == ("8.000 đồng", True)


def test_estimated_holidays_hours_blanks_and_periods_stand_in_the_list_of_the_house(
    quoc_oai: Commune, tri: Officer, at: datetime
) -> None:
    house = found(quoc_oai, at.date())["Lịch, phôi in sẵn, lưu trữ"]
    places = [row.place for row in house.listed]

    assert sum(place.startswith("Lịch nghỉ, dự kiến") for place in places) == 8
    assert "Giờ làm việc, Thứ Hai" in places
    assert sum(place.startswith("Phôi ") for place in places) == 3
    assert "Thời hạn lưu" in places
    CalendarChange.objects.create(
        commune=quoc_oai, on=date(2027, 2, 4), kind="closure", reason="Tết", document="TB 1", by=tri, at=at
    )
    assert found(quoc_oai, at.date())["Lịch, phôi in sẵn, lưu trữ"].left == house.left - 1


# --- samples ---
@pytest.mark.parametrize("key", sorted(all_points()))
def test_every_point_is_shown_on_a_sample_or_stands_on_no_paper(key: str, tri: Officer, at: datetime) -> None:
    point = all_points()[key]

    shown = samples.samples_of(point, point.value, by=tri, at=at)

    for sample in shown:
        assert sample.sheet().pages >= 1
    if point in house_points() and not point.daily:
        assert shown, "what the house prints is seen on a sample"
    if point.daily:
        assert not shown


@pytest.mark.parametrize("point", [CAPITALS, USED_FOR, PERIOD_LINE])
def test_a_sample_shows_what_is_tried(point: Point, tri: Officer, at: datetime) -> None:
    one, other = point.others

    [first], [second] = (samples.samples_of(point, value, by=tri, at=at) for value in (one, other))

    assert first.name == "Giấy xác nhận tình trạng hôn nhân"
    assert first.sheet().pdf != second.sheet().pdf
    assert not Case.objects.exists()


def test_a_point_of_a_later_law_is_shown_by_that_law(tri: Officer, at: datetime) -> None:
    point = all_points()["death_extract.signer_line_2027"]

    [sample] = samples.samples_of(point, "NGƯỜI KÝ THỬ", by=tri, at=at)

    assert sample.name == "Giấy chứng tử"
    assert "NGƯỜI KÝ THỬ" in sample.html


def test_the_status_in_an_earlier_period_takes_the_words_ruled(rule: Rule, tri: Officer, at: datetime) -> None:
    """Not seen on the sample of somebody single; ruled all the same."""
    assert samples.samples_of(PERIOD_STATUS, "x", by=tri, at=at) == []
    assert rule(PERIOD_STATUS, "không có vợ hoặc chồng").value == "không có vợ hoặc chồng"


# --- at start ---


def test_two_points_of_one_key_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = Point(CAPITALS.key, "Chỗ khác", "no", "Khác.", Sort.YES_NO)
    monkeypatch.setattr(checks, "listed_points", lambda: [CAPITALS, twin])

    [fault] = checks.every_point_is_itself(None)

    assert fault.id == "oneshop.E007"


@pytest.mark.parametrize(
    "point",
    [
        Point("a.b", "x", "perhaps", "y", Sort.YES_NO),
        Point("a.b", "x", "5.000", "y", Sort.NUMBER),
        Point("a.b", "x", "", "y"),
        Point("a.b", "x", "hai  dấu cách", "y"),
    ],
)
def test_a_default_that_could_not_be_ruled_stops_the_start(point: Point, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "listed_points", lambda: [point])

    assert [fault.id for fault in checks.every_point_is_itself(None)] == ["oneshop.E008"]


def test_the_points_of_the_house_pass(db: None) -> None:
    assert checks.every_point_is_itself(None) == []
    assert checks.the_law_stands_in_the_order_of_its_days(None) == []


def test_a_ruling_whose_point_is_gone_is_told_at_the_start(quoc_oai: Commune, tri: Officer, at: datetime) -> None:
    Ruling.objects.create(
        commune=quoc_oai, key="old.label", value="x", valid_from=at.date(), source="Mẫu", by=tri, at=at
    )

    [warning] = checks.every_ruling_finds_its_point(None, databases=["default"])

    assert warning.id == "oneshop.W001"
    assert "old.label" in warning.msg
    assert checks.every_ruling_finds_its_point(None) == []
    assert rulings.orphans() == ["old.label"]


def test_standing_knows_its_default() -> None:
    assert Standing(CAPITALS).value == "yes"
    assert not Standing(CAPITALS).is_settled
