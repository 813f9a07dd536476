"""People brought in from a spreadsheet: judged row by row, kept once however often the file comes."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from citizens import intake
from citizens.intake import Draft, NotATable, Refused
from citizens.management.commands.import_citizens import KEPT_ELSEWHERE, tame
from citizens.models import Amendment, Citizen, Marriage, Residence
from citizens.person import Ending, MaritalStatus, Sex
from oneshop import walls
from oneshop.models import Commune, Entry, Officer, Succession
from oneshop.roles import Role
from tests import factories

TODAY = date(2026, 11, 23)
HEADER = "Số định danh cá nhân,Họ và tên,Ngày sinh,Giới tính,Nơi thường trú,Thường trú từ ngày,Mã đơn vị hành chính"
THU = '001192000000,Trần Thị Thử,17/09/1992,Nữ,"Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",17/09/1992,09895'
MAU = '001085000000,Nguyễn Văn Mẫu,05/03/1985,Nam,"Thôn 2, Xã Quốc Oai, Thành phố Hà Nội",01/02/2010,09895'
WED = (
    "Họ tên vợ/chồng,Giới tính vợ/chồng,Số giấy chứng nhận kết hôn,Nơi đăng ký kết hôn,Ngày đăng ký kết hôn,"
    "Chấm dứt hôn nhân,Ngày chấm dứt hôn nhân,Giấy tờ chấm dứt hôn nhân,Số giấy tờ chấm dứt,Nơi cấp giấy tờ chấm dứt,"
    "Ngày cấp giấy tờ chấm dứt,Đã xác minh chấm dứt"
)


def judged(*rows: str, header: str = HEADER) -> list[Draft | Refused]:
    return list(intake.read("\n".join((header, *rows)).encode()).judged(today=TODAY))


def only(row: str, header: str = HEADER) -> Draft | Refused:
    (one,) = judged(row, header=header)
    return one


def reasons(row: str, header: str = HEADER) -> tuple[str, ...]:
    refused = only(row, header)
    assert isinstance(refused, Refused), refused
    return refused.reasons


def drafted(row: str, header: str = HEADER) -> Draft:
    draft = only(row, header)
    assert isinstance(draft, Draft), draft
    return draft


# --- the file --------------------------------------------------------------------------------------------------------
def test_a_row_becomes_a_draft_of_a_citizen_with_a_home() -> None:
    draft = drafted(THU)

    assert draft == Draft(
        row=2,
        person={
            "identity_number": "001192000000",
            "full_name": "Trần Thị Thử",
            "birth_date": date(1992, 9, 17),
            "birth_text": "17/09/1992",
            "sex": "female",
        },
        home={
            "address": "Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
            "since": date(1992, 9, 17),
            "unit_code": "09895",
        },
        marriage={},
    )


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_the_mark_at_the_start_and_the_sign_between_columns_are_as_the_spreadsheet_likes(
    start: bytes, between: str
) -> None:
    text = f"Số định danh{between}Họ tên{between}Ngày sinh\r\n001192000000{between}Trần Thị Thử{between}17091992\r\n"

    (draft,) = intake.read(start + text.encode()).judged(today=TODAY)

    assert isinstance(draft, Draft)
    assert draft.person["full_name"] == "Trần Thị Thử"


@pytest.mark.parametrize(
    "header", ["identity_number,full_name,birth_date", "SO DINH DANH,ho va ten,NGAY SINH", "Số CCCD,Họ tên,Năm sinh"]
)
def test_a_column_is_known_in_english_in_vietnamese_and_without_marks(header: str) -> None:
    draft = drafted("001192000000,Trần Thị Thử,17/9/1992", header)

    assert draft.number == "001192000000"


def test_no_two_columns_answer_to_one_header() -> None:
    headers = [header for column in intake.COLUMNS for header in column.headers]

    assert len(headers) == len(set(headers))


def test_every_column_fills_a_field_that_the_records_have() -> None:
    models: dict[str, Any] = {"person": Citizen, "home": Residence, "marriage": Marriage}

    for column in intake.COLUMNS:
        models[column.part]._meta.get_field(column.field or column.name)


@pytest.mark.parametrize(
    "encoded",
    [
        f"{HEADER}\n{THU}".encode("utf-16"),
        # `Trần Thị Thử` in the one-byte tables: TCVN3, VNI, Windows-1258; and `Đỗ Hà` in Windows-1252
        b"identity_number,full_name,birth_date\n001192000000,Tr\xc7n Th\xde Th\xf6,17/09/1992",
        b"identity_number,full_name,birth_date\n001192000000,Tra\xe0n Th\xf2 Th\xf6\xfb,17/09/1992",
        b"identity_number,full_name,birth_date\n001192000000,Tr\xe2\xccn Th\xf2 Th\xfd\xd2,17/09/1992",
        b"identity_number,full_name,birth_date\n001192000000,L\xea H\xe0,17/09/1992",
    ],
)
def test_bytes_of_another_encoding_are_refused_with_a_sentence_that_says_what_to_do(encoded: bytes) -> None:
    with pytest.raises(NotATable, match="lưu lại dạng “CSV UTF-8”"):
        intake.read(encoded)


@pytest.mark.parametrize(
    "name",
    [
        "NguyÔn V¨n MÉu, TrÇn ThÞ Thö, §ç Quang KiÓm",  # TCVN3 letters, saved as UTF-8
        "Nguyeãn Vaên Maãu, Traàn Thò Thöû, Ñoã Quang Kieåm Thöû",  # VNI
        "Nguyễn Văn Mẫu, Trần Thị Thử".encode().decode("cp1252", "replace"),
    ],
)
def test_letters_of_an_old_font_are_refused_even_when_the_bytes_are_utf_8(name: str) -> None:
    with pytest.raises(NotATable, match="phông cũ"):
        intake.read(f'identity_number,full_name,birth_date\n001085000000,"{name}",1985'.encode())


def test_names_of_other_peoples_are_no_old_font() -> None:
    draft = drafted("066192000000,H’Hen Niê Kđăm,1992,Nữ,Buôn Ñuôr Ŏk,,")

    assert draft.person["full_name"] == "H’Hen Niê Kđăm"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Tệp không có dòng nào."),
        ("\n,,\n", "Tệp không có dòng nào."),
        ("Họ và tên,Ngày sinh\nA,1990", "Dòng đầu của tệp thiếu cột: Số định danh cá nhân."),
        (f"{HEADER},Họ tên\n", "Cột có hai lần: Họ và tên. Giữ lại một."),
        (f'{HEADER}\n{THU}\n001,"Không đóng\n{MAU}', "Sau dòng 2 có dấu nháy kép không đóng"),
    ],
)
def test_a_file_that_says_nothing_as_a_whole_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(NotATable) as refused:
        intake.read(content.encode())

    assert str(refused.value).startswith(sentence)


# --- cells -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "day", "text"),
    [
        ("17/09/1992", date(1992, 9, 17), "17/09/1992"),
        ("17-9-1992", date(1992, 9, 17), "17/09/1992"),
        ("17091992", date(1992, 9, 17), "17/09/1992"),
        ("1992-09-17", date(1992, 9, 17), "17/09/1992"),
        ("1992", None, "1992"),
        ("9/1992", None, "09/1992"),
        ("00/09/1992", None, "09/1992"),
        ("00/00/1992", None, "1992"),
    ],
)
def test_a_birth_date_is_taken_as_people_write_it_and_never_completed(
    written: str, day: date | None, text: str
) -> None:
    draft = drafted(f"001192000000,Trần Thị Thử,{written},Nữ,,,")

    assert (draft.person["birth_date"], draft.person["birth_text"]) == (day, text)
    assert draft.doubts == ()


@pytest.mark.parametrize("number", ["001 192 000 000", "001.192.000.000", '"=""001192000000"""', "'001192000000"])
def test_a_number_is_taken_as_spreadsheets_write_it(number: str) -> None:
    assert drafted(f"{number},Trần Thị Thử,17/09/1992,Nữ,,,").number == "001192000000"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1192000000,Trần Thị Thử,1992,Nữ,,,", "Số định danh cá nhân: bảng tính đã làm mất chữ số"),
        ("1.19E+09,Trần Thị Thử,1992,Nữ,,,", "Số định danh cá nhân: bảng tính đã làm mất chữ số"),
        ("000123456,Trần Thị Thử,1992,Nữ,,,", "Số định danh cá nhân: Đây là số CMND cũ có 9 chữ số."),
        (",Trần Thị Thử,1992,Nữ,,,", "Số định danh cá nhân: không được bỏ trống."),
        ("001192000000,,1992,Nữ,,,", "Họ và tên: không được bỏ trống."),
        ("001192000000,Trần Thị Thử,,Nữ,,,", "Ngày sinh: không được bỏ trống."),
        ("001192000000,Trần Thị Thử,31/02/1992,Nữ,,,", "Ngày sinh: “31/02/1992” không phải một ngày."),
        ("001192000000,Trần Thị Thử,9/17/1992,Nữ,,,", "Ngày sinh: “9/17/1992” không phải một ngày."),
        ("001192000000,Trần Thị Thử,13/1992,Nữ,,,", "Ngày sinh: “13/1992” không có trong lịch."),
        ("001192000000,Trần Thị Thử,0192,Nữ,,,", "Ngày sinh: “0192” không có trong lịch."),
        ("001192000000,Trần Thị Thử,17/09/0192,Nữ,,,", "Ngày sinh: “17/09/0192” "),
        ("001192000000,Trần Thị Thử,24/11/2026,Nữ,,,", "Ngày sinh: ở sau ngày hôm nay."),
        ("001192000000,Trần Thị Thử,1992,Có,,,", "Giới tính: “Có” không rõ. Ghi: Nam hoặc Nữ."),
        ("001192000000,=HYPERLINK(1),1992,Nữ,,,", "Họ và tên: họ tên chỉ gồm chữ cái"),
        ("001192000000,Trần <b>Thử</b>,1992,Nữ,,,", "Họ và tên: họ tên chỉ gồm chữ cái"),
        ("001192000000,Trần\u202eThử,1992,Nữ,,,", "Họ và tên: có ký tự ẩn"),
        ("001192000000,Trần Thị\0,1992,Nữ,,,", "Họ và tên: có ký tự ẩn"),
        (f"001192000000,Trần Thị Thử,1992,Nữ,{'x' * 251},,", "Nơi thường trú: dài 251 ký tự, nhiều nhất 250."),
        ("001192000000,Trần Thị Thử,1992,Nữ,,,09895", "Nơi thường trú: không được bỏ trống khi có ngày"),
        ("001192000000,Trần Thị Thử,1992,Nữ,Thôn 1,,9895", "Mã đơn vị hành chính: mã đơn vị hành chính có 5 chữ số"),
        ("001192000000,Trần Thị Thử,1992,Nữ,Thôn 1,,09895,thừa", "Dòng có 8 ô, dòng tiêu đề chỉ có 7"),
    ],
)
def test_a_row_that_cannot_be_kept_says_which_cell_and_what_to_do(row: str, sentence: str) -> None:
    assert reasons(row)[0].startswith(sentence)


