"""The specialist's pages of poor households: find, enter, correct, a round, a year."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from citizens.forms.household import ReviewForm
from citizens.households import Area, current_round, standards
from citizens.models import (
    Citizen,
    Household,
    HouseholdAmendment,
    HouseholdMember,
    HouseholdRecognition,
    HouseholdReview,
    VillageArea,
)
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from oneshop.roles import Role
from procedures import workflow
from procedures.catalogue import catalogue
from procedures.models import Case, Ruling
from procedures.rules.household import status_name
from tests import factories

NOW = datetime(2026, 3, 24, 8, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
START = "2026-03-15"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def household(quoc_oai: Commune, khach: Citizen) -> Household:
    now = timezone.now()
    row = Household.objects.create(
        commune=quoc_oai, village="Thôn 1", address="Thôn 1, Xã Quốc Oai", source="thử", recorded_at=now
    )
    HouseholdMember.of(khach, "head", household=row, commune=quoc_oai, occupation="idle", paper="thử", at=now).save()
    return row


@pytest.fixture
def rural(quoc_oai: Commune) -> VillageArea:
    return VillageArea.objects.create(
        commune=quoc_oai, village="Thôn 1", area="rural", since=date(2025, 7, 1), paper="QĐ 1", at=timezone.now()
    )


@pytest.fixture
def desk(client: Client, hung: Officer) -> Client:
    client.force_login(hung)
    return client


KEYS = count()


def post(desk: Client, address: str, /, **facts: Any) -> Any:
    return desk.post(address, {"form_key": f"{next(KEYS):020}"} | facts)


def opened(desk: Client, row: Household) -> str:
    """The page of the household, once the purpose has been said."""
    post(desk, f"/cong-dan/ho-ngheo/{row.pk}/muc-dich", reason="sửa, bổ sung dữ liệu")
    return desk.get(f"/cong-dan/ho-ngheo/{row.pk}").content.decode()


def test_nobody_is_listed_unasked_and_a_search_stands_in_the_diary(household: Household, desk: Client) -> None:
    here = "/cong-dan/ho-ngheo"

    unasked = desk.get(here).content.decode()
    found = desk.post(here, {"text": "tran thu"}).content.decode()
    nothing = desk.post(here, {"text": "khong co"}).content.decode()

    assert "Trần Thị Thử" not in unasked
    assert "Trần Thị Thử" in found
    assert "Hộ nghèo</td>" not in found
    assert "Hộ chưa có trong sổ" in nothing
    assert list(Entry.objects.filter(act="search").values_list("why", flat=True)) == ["1 hộ", "0 hộ"]


def test_a_household_stays_closed_until_somebody_says_why(household: Household, desk: Client) -> None:
    here = f"/cong-dan/ho-ngheo/{household.pk}"

    asked = desk.get(here).content.decode()
    silent = post(desk, f"{here}/muc-dich", reason="other", other="")
    shown = opened(desk, household)

    assert "Trần Thị Thử" not in asked
    assert silent.status_code == 422
    assert "Trần Thị Thử" in shown
    assert Entry.objects.get(act="look", kind="household").why == "sửa, bổ sung dữ liệu"


def test_the_household_of_another_commune_does_not_exist(
    household: Household, kieu_phu: Commune, client: Client
) -> None:
    with walls.within(kieu_phu.pk):
        stranger = factories.officer(kieu_phu, "khach.la", Role.SPECIALIST)
    client.force_login(stranger)
    base = f"/cong-dan/ho-ngheo/{household.pk}"

    codes = {client.get(f"{base}{end}").status_code for end in ("", "/sua", "/thanh-vien", "/nam", f"/ra-soat/{START}")}

    assert codes == {404}
    assert "Trần" not in client.post("/cong-dan/ho-ngheo", {"text": "tran thu"}).content.decode()


def test_a_household_is_entered_by_its_head(quoc_oai: Commune, khach: Citizen, desk: Client) -> None:
    facts = {"village": "Thôn 2", "address": "Thôn 2", "occupation": "idle", "source": "dữ liệu cư trú"}
    here = "/cong-dan/ho-ngheo/moi"

    unknown = post(desk, here, identity_number="001085000000", **facts)
    made = post(desk, here, identity_number=khach.identity_number, **facts)
    again = desk.post(here, facts | {"identity_number": khach.identity_number, "form_key": "a" * 20})

    row = Household.objects.get()
    assert "Chưa có người này" in unknown.content.decode()
    assert made["Location"] == f"/cong-dan/ho-ngheo/{row.pk}"
    assert [(member.full_name, member.relation) for member in row.members.all()] == [("Trần Thị Thử", "head")]
    assert "đã là chủ hộ" in again.content.decode()
    assert "Trần Thị Thử" in desk.get(made["Location"]).content.decode()


def test_the_address_is_corrected_on_a_paper_and_the_former_one_stays(household: Household, desk: Client) -> None:
    here = f"/cong-dan/ho-ngheo/{household.pk}/sua"
    facts = {"village": "Thôn 3", "address": "Thôn 3", "version": 1}

    without = post(desk, here, **facts, paper="")
    done = post(desk, here, **facts, paper="Thông báo cư trú số 5")
    late = desk.post(here, facts | {"village": "Thôn 4", "paper": "khác", "form_key": "b" * 20})

    assert "Ghi giấy tờ làm căn cứ." in without.content.decode()
    assert done.status_code == 302
    assert list(HouseholdAmendment.objects.values_list("field", "before", "after", "paper")) == [
        ("thôn, tổ dân phố", "Thôn 1", "Thôn 3", "Thông báo cư trú số 5"),
        ("nơi ở của hộ", "Thôn 1, Xã Quốc Oai", "Thôn 3", "Thông báo cư trú số 5"),
    ]
    assert "Người khác vừa sửa" in late.content.decode()


def test_a_member_on_record_needs_a_number_only_and_stands_once(
    household: Household, quoc_oai: Commune, desk: Client
) -> None:
    factories.citizen(quoc_oai, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))
    here = f"/cong-dan/ho-ngheo/{household.pk}/thanh-vien"
    facts = {"identity_number": "001085000000", "relation": "husband", "occupation": "working", "paper": "cư trú"}

    first = post(desk, here, **facts)
    second = desk.post(here, facts | {"form_key": "c" * 20})

    assert first.status_code == 302
    assert "đã có trong hộ" in second.content.decode()
    member = household.members.get(relation="husband")
    assert (member.full_name, member.birth_date, member.sex) == ("Nguyễn Văn Mẫu", date(1985, 3, 5), "male")


def test_a_child_without_a_record_is_written_down_whole(household: Household, desk: Client) -> None:
    here = f"/cong-dan/ho-ngheo/{household.pk}/thanh-vien"
    facts = {"relation": "child", "occupation": "studying", "paper": "giấy khai sinh số 3/2020"}

    empty = post(desk, here, **facts)
    whole = post(
        desk, here, **facts, full_name="Trần Thị Con", sex="female", birth_date="05/02/2020", ethnicity="Kinh",
        joined_on="01/03/2026",
    )  # fmt: skip

    assert empty.content.decode().count("Người này chưa có trong dữ liệu công dân") >= 3
    assert whole.status_code == 302
    member = Household.objects.for_reading().get().as_value(on=NOW.date()).members[1]
    assert (member.birth_text, member.note) == ("05/02/2020", "Vào hộ 01/03/2026: giấy khai sinh số 3/2020")


def child_of(row: Household) -> HouseholdMember:
    return HouseholdMember.objects.create(
        commune=row.commune,
        household=row,
        full_name="Trần Thị Con",
        birth_text="2005",
        ethnicity="Kinh",
        relation="child",
        occupation="studying",
        paper="thử",
        at=timezone.now(),
    )


def test_a_status_is_corrected_and_the_former_one_stays(household: Household, desk: Client) -> None:
    child = child_of(household)

    post(
        desk, f"/cong-dan/ho-ngheo/{household.pk}/thanh-vien/{child.pk}", relation="child", occupation="working",
        paper="giấy đề nghị",
    )  # fmt: skip

    [line] = HouseholdAmendment.objects.all()
    assert (line.before, line.after) == ("Trần Thị Con: Con, Đang đi học", "Trần Thị Con: Con, Có việc làm")


def test_a_head_who_leaves_leaves_a_new_head(household: Household, desk: Client) -> None:
    head = household.members.get()
    here = f"/cong-dan/ho-ngheo/{household.pk}/thanh-vien/{head.pk}/ra"

    alone = desk.get(here)
    child = child_of(household)
    nobody = post(desk, here, left_on="01/03/2026", paper="trích lục khai tử số 8/2026", successor="")
    post(desk, here, left_on="01/03/2026", paper="trích lục khai tử số 8/2026", successor=str(child.pk))

    assert alone["Location"] == f"/cong-dan/ho-ngheo/{household.pk}"
    assert nobody.status_code == 422
    value = Household.objects.for_reading().get().as_value(on=NOW.date())
    assert [(member.full_name, member.relation) for member in value.members] == [("Trần Thị Con", "head")]
    assert "ra khỏi hộ 01/03/2026" in opened(desk, household)


def test_a_member_who_leaves_is_no_longer_counted(household: Household, desk: Client) -> None:
    child = child_of(household)

    post(
        desk, f"/cong-dan/ho-ngheo/{household.pk}/thanh-vien/{child.pk}/ra", left_on="01/03/2026",
        paper="kết hôn số 2/2026",
    )  # fmt: skip

    assert len(Household.objects.for_reading().get().as_value(on=NOW.date()).members) == 1
    assert HouseholdMember.objects.get(pk=child.pk).left_paper == "kết hôn số 2/2026"


# --- Phiếu B ---
SHEET: dict[str, Any] = {
    "reviewed_on": "16/03/2026",
    "reviewer": "Đỗ Văn Rà Soát",
    "indicators": ["3", "4", "8"],
    "score_income": "120",
    "score_deprivation": "30",
    "national_class": "ho_ngheo",
    "paper": "Hồ sơ rà soát",
    "version": "1",
}


def judged(area: Area | None = Area.RURAL, **facts: Any) -> ReviewForm:
    """The form of the round of March 2026 for a village of that area."""
    return ReviewForm(SHEET | facts, held=current_round(NOW.date()), standards=standards(), area_on=lambda _: area)


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({}, {}),
        ({"indicators": [], "score_deprivation": "0", "national_class": "ho_can_ngheo"}, {}),
        ({"score_deprivation": "40"}, {"score_deprivation": "3 chỉ số thiếu hụt là 30 điểm. Đối chiếu Phiếu B."}),
        ({"reviewer": ""}, {"reviewer": "Phiếu B phải đủ: ngày, người chấm, hai tổng điểm, phân loại."}),
        ({"reviewed_on": "14/03/2026"}, {"reviewed_on": "Kỳ này bắt đầu ngày 15/03/2026."}),
        ({"reviewed_on": "25/03/2026"}, {"reviewed_on": "Ngày này không thể sau hôm nay."}),
        (
            {"national_class": "ho_can_ngheo"},
            {"national_class": "Theo điểm số là Hộ nghèo: điểm A 120 / mức 140, điểm B 30 / mức 30."},
        ),
        (
            {"score_income": "141"},
            {"national_class": "Theo điểm số là Không nghèo: điểm A 141 / mức 140, điểm B 30 / mức 30."},
        ),
        ({"city_class": "ho_ngheo"}, {"city_class": "Ngày này không có chuẩn riêng của thành phố: chọn “Không xét”."}),
        ({"posted_to": "20/03/2026"}, {"posted_to": "Ngày hết niêm yết phải từ ngày bắt đầu trở đi; ghi đủ hai ngày."}),
        ({"complaint_settled_on": "20/03/2026"}, {"complaint": "Ghi khiếu nại về việc gì."}),
        ({"decision_number": "9/QĐ"}, {"decision_number": "Ghi đủ số và ngày của quyết định."}),
        ({"agreement": "101"}, {"agreement": None}),
    ],
)  # fmt: skip
def test_phieu_b_adds_up_or_says_what_does_not(facts: dict[str, Any], wrong: dict[str, str | None]) -> None:
    errors = judged(**facts).errors

    assert set(errors) == set(wrong)
    for name, sentence in wrong.items():
        assert sentence is None or errors[name] == [sentence]


def test_without_the_area_of_the_village_no_class_can_be_told() -> None:
    assert list(judged(None).errors) == ["reviewed_on"]


def test_an_urban_village_has_the_urban_limit() -> None:
    assert judged(Area.URBAN, score_income="175").is_valid()
    assert not judged(Area.RURAL, score_income="175").is_valid()


def test_meeting_and_posting_may_come_before_the_scores_are_typed() -> None:
    bare = {name: "" for name in SHEET if name not in ("paper", "version", "indicators")} | {"indicators": []}

    assert judged(**bare, met_on="17/03/2026", agreement="82").is_valid()


def test_the_review_of_a_round_grows_step_by_step_and_keeps_what_it_was(
    household: Household, rural: VillageArea, desk: Client
) -> None:
    here = f"/cong-dan/ho-ngheo/{household.pk}/ra-soat/{START}"

    first = post(desk, here, **SHEET)
    second = post(desk, here, **SHEET, met_on="17/03/2026", agreement="48")
    third = post(desk, here, **SHEET | {"version": "2"}, met_on="19/03/2026", agreement="62", minutes="BB 19/03")

    assert {response["Location"] for response in (first, second, third)} == {f"/cong-dan/ho-ngheo/ky/{START}"}
    row = HouseholdReview.objects.get()
    assert (row.area, row.standard, row.city_standard, row.agreement) == ("rural", "national_2022", "", 62)
    lines = HouseholdAmendment.objects.filter(field="tỷ lệ thống nhất (%)").values_list("before", "after")
    assert list(lines) == [("", "48"), ("48", "62")]
    assert Entry.objects.filter(act="review", kind="household", key=str(household.pk)).count() == 1


def test_two_officers_at_one_review_do_not_overwrite_each_other(
    household: Household, rural: VillageArea, desk: Client
) -> None:
    here = f"/cong-dan/ho-ngheo/{household.pk}/ra-soat/{START}"
    post(desk, here, **SHEET)
    post(desk, here, **SHEET, minutes="BB 1")

    late = post(desk, here, **SHEET, minutes="BB 2", agreement="60")

    assert late.status_code == 422
    assert HouseholdReview.objects.get().minutes == "BB 1"


def test_the_citys_standard_is_applied_where_the_commune_has_ruled_that_it_lasts(
    household: Household, rural: VillageArea, desk: Client, hung: Officer, quoc_oai: Commune
) -> None:
    Ruling.objects.create(
        commune=quoc_oai, key="poverty.ha_noi_2022_valid_to", value="2026", valid_from=date(2026, 1, 1),
        source="QĐ của thành phố", by=hung, at=timezone.now(),
    )  # fmt: skip
    here = f"/cong-dan/ho-ngheo/{household.pk}/ra-soat/{START}"
    facts = SHEET | {"score_income": "160", "national_class": "khong_ngheo"}

    silent = post(desk, here, **facts)
    done = post(desk, here, **facts, city_class="ho_ngheo")

    assert "Theo điểm số là Hộ nghèo" in silent.content.decode()
    assert done.status_code == 302
    row = HouseholdReview.objects.get()
    assert (row.city_standard, row.national_class, row.city_class) == ("ha_noi_2022", "khong_ngheo", "ho_ngheo")


def test_what_has_become_a_decision_is_no_longer_changed(
    household: Household, rural: VillageArea, desk: Client
) -> None:
    here = f"/cong-dan/ho-ngheo/{household.pk}/ra-soat/{START}"
    post(desk, here, **SHEET)
    recognised(household, review=HouseholdReview.objects.get())

    answer = post(desk, here, **SHEET, minutes="BB 2")

    assert answer["Location"] == f"/cong-dan/ho-ngheo/{household.pk}"
    assert HouseholdReview.objects.get().minutes == ""


def test_a_day_that_starts_no_round_is_no_address(household: Household, desk: Client) -> None:
    addresses = (
        "/cong-dan/ho-ngheo/ky/2026-03-16",
        "/cong-dan/ho-ngheo/ky/2026-13-15",
        f"/cong-dan/ho-ngheo/{household.pk}/ra-soat/2026-03-16",
    )

    assert {desk.get(address).status_code for address in addresses} == {404}


def test_a_round_lists_who_waits_and_what_each_still_owes(
    household: Household, rural: VillageArea, desk: Client, mai: Officer, quoc_oai: Commune
) -> None:
    case = waiting_case(household, mai)
    here = f"/cong-dan/ho-ngheo/ky/{START}"

    before = desk.get(here).content.decode()
    post(desk, f"/cong-dan/ho-ngheo/{household.pk}/ra-soat/{START}", **SHEET, met_on="17/03/2026", agreement="48")
    after = desk.get(here).content.decode()

    assert case.code in before
    assert before.count("chưa</td>") == 4
    assert "A 120, B 30" in after
    assert "48%" in after
    assert after.count("✓ xong") == 1


def waiting_case(row: Household, by: Officer) -> Case:
    head = row.members.get(relation="head")
    procedure = catalogue()["poor_household"]
    assert head.citizen is not None
    return workflow.receive(
        procedure,
        head.citizen,
        answers={"request_kind": "review", "reason": "illness", status_name(head.pk): "idle"},
        officer_answers={rule.id: True for rule in procedure.rules},
        by=by,
        at=NOW,
    )


# --- the years ---
def recognised(row: Household, **facts: Any) -> HouseholdRecognition:
    return HouseholdRecognition.objects.create(
        **{
            "commune": row.commune,
            "household": row,
            "year": 2026,
            "national_class": "ho_ngheo",
            "indicators": [3, 4, 8],
            "decision_number": "07/QĐ-UBND",
            "decided_on": date(2026, 3, 24),
            "certificate_number": "05/GCN-HN.HCN",
            "valid_from": date(2026, 3, 24),
            "valid_to": date(2026, 12, 31),
            "members": 4,
            "note": "chép từ sổ cũ",
            "recorded_at": timezone.now(),
        }
        | facts
    )


def test_an_earlier_year_is_typed_in_once(household: Household, desk: Client) -> None:
    here = f"/cong-dan/ho-ngheo/{household.pk}/nam"
    facts = {
        "year": "2025", "national_class": "ho_can_ngheo", "decision_number": "44/QĐ-UBND", "decided_on": "20/12/2024",
        "certificate_number": "31/GCN-HN.HCN", "note": "danh sách năm 2025",
    }  # fmt: skip

    wrong = post(desk, here, **facts | {"decided_on": "20/03/2026"})
    done = post(desk, here, **facts)
    again = desk.post(here, facts | {"form_key": "d" * 20})

    assert "Ngày quyết định không thuộc năm áp dụng" in wrong.content.decode()
    assert done.status_code == 302
    assert "Năm này đã ghi." in again.content.decode()
    row = HouseholdRecognition.objects.get()
    assert (row.valid_from, row.valid_to, row.members) == (date(2025, 1, 1), date(2025, 12, 31), 1)
    assert "44/QĐ-UBND" in opened(desk, household)


def test_the_register_of_a_year_says_every_column_of_the_list(
    household: Household, rural: VillageArea, desk: Client
) -> None:
    post(desk, f"/cong-dan/ho-ngheo/{household.pk}/ra-soat/{START}", **SHEET)
    recognised(household, review=HouseholdReview.objects.get(), city_class="ho_ngheo", valid_to=date(2026, 6, 30))

    page = desk.get("/cong-dan/ho-ngheo/so-2026").content.decode()
    empty = desk.get("/cong-dan/ho-ngheo/so-2025").content.decode()

    for word in (
        "Số GCN", "Chủ hộ<small>số định danh", "Thôn<small>số khẩu, khu vực", "Điểm<small>A, B",
        "Phân loại<small>quốc gia, Hà Nội", "Chỉ số<small>thiếu hụt", "Số QĐ<small>ngày QĐ", "Năm<small>áp dụng",
        "Ghi chú",
        "05/GCN-HN.HCN", "Trần Thị Thử", "001192000000", "Thôn 1", "4 khẩu", "Nông thôn", "A 120", "B 30",
        "Hộ nghèo", "Hà Nội: Hộ nghèo", "3, 4, 8", "07/QĐ-UBND", "24/03/2026", "chép từ sổ cũ",
        "hết hiệu lực 30/06/2026",
    ):  # fmt: skip
        assert word in page, word
    assert "Năm này chưa công nhận hộ nào." in empty
    assert Entry.objects.filter(act="look", kind="household_register").count() == 2


def test_the_area_of_a_village_is_written_down_with_its_paper(desk: Client, quoc_oai: Commune) -> None:
    here = "/cong-dan/ho-ngheo/khu-vuc"

    wrong = post(desk, here, village="Khu phố 1", area="urban", since="01/07/2025", paper="")
    post(desk, here, village="Khu phố 1", area="urban", since="01/07/2025", paper="QĐ 12")

    assert wrong.status_code == 422
    page = desk.get(here).content.decode()
    assert "Khu phố 1" in page
    assert "Thành thị" in page
    assert "QĐ 12" in page


@pytest.mark.parametrize("number", [3, 30])
def test_the_register_asks_as_often_for_thirty_households_as_for_three(
    number: int, quoc_oai: Commune, desk: Client, django_assert_max_num_queries: Any
) -> None:
    for place in range(number):
        head = factories.citizen(quoc_oai, f"0011920{place:05}", f"Trần Thị {'Hai' if place else 'Một'}")
        now = timezone.now()
        row = Household.objects.create(commune=quoc_oai, village="Thôn 1", address="T", source="thử", recorded_at=now)
        HouseholdMember.of(head, "head", household=row, commune=quoc_oai, paper="thử", at=now).save()
        recognised(row)

    with django_assert_max_num_queries(18):
        desk.get("/cong-dan/ho-ngheo/so-2026")