def test_every_reason_of_a_row_is_said_at_once() -> None:
    assert len(reasons("1192,Thử 1,32/1/1992,?,,ngày,")) == 5


@pytest.mark.parametrize(("word", "kind"), [(label, kind) for kind, label in Citizen.Document.choices])
def test_every_identity_paper_is_known_by_its_label_and_its_key(word: str, kind: str) -> None:
    header = "identity_number,full_name,birth_date,document_kind"

    kinds = [drafted(f"001192000000,Trần Thị Thử,1992,{said}", header).person["document_kind"] for said in (word, kind)]

    assert kinds == [kind, kind]


@pytest.mark.parametrize(("word", "level"), [(str(label), level) for level, label in Citizen.EidLevel.choices])
def test_every_level_is_known_by_its_label_and_its_digit(word: str, level: int) -> None:
    header = "identity_number,full_name,birth_date,eid_level"

    levels = [drafted(f"001192000000,Trần Thị Thử,1992,{said}", header).person["eid_level"] for said in (word, level)]

    assert levels == [level, level]


@pytest.mark.parametrize(
    ("word", "ending"), [("Ly hôn", Ending.DIVORCE), ("đã chết", Ending.DEATH), ("Tòa án hủy", Ending.ANNULMENT)]
)
def test_the_end_of_a_marriage_is_a_word(word: str, ending: Ending) -> None:
    wed = "001192000000,Trần Thị Thử,1992,Nguyễn Văn Mẫu,Nam,01/2015,UBND,1/3/2015"

    draft = drafted(
        f"{wed},{word},2/3/2019,Quyết định,5,TAND,3/3/2019,x", f"identity_number,full_name,birth_date,{WED}"
    )

    assert draft.marriage == {
        "spouse_name": "Nguyễn Văn Mẫu",
        "spouse_sex": "male",
        "certificate_number": "01/2015",
        "issuer": "UBND",
        "since": date(2015, 3, 1),
        "ending": ending,
        "ended_on": date(2019, 3, 2),
        "ending_paper": "Quyết định",
        "ending_number": "5",
        "ending_issuer": "TAND",
        "ending_issued_on": date(2019, 3, 3),
        "ending_confirmed": True,
    }


@pytest.mark.parametrize(
    ("marriage", "sentence"),
    [
        ("Nguyễn Văn Mẫu,Nam,,,1/3/2015,,,,,,,", "Hôn nhân có đăng ký phải có số giấy chứng nhận"),
        ("Nguyễn Văn Mẫu,,01/2015,,1/3/2015,,,,,,,", "Giới tính vợ/chồng: không được bỏ trống"),
        (",Nam,01/2015,,1/3/2015,,,,,,,", "Họ tên vợ/chồng: không được bỏ trống"),
        ("Nguyễn Văn Mẫu,Nam,01/2015,,1/3/2015,,2/3/2019,,,,,", "Chấm dứt hôn nhân: ghi ly hôn, đã chết"),
        ("Nguyễn Văn Mẫu,Nam,01/2015,,1/3/2015,ly hôn,2/3/2014,,,,,", "Ngày chấm dứt hôn nhân: ở trước"),
        ("Nguyễn Văn Mẫu,Nam,01/2015,,1/3/2027,,,,,,,", "Ngày đăng ký kết hôn: ở sau ngày hôm nay."),
    ],
)
def test_a_marriage_that_no_book_can_hold_is_refused(marriage: str, sentence: str) -> None:
    row = f"001192000000,Trần Thị Thử,1992,{marriage}"

    assert reasons(row, f"identity_number,full_name,birth_date,{WED}")[0].startswith(sentence)


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        ("001192000000,Trần Thị Thử,17/09/1993,Nữ,,,", "Số định danh cho biết sinh năm 1992"),
        ("001192000000,Trần Thị Thử,17/09/1992,Nam,,,", "Chữ số thứ tư của số định danh là của nữ"),
        ("999192000000,Trần Thị Thử,17/09/1992,Nữ,,,", "Ba chữ số đầu 999 không có trong bảng mã"),
        ("001192000000,Trn Th Th,17/09/1992,Nữ,,,", "Họ tên viết khác chính tả"),
        ("001192000000,Trần Thị Thử,17/09/1992,Nữ,Thôn 1,,", "Nơi thường trú không có mã đơn vị"),
    ],
)
def test_what_does_not_fit_is_a_doubt_and_the_row_is_kept(row: str, doubt: str) -> None:
    assert [said.startswith(doubt) for said in drafted(row).doubts] == [True]


def test_a_file_that_contradicts_itself_is_believed_in_its_first_row_only() -> None:
    first, same, other = judged(THU, THU, THU.replace("Thử", "Khác"))

    assert isinstance(first, Draft)
    assert isinstance(same, Draft)
    assert other == Refused(4, ("Số định danh này đã có ở dòng 2 với nội dung khác. Giữ lại dòng đúng.",))


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.sampled_from(
        ["001192000000", "Trần Thị Thử", "0", "00/00/0000", "1/1/1", "99999999", "1955", "0000", "x", '"', "'"]
    ),
)


@given(rows=st.lists(st.lists(CELLS, max_size=len(intake.COLUMNS) + 2), max_size=6))
def test_whatever_stands_in_the_cells_every_row_is_a_draft_or_says_why_not(rows: list[list[str]]) -> None:
    sheet = StringIO()
    csv.writer(sheet, lineterminator="\n").writerows([[column.name for column in intake.COLUMNS], *rows])
    with suppress(NotATable):  # mostly foreign signs
        table = intake.read(sheet.getvalue().encode())

        found = list(table.judged(today=TODAY))

        assert len(found) == len(table)
        assert all(isinstance(row, Draft) or all(row.reasons) for row in found)


@given(content=st.binary(max_size=300))
def test_any_bytes_at_all_are_a_table_or_a_sentence(content: bytes) -> None:
    with suppress(NotATable):
        list(intake.read(content).judged(today=TODAY))


# --- the records -----------------------------------------------------------------------------------------------------
@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "dan-cu.csv"


def bring(sheet: Path, *rows: str, header: str = HEADER, **options: Any) -> str:
    """Import `rows` and give back the last line on the terminal."""
    sheet.write_text("\n".join((header, *rows)), encoding="utf-8")
    said = StringIO()
    call_command("import_citizens", str(sheet), "--commune", "09895", stdout=said, **options)
    return said.getvalue().split(". Báo cáo")[0]


def report(sheet: Path) -> list[list[str]]:
    with sheet.with_suffix(".report.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))[1:]


def test_new_people_are_recorded_with_their_homes(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    said = bring(sheet, THU, MAU)

    assert said == "mới 2, đã sửa 0, giữ nguyên 0, từ chối 0"
    thu = Citizen.objects.get(identity_number="001192000000")
    assert (thu.full_name, thu.sex, thu.birth_date) == ("Trần Thị Thử", Sex.FEMALE, date(1992, 9, 17))
    assert (thu.commune, thu.recorded_by, thu.document_kind) == (quoc_oai, tri, "cccd")
    assert (thu.ethnicity, thu.nationality, thu.eid_level) == ("Kinh", "Việt Nam", 0)
    home = thu.residences.get()
    assert (home.kind, home.present_commune, home.since, home.until) == ("permanent", quoc_oai, date(1992, 9, 17), None)
    assert report(sheet) == []


def test_who_was_imported_is_found_as_who_was_typed_in(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    bring(sheet, THU)
    imported = Citizen.objects.get()
    keys = (imported.search_key, imported.exact_key, imported.sort_key)

    imported.save()

    assert keys == (imported.search_key, imported.exact_key, imported.sort_key)
    assert list(Citizen.objects.named("thu tran thi")) == [imported]


def test_the_same_file_again_changes_nothing(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    row = f"{THU},Nguyễn Văn Mẫu,Nam,01/2015,UBND,1/3/2015,ly hôn,2/3/2019,,,,,có"
    bring(sheet, row, header=f"{HEADER},{WED}")
    before = list(Citizen.objects.values()), list(Residence.objects.values()), list(Marriage.objects.values())

    said = bring(sheet, row, header=f"{HEADER},{WED}")

    assert said == "mới 0, đã sửa 0, giữ nguyên 1, từ chối 0"
    assert before == (list(Citizen.objects.values()), list(Residence.objects.values()), list(Marriage.objects.values()))
    assert not Amendment.objects.exists()


def test_a_changed_row_amends_the_record_on_the_paper_of_file_and_row(
    sheet: Path, quoc_oai: Commune, tri: Officer
) -> None:
    bring(sheet, MAU, THU)

    said = bring(sheet, MAU, THU.replace("Trần Thị Thử", "Trần Thị Thử Mới"))

    assert said == "mới 0, đã sửa 1, giữ nguyên 1, từ chối 0"
    line = Amendment.objects.get()
    assert (line.field, line.before, line.after) == ("full_name", "Trần Thị Thử", "Trần Thị Thử Mới")
    assert (line.paper, line.by) == ("Tệp dan-cu.csv, dòng 3", tri)
    assert Citizen.objects.get(identity_number="001192000000").version == 2
    assert report(sheet) == [["3", "đã sửa", "Đã sửa: Họ và tên."]]


def test_an_empty_cell_and_a_missing_column_erase_nothing(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    bring(sheet, f"{THU},0912 345 678", header=f"{HEADER},Điện thoại")

    said = bring(sheet, f"{THU},", header=f"{HEADER},Điện thoại"), bring(sheet, THU)

    assert said == ("mới 0, đã sửa 0, giữ nguyên 1, từ chối 0",) * 2
    assert Citizen.objects.get().telephone == "0912 345 678"


def test_a_value_that_an_officer_has_corrected_since_does_not_come_back(
    sheet: Path, quoc_oai: Commune, mai: Officer, tri: Officer
) -> None:
    from citizens.models import amend

    bring(sheet, THU.replace("Thử", "Thữ"))
    amend(Citizen.objects.get(), {"full_name": "Trần Thị Thử"}, paper="thẻ căn cước", by=mai, at=timezone.now())

    said = bring(sheet, THU.replace("Thử", "Thữ"))

    assert said == "mới 0, đã sửa 0, giữ nguyên 1, từ chối 0"
    assert Citizen.objects.get().full_name == "Trần Thị Thử"
    assert [line[2].startswith("Giữ nguyên bản ghi, vì tệp nêu giá trị cũ") for line in report(sheet)] == [True]


def test_a_later_day_and_another_address_is_a_move(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    moved = THU.replace("Thôn 1", "Thôn 9").replace('Hà Nội",17/09/1992', 'Hà Nội",01/05/2024')
    bring(sheet, THU)

    said = bring(sheet, moved), bring(sheet, moved), bring(sheet, THU)

    assert said[0] == "mới 0, đã sửa 1, giữ nguyên 0, từ chối 0"
    assert said[1] == said[2] == "mới 0, đã sửa 0, giữ nguyên 1, từ chối 0"
    homes = [(home.address[:6], home.since, home.until) for home in Residence.objects.all()]
    assert homes == [("Thôn 1", date(1992, 9, 17), date(2024, 4, 30)), ("Thôn 9", date(2024, 5, 1), None)]


def test_another_address_without_a_later_day_is_a_correction(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    bring(sheet, THU)

    bring(sheet, THU.replace("Thôn 1", "Thôn Một"))

    line = Amendment.objects.get()
    assert (line.field, line.before[:6], line.after[:8]) == ("home.address", "Thôn 1", "Thôn Một")
    assert Residence.objects.get().address == "Thôn Một, Xã Quốc Oai, Thành phố Hà Nội"


def test_a_divorce_that_comes_later_ends_the_marriage_on_record(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    header = f"{HEADER},{WED}"
    wed = f"{THU},Nguyễn Văn Mẫu,Nam,01/2015,UBND xã Quốc Oai,1/3/2015"
    bring(sheet, f"{wed},,,,,,,", header=header)

    said = bring(sheet, f"{wed},ly hôn,2/3/2019,Quyết định,5/2019,TAND Quốc Oai,2/3/2019,có", header=header)

    assert said == "mới 0, đã sửa 1, giữ nguyên 0, từ chối 0"
    thu = Citizen.objects.get()
    person = thu.as_person(commune_id=quoc_oai.pk, on=TODAY)
    assert person.marital_status == MaritalStatus.DIVORCED
    assert (len(person.marriages), person.marriages[0].ending_confirmed) == (1, True)
    assert set(Amendment.objects.values_list("field", flat=True)) == {
        f"marriage.{name}"
        for name in (
            *("ending", "ended_on", "ending_paper", "ending_number", "ending_issuer", "ending_issued_on"),
            "ending_confirmed",
        )
    }


def test_two_marriages_of_one_person_are_two_rows(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    header = f"{HEADER},{WED}"
    rows = (
        f"{THU},Nguyễn Văn Mẫu,Nam,01/2015,UBND,1/3/2015,ly hôn,2/3/2019,,,,,có",
        f"{THU},Đỗ Quang Kiểm,Nam,07/2020,UBND,1/6/2020,,,,,,,",
    )

    said = bring(sheet, *rows, header=header), bring(sheet, *rows, header=header)

    assert said == ("mới 1, đã sửa 1, giữ nguyên 0, từ chối 0", "mới 0, đã sửa 0, giữ nguyên 2, từ chối 0")
    assert list(Marriage.objects.values_list("spouse_name", flat=True)) == ["Nguyễn Văn Mẫu", "Đỗ Quang Kiểm"]


def test_a_number_kept_by_another_commune_is_refused_without_a_word_about_it(
    sheet: Path, quoc_oai: Commune, kieu_phu: Commune, tri: Officer
) -> None:
    with walls.within(kieu_phu.pk):
        theirs = factories.citizen(kieu_phu, "001192000000", "Lê Thị Kín")

    said = bring(sheet, THU, MAU)

    assert said == "mới 1, đã sửa 0, giữ nguyên 0, từ chối 1"
    assert report(sheet) == [["2", "từ chối", KEPT_ELSEWHERE]]
    assert "Kiều Phú" not in KEPT_ELSEWHERE
    with walls.within(kieu_phu.pk):
        theirs.refresh_from_db()
        assert (theirs.full_name, theirs.version) == ("Lê Thị Kín", 1)


def test_a_visitor_seen_at_our_counter_today_is_still_not_ours_to_change(
    sheet: Path, quoc_oai: Commune, kieu_phu: Commune, mai: Officer, tri: Officer
) -> None:
    from citizens.models import Visit

    with walls.within(kieu_phu.pk):
        theirs = factories.citizen(kieu_phu, "001192000000", "Lê Thị Kín")
    with walls.within(quoc_oai.pk, scanned="001192000000"):
        Visit.objects.create(commune=quoc_oai, citizen=theirs, officer=mai, at=timezone.now())

    said = bring(sheet, THU)

    assert said == "mới 0, đã sửa 0, giữ nguyên 0, từ chối 1"
    assert Citizen.objects.get(pk=theirs.pk).full_name == "Lê Thị Kín"


def test_one_bad_row_never_stops_the_others(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    said = bring(sheet, "1,2,3,4,5,6,7", THU, "", '"nhiều\ndòng",,,,,,', MAU)

    assert said == "mới 2, đã sửa 0, giữ nguyên 0, từ chối 2"
    assert [(line[0], line[1]) for line in report(sheet)] == [("2", "từ chối"), ("5", "từ chối")]


def test_a_row_that_only_the_database_refuses_is_found_and_the_others_are_kept(
    sheet: Path, quoc_oai: Commune, tri: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unjudged(row: int, *_: Any) -> Draft:
        facts = {"full_name": "Trần Thị Thử", "birth_text": "1992", "identity_number": f"00119200000{row}"}
        return Draft(row, facts | ({"old_number": "12"} if row == 4 else {}), {}, {})

    monkeypatch.setattr(intake, "_judge", unjudged)

    said = bring(sheet, *["x"] * 5)

    assert said == "mới 4, đã sửa 0, giữ nguyên 0, từ chối 1"
    assert [line[:2] for line in report(sheet)] == [["4", "từ chối"]]


def test_two_imports_of_one_file_at_once_record_everybody_once(sheet: Path, real_db: str) -> None:
    unit = factories.commune()
    with walls.within(unit.pk):
        factories.officer(unit, "tri", Role.ADMINISTRATOR)
    rows = [MAU.replace("001085000000", f"001085{number:06}") for number in range(1200)]
    copy = sheet.with_name("ban-sao.csv")

    def one(file: Path, lines: list[str]) -> str:
        try:
            return bring(file, *lines)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as desks:
        told = [desks.submit(one, sheet, rows), desks.submit(one, copy, rows[::-1])]
        said = [each.result() for each in told]

    with walls.within(unit.pk):
        assert (Citizen.objects.count(), Residence.objects.count(), Amendment.objects.count()) == (1200, 1200, 0)
    new, same = ([int(line.split(word)[1].split(",")[0]) for line in said] for word in ("mới ", "giữ nguyên "))
    assert (sum(new), sum(same)) == (1200, 1200)


def test_a_rehearsal_says_all_and_keeps_nothing(
    sheet: Path, quoc_oai: Commune, kieu_phu: Commune, tri: Officer
) -> None:
    with walls.within(kieu_phu.pk):
        factories.citizen(kieu_phu, "001085000000", "Lê Thị Kín")

    said = bring(sheet, THU, MAU, dry_run=True)

    assert said == "Thử, không ghi gì: mới 1, đã sửa 0, giữ nguyên 0, từ chối 1"
    assert report(sheet) == [["3", "từ chối", KEPT_ELSEWHERE]]
    assert (Citizen.objects.count(), Entry.objects.count()) == (0, 0)


def test_an_import_is_one_line_in_the_diary_and_names_no_number(
    tmp_path: Path, quoc_oai: Commune, tri: Officer
) -> None:
    bring(tmp_path / "001192000000.csv", THU, MAU)

    line = Entry.objects.get()
    assert (line.act, line.kind, line.key, line.officer_id) == ("import", "citizens", "0011******00.csv", tri.pk)
    assert line.why.startswith("2 dòng, SHA-256 ")


def test_the_report_is_for_the_importer_only_and_no_spreadsheet_runs_it(
    sheet: Path, quoc_oai: Commune, tri: Officer
) -> None:
    bring(sheet, f"{THU},x", header=f'{HEADER},"=HYPERLINK(""https://example.invalid"")"')

    assert report(sheet) == [["1", "cột không dùng", '\'=HYPERLINK("https://example.invalid")']]
    assert sheet.with_suffix(".report.csv").stat().st_mode & 0o777 == 0o600
    assert [tame(cell)[0] for cell in ("=1", "+1", "-1", "@SUM", "\t1", "\r1", "\0")] == ["'"] * 7


def test_the_place_of_a_former_unit_lies_where_its_people_went(
    sheet: Path, quoc_oai: Commune, kieu_phu: Commune, tri: Officer
) -> None:
    """09931 was Cộng Hòa, whose people went to Kiều Phú, and is Hưng Đạo."""
    new = factories.commune("09931", "Hưng Đạo")
    old = Commune.objects.create(code="09931", opened_on=date(1994, 1, 1), closed_on=date(2025, 7, 1))
    Succession.objects.create(former=old, successor=kieu_phu, on=date(2025, 7, 1), document="Nghị quyết 1656")
    row = "00119200000{},Trần Thị Thử,1992,Nữ,Thôn 1,{},09931"

    bring(sheet, row.format(1, "1/5/2010"), row.format(2, "1/5/2026"), row.format(3, ""), row.format(4, "1/5/1980"))

    homes = [home.present_commune for home in Residence.objects.order_by("citizen__identity_number")]
    assert homes == [kieu_phu, new, None, None]
    assert [line[0] for line in report(sheet)] == ["4", "5"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"commune": "99999"}, "no commune with the code 99999"),
        ({"by": "khong-co"}, "nobody of the commune has the log-in name khong-co"),
        ({"by": "binh"}, "nobody of the commune has the log-in name binh"),
    ],
)
def test_who_or_where_is_unknown_imports_nothing(
    sheet: Path, tri: Officer, binh: Officer, options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        bring(sheet, THU, **options)

    assert not Citizen.objects.exists()


def test_two_administrators_must_be_told_apart(sheet: Path, quoc_oai: Commune, tri: Officer) -> None:
    second = factories.officer(quoc_oai, "hai", Role.ADMINISTRATOR)

    with pytest.raises(CommandError, match="name one with --by"):
        bring(sheet, THU)
    bring(sheet, THU, by="hai")

    assert Citizen.objects.get().recorded_by == second


def test_a_file_that_is_not_there_is_said_in_one_line(sheet: Path, tri: Officer) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_citizens", str(sheet), "--commune", "09895")


def test_the_help_lists_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("import_citizens", "--help")

    said = capsys.readouterr().out
    assert [column.name for column in intake.COLUMNS if f" {column.name} " not in said] == []
    assert [column.label for column in intake.COLUMNS if f"{column.label}\n" not in said] == []


def test_two_thousand_rows_ask_the_database_no_more_often_for_each_row_than_twenty(
    sheet: Path, quoc_oai: Commune, tri: Officer
) -> None:
    """Speed is measured by hand; what makes it is that rows travel in batches."""
    asked = []
    for number in (20, 2000):
        rows = [MAU.replace("001085000000", f"001085{serial:06}") for serial in range(number)]
        with CaptureQueriesContext(connection) as queries:
            bring(sheet, *rows)
        asked.append(len(queries) / number)

    assert Citizen.objects.count() == 2000
    assert asked[1] < asked[0]
    assert asked[1] < 1
