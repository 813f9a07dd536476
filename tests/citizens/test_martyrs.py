"""Martyrs' files: found at the counter, kept by the specialist, changed by a signature; the book of visits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from citizens.dossier import Subject
from citizens.dossiers import gather
from citizens.martyrs import MartyrFile, Relation
from citizens.models import Citizen, FileChanged, GraveVisit, Martyr, MartyrAmendment, MartyrRelative, WorshipGrant
from citizens.models.martyrs import bring_back, correct, leave_unused, pay
from oneshop import walls
from oneshop.demo import martyrs as demo_martyrs
from oneshop.models import Commune, Entry, Officer
from procedures import papers, workflow
from procedures.applications import application_for
from procedures.catalogue import catalogue
from procedures.models import Case, Result
from procedures.rules import Tone
from tests import factories

KEY = "k" * 20
VISIT = catalogue()["martyr_grave_visit"]


def martyr(commune: Commune, at: datetime, name: str = "Nguyễn Văn Liệt", **facts: Any) -> Martyr:
    return Martyr.objects.create(
        **{
            "commune": commune,
            "full_name": name,
            "native_place": "Xã Thạch Thán",
            "death_text": "1972",
            "certificate_number": "TM-000001",
            "in_cemetery_list": True,
            "cemetery": "Nghĩa trang liệt sĩ Mẫu",
            "recorded_at": at,
        }
        | facts
    )


def relative(file: Martyr, name: str, number: str = "", citizen: Citizen | None = None, **facts: Any) -> MartyrRelative:
    return MartyrRelative.objects.create(
        **{
            "commune": file.commune,
            "martyr": file,
            "full_name": name,
            "relation": Relation.CHILD,
            "identity_number": number,
            "citizen": citizen,
            "basis": "Giấy chứng nhận gia đình liệt sĩ",
        }
        | facts
    )


@pytest.fixture
def file(quoc_oai: Commune, khach: Citizen, at: datetime) -> Martyr:
    """The file of the father of khách."""
    made = martyr(quoc_oai, at)
    relative(made, khach.full_name, khach.identity_number, khach)
    return made


@pytest.fixture
def at_the_desk(client: Client, hung: Officer) -> Client:
    client.force_login(hung)
    return client


def found(citizen: Citizen, looked_for: str = "", on: date = date(2026, 11, 23)) -> tuple[MartyrFile, ...]:
    return gather({Subject.MARTYRS}, citizen, None, looked_for=looked_for, commune_id=citizen.commune_id, on=on).martyrs


# --- the counter finds ---
def test_the_files_that_name_the_applicant_are_found(file: Martyr, khach: Citizen, at: datetime) -> None:
    martyr(khach.commune, at, "Lê Văn Khác", certificate_number="TM-2")

    [only] = found(khach)

    assert (only.full_name, only.kept_here, only.relatives[0].relation) == ("Nguyễn Văn Liệt", True, Relation.CHILD)
    assert only.relatives[0].id_issued_by == "Cục Cảnh sát QLHC về TTXH", "from the person's own record"


def test_an_old_number_finds_the_file_too(quoc_oai: Commune, at: datetime) -> None:
    old = factories.citizen(quoc_oai, "001185000000", "Lê Thị Cũ", old_number="012345678")
    relative(martyr(quoc_oai, at), "Lê Thị Cũ", "012345678")

    assert len(found(old)) == 1


def test_who_holds_the_worship_allowance_finds_the_file_until_it_ends(file: Martyr, quoc_oai: Commune) -> None:
    keeper = factories.citizen(quoc_oai, "001085000000", "Nguyễn Văn Thờ", sex="male")
    held = WorshipGrant.objects.create(
        commune=quoc_oai, martyr=file, citizen=keeper, full_name=keeper.full_name, decision="12/QĐ"
    )
    [holding] = found(keeper)

    held.ended_on, held.ended_paper = date(2026, 1, 1), "13/QĐ"
    held.save()

    assert holding.worship is not None
    assert holding.worship.identity_number == keeper.identity_number
    assert found(keeper) == ()


@pytest.mark.parametrize("typed", ["van liet", "LIỆT nguyễn", "tm-000001", " TM-000001 "])
def test_a_file_is_found_by_name_or_certificate(file: Martyr, quoc_oai: Commune, typed: str) -> None:
    stranger = factories.citizen(quoc_oai, "001085000000", "Lê Văn Lạ", sex="male")

    assert [one.id for one in found(stranger, typed)] == [file.pk]


@pytest.mark.parametrize("typed", ["", "-", "van kh", "TM-0"])
def test_what_does_not_match_finds_nothing(file: Martyr, quoc_oai: Commune, typed: str) -> None:
    stranger = factories.citizen(quoc_oai, "001085000000", "Lê Văn Lạ", sex="male")

    assert found(stranger, typed) == ()


def test_who_was_struck_out_is_nobody_in_the_file(file: Martyr, khach: Citizen) -> None:
    MartyrRelative.objects.update(struck_paper="Biên bản 1")

    assert found(khach) == ()
    assert found(khach, "liet")[0].relatives == ()


def test_a_file_of_another_commune_is_not_seen(file: Martyr, kieu_phu: Commune, at: datetime) -> None:
    with walls.within(kieu_phu.pk):
        there = factories.citizen(kieu_phu, "001085000000", "Lê Văn Kia", sex="male")

        assert found(there, "liet") == ()
        assert Martyr.objects.count() == 0


# --- from the counter into the file ---
def received(citizen: Citizen, file: Martyr, by: Officer, at: datetime, **answers: Any) -> Case:
    return workflow.receive(
        VISIT,
        citizen,
        answers={"martyr": str(file.pk), "relationship": "con_de", "support": "yes", "result": "commune"} | answers,
        officer_answers={rule.id: True for rule in VISIT.rules},
        by=by,
        at=at,
    )


def signed(case: Case, hung: Officer, lan: Officer, at: datetime) -> list[Result]:
    workflow.submit(case, by=hung, at=at)
    return workflow.sign(case, by=lan, at=at, seen=papers.digest(papers.drafts_of(case, by=lan, at=at)))


def test_a_signature_issues_both_papers_and_writes_the_visit(
    file: Martyr, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    results = signed(received(khach, file, mai, at), hung, lan, at)

    visit = GraveVisit.objects.get()
    assert [(result.kind, result.full_number) for result in results] == [
        ("martyr_grave_visit", "01/XN-UBND"),
        ("martyr_grave_letter", "01/GGT-UBND"),
    ]
    assert (visit.martyr, visit.applicant_name, visit.relation) == (file, khach.full_name, "Con đẻ")
    assert (visit.application_number, visit.letter_number) == ("01/XN-UBND", "01/GGT-UBND")
    assert (visit.year, visit.issued_on, visit.supported, visit.signer) == (2026, at.date(), 1, "Phùng Thị Lan")
    assert [follow_up.text[:12] for follow_up in results[0].case.follow_ups.all()] == ["Khi công dân"]


def test_of_two_requests_for_one_grave_the_second_is_not_signed(
    file: Martyr, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    sister = factories.citizen(khach.commune, "001190000000", "Trần Thị Hai")
    relative(file, sister.full_name, sister.identity_number, sister)
    first, second = received(khach, file, mai, at), received(sister, file, mai, at)
    signed(first, hung, lan, at)

    with pytest.raises(workflow.NotAllowed, match="đã được hỗ trợ thăm viếng trong năm nay"):
        signed(second, hung, lan, at)

    assert GraveVisit.objects.count() == 1


def test_a_second_visit_without_support_is_confirmed(
    file: Martyr, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    signed(received(khach, file, mai, at), hung, lan, at)

    with pytest.raises(workflow.NotReady):
        received(khach, file, mai, at)
    signed(received(khach, file, mai, at, support="no"), hung, lan, at)

    assert [visit.supported for visit in GraveVisit.objects.all()] == [1, 0]


def test_the_counter_offers_the_file_and_finds_another(
    client: Client, file: Martyr, khach: Citizen, mai: Officer, at: datetime
) -> None:
    martyr(khach.commune, at, "Lê Văn Khác", certificate_number="TM-2")
    client.force_login(mai)
    here = reverse("apply", args=[khach.pk, "martyr_grave_visit"])

    before = client.get(here).content.decode()
    client.post(reverse("look_up", args=[khach.pk, "martyr_grave_visit"]), {"text": "van khac"})
    after = client.get(here).content.decode()

    assert "người đề nghị là con đẻ" in before
    assert "Tìm liệt sĩ theo họ tên" in before
    assert "Lê Văn Khác" not in before
    assert "Lê Văn Khác" in after


# --- what the database refuses ---
def visited(file: Martyr, citizen: Citizen, **facts: Any) -> GraveVisit:
    return GraveVisit.objects.create(
        **{
            "commune": file.commune,
            "martyr": file,
            "citizen": citizen,
            "applicant_name": citizen.full_name,
            "relation": "Con đẻ",
            "place": "Nghĩa trang liệt sĩ Mẫu",
            "persons": [f"{citizen.full_name} (Con đẻ)", "Trần Thị Hai (Con đẻ)"],
            "supported": 2,
            "year": 2026,
            "issued_on": date(2026, 3, 1),
            "application_number": "01/XN-UBND",
            "letter_number": "01/GGT-UBND",
            "signer": "Phùng Thị Lan",
        }
        | facts
    )


def test_a_grave_is_supported_once_a_year_by_the_table_itself(file: Martyr, khach: Citizen) -> None:
    visited(file, khach)
    visited(file, khach, supported=0)
    visited(file, khach, year=2027, issued_on=date(2027, 3, 1))

    with pytest.raises(IntegrityError, match="martyr_grave_is_supported_once_a_year"), transaction.atomic():
        visited(file, khach)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"application_number": "", "letter_number": ""}, "grave_visit_has_a_paper"),
        ({"returned_on": date(2026, 4, 1)}, "grave_visit_returned_is_a_letter_with_its_officer"),
        ({"kilometres": 12}, "grave_visit_returned_is_a_letter_with_its_officer"),
        ({"paid_on": date(2026, 4, 1), "amount": 5}, "grave_visit_is_paid_after_its_return"),
        ({"unused_on": date(2026, 4, 1)}, "grave_visit_is_returned_or_unused"),
    ],
)
def test_the_book_refuses_half_a_line(file: Martyr, khach: Citizen, facts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        visited(file, khach, **facts)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"death_text": "năm 1972"}, "martyr_fell_in_a_year"),
        ({"cemetery": ""}, "martyr_in_a_list_has_a_cemetery"),
        ({"certificate_number": "TM-000001"}, "martyr_certificate_is_its_own"),
    ],
)
def test_the_file_refuses_what_cannot_be(
    file: Martyr, quoc_oai: Commune, at: datetime, facts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        martyr(quoc_oai, at, **{"certificate_number": "TM-9"} | facts)


def test_corrections_are_never_rewritten(file: Martyr, hung: Officer, at: datetime) -> None:
    correct(file, {"unit": "Đại đội 3"}, paper="Trích lục 1", by=hung, at=at)

    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        MartyrAmendment.objects.update(paper="khác")


# --- verbs ---
def test_a_correction_keeps_what_was_beside_the_paper(file: Martyr, hung: Officer, at: datetime) -> None:
    made = correct(file, {"unit": "Đại đội 3", "full_name": "Nguyễn Văn Liệt"}, paper="Trích lục 1", by=hung, at=at)

    assert [(line.field, line.before, line.after, line.paper) for line in made] == [
        ("cơ quan, đơn vị khi hy sinh", "", "Đại đội 3", "Trích lục 1")
    ]
    assert file.version == 2


def test_who_read_an_older_version_changes_nothing(file: Martyr, hung: Officer, at: datetime) -> None:
    as_seen_elsewhere = Martyr.objects.get(pk=file.pk)
    correct(file, {"unit": "Đại đội 3"}, paper="Trích lục 1", by=hung, at=at)

    with pytest.raises(FileChanged):
        correct(as_seen_elsewhere, {"unit": "Đại đội 4"}, paper="Trích lục 2", by=hung, at=at)

    assert Martyr.objects.get().unit == "Đại đội 3"


def test_a_corrected_name_is_found_by_the_new_one(file: Martyr, hung: Officer, at: datetime) -> None:
    correct(file, {"full_name": "Nguyễn Văn Lịch"}, paper="Trích lục 1", by=hung, at=at)

    assert list(Martyr.objects.looked_for("lich")) == [file]
    assert list(Martyr.objects.looked_for("liet")) == []


def test_a_corrected_number_links_the_person_anew(file: Martyr, khach: Citizen, hung: Officer, at: datetime) -> None:
    other = relative(file, "Ai Đó", "001199000009")

    correct(other, {"identity_number": "001085000007"}, paper="CCCD", by=hung, at=at)
    unknown = other.citizen
    MartyrRelative.objects.exclude(pk=other.pk).update(struck_paper="Ghi nhầm")
    correct(other, {"identity_number": khach.identity_number}, paper="CCCD", by=hung, at=at)

    assert unknown is None
    assert other.citizen == khach


def test_a_letter_is_brought_back_then_paid_and_not_twice(file: Martyr, khach: Citizen, hung: Officer) -> None:
    visit = visited(file, khach)

    bring_back(visit, on=date(2026, 4, 1), kilometres=600, by=hung)
    bring_back(visit, on=date(2026, 4, 1), kilometres=612, by=hung)
    expected = visit.expected
    pay(visit, on=date(2026, 4, 2), amount=3_672_000, by=hung)

    assert expected == 3_000 * 612 * 2
    assert (visit.returned_by, visit.paid_by, visit.amount) == (hung, hung, 3_672_000)
    with pytest.raises(FileChanged):
        pay(visit, on=date(2026, 4, 3), amount=1, by=hung)
    with pytest.raises(FileChanged):
        bring_back(visit, on=date(2026, 4, 3), kilometres=1, by=hung)
    with pytest.raises(FileChanged):
        leave_unused(visit, on=date(2026, 4, 3), by=hung)


def test_a_letter_left_unused_frees_the_grave_for_the_year(
    file: Martyr, khach: Citizen, mai: Officer, hung: Officer, at: datetime
) -> None:
    visit = visited(file, khach)
    answers = {"martyr": str(file.pk), "relationship": "con_de", "support": "yes", "result": "commune"}

    def says() -> Tone:
        application = application_for(VISIT, khach, answers=answers, officer_answers={}, by=mai, at=at)
        return next(finding.tone for finding in VISIT.judge(application) if finding.rule.id == "grv_once_a_year")

    before = says()
    leave_unused(visit, on=date(2026, 4, 1), by=hung)

    assert (before, says()) == (Tone.FAIL, Tone.PASS)


# --- the specialist's pages ---
NEW = {
    "full_name": "Lê Văn Mới",
    "native_place": "Xã Sài Sơn",
    "death_text": "04/1975",
    "died_in_country": "on",
    "certificate_number": "TM-000002",
    "in_cemetery_list": "on",
    "cemetery": "Nghĩa trang liệt sĩ Mẫu",
    "form_key": KEY,
}


def test_the_list_shows_all_and_a_search_some(file: Martyr, at_the_desk: Client, at: datetime) -> None:
    martyr(file.commune, at, "Lê Văn Khác", certificate_number="TM-2")

    everybody = at_the_desk.get(reverse("martyrs")).content.decode()
    some = at_the_desk.post(reverse("martyrs"), {"text": "khac"}).content.decode()
    nobody = at_the_desk.post(reverse("martyrs"), {"text": "không ai"}).content.decode()

    assert "Nguyễn Văn Liệt" in everybody
    assert "1 hồ sơ khớp với “khac”" in some
    assert "Nguyễn Văn Liệt" not in some
    assert "Không có hồ sơ nào" in nobody


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_asks_the_same_of_the_database_however_long(
    rows: int, at_the_desk: Client, quoc_oai: Commune, at: datetime, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        martyr(quoc_oai, at, certificate_number=f"TM-{number}")
    at_the_desk.get(reverse("martyrs"))

    with django_assert_num_queries(15):
        at_the_desk.get(reverse("martyrs"))


def test_an_old_file_is_entered(at_the_desk: Client, hung: Officer) -> None:
    response = at_the_desk.post(reverse("new_martyr"), NEW)

    made = Martyr.objects.get()
    assert response["Location"] == reverse("martyr", args=[made.pk])
    assert (made.full_name, made.death_text, made.recorded_by) == ("Lê Văn Mới", "04/1975", hung)
    assert list(Entry.objects.values_list("act", "kind", "key")) == [("record", "martyr", str(made.pk))]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"death_text": "khoảng 1972"}, "chỉ năm"),
        ({"certificate_number": ""}, "Ghi số Bằng, hoặc quyết định"),
        ({"certificate_number": "tm-000001"}, "Đã có hồ sơ liệt sĩ mang số Bằng này"),
        ({"cemetery": ""}, "Ghi tên nghĩa trang"),
        ({"full_name": "Lê <b>"}, "chỉ gồm chữ cái"),
    ],
)
def test_an_old_file_that_is_not_understood_comes_back(
    file: Martyr, at_the_desk: Client, changes: dict[str, str], words: str
) -> None:
    response = at_the_desk.post(reverse("new_martyr"), NEW | changes)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert Martyr.objects.count() == 1


def test_a_look_at_a_file_is_written_down_and_shows_who_is_kin(
    file: Martyr, khach: Citizen, at_the_desk: Client
) -> None:
    relative(file, "Nguyễn Văn Em", relation=Relation.OTHER, relation_text="Em trai")
    visited(file, khach)

    page = at_the_desk.get(reverse("martyr", args=[file.pk])).content.decode()

    assert "thân nhân liệt sĩ" in page
    assert "Em trai<small>không phải thân nhân theo luật</small>" in page
    assert "01/XN-UBND<br>01/GGT-UBND" in page
    assert list(Entry.objects.values_list("act", "kind", "key")) == [("look", "martyr", str(file.pk))]


def test_a_file_is_corrected_on_a_paper_only(file: Martyr, at_the_desk: Client) -> None:
    here = reverse("amend_martyr", args=[file.pk])
    said = NEW | {
        "full_name": "Nguyễn Văn Liệt",
        "certificate_number": "TM-000001",
        "version": "1",
        "unit": "Đại đội 3",
    }

    bare = at_the_desk.post(here, said)
    unit_before = Martyr.objects.get().unit
    papered = at_the_desk.post(here, said | {"paper": "Trích lục 12/TL", "form_key": "b" * 20})

    assert bare.status_code == 422
    assert unit_before == ""
    assert papered["Location"] == reverse("martyr", args=[file.pk])
    assert Martyr.objects.get().unit == "Đại đội 3"
    assert set(MartyrAmendment.objects.values_list("paper", flat=True)) == {"Trích lục 12/TL"}
    assert Entry.objects.filter(act="amend", kind="martyr", why="cơ quan, đơn vị khi hy sinh").exists()


def test_a_colleagues_correction_is_shown_not_overwritten(file: Martyr, at_the_desk: Client) -> None:
    here = reverse("amend_martyr", args=[file.pk])
    said = NEW | {"full_name": "Nguyễn Văn Liệt", "certificate_number": "TM-000001", "version": "1", "paper": "TL"}
    at_the_desk.post(here, said | {"unit": "Đại đội 3"})

    response = at_the_desk.post(here, said | {"unit": "Đại đội 4", "form_key": "b" * 20})

    assert response.status_code == 422
    assert "vừa sửa hồ sơ này" in response.content.decode()
    assert Martyr.objects.get().unit == "Đại đội 3"


def test_a_relative_is_added_and_linked_by_number(file: Martyr, at_the_desk: Client, quoc_oai: Commune) -> None:
    sister = factories.citizen(quoc_oai, "001190000000", "Trần Thị Hai")
    said = {"full_name": sister.full_name, "relation": "con_de", "identity_number": sister.identity_number}

    response = at_the_desk.post(
        reverse("new_martyr_relative", args=[file.pk]), said | {"basis": "Giấy khai sinh", "form_key": KEY}
    )

    assert response["Location"] == reverse("martyr", args=[file.pk])
    assert MartyrRelative.objects.get(identity_number=sister.identity_number).citizen == sister


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"basis": ""}, "Ghi giấy tờ trong hồ sơ"),
        ({"identity_number": "001192000000"}, "đã có trong hồ sơ"),
        ({"identity_number": "12"}, "Nhập đủ 12 chữ số"),
        ({"identity_number": "001190000000"}, "là của Trần Thị Hai"),
        ({"relation": "tho_cung"}, "hợp lệ"),
    ],
)
def test_a_relative_that_cannot_be_is_refused(
    file: Martyr, at_the_desk: Client, quoc_oai: Commune, changes: dict[str, str], words: str
) -> None:
    factories.citizen(quoc_oai, "001190000000", "Trần Thị Hai")
    said = {"full_name": "Nguyễn Văn Em", "relation": "khac", "basis": "Tờ khai", "form_key": KEY}

    response = at_the_desk.post(reverse("new_martyr_relative", args=[file.pk]), said | changes)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert MartyrRelative.objects.count() == 1


def test_a_relative_written_by_mistake_is_struck_out_and_stays(
    file: Martyr, khach: Citizen, at_the_desk: Client
) -> None:
    row = MartyrRelative.objects.get()
    said = {
        "full_name": khach.full_name,
        "relation": "con_de",
        "identity_number": khach.identity_number,
        "basis": row.basis,
        "struck_paper": "Biên bản 5",
        "paper": "Biên bản 5",
        "version": "1",
        "form_key": KEY,
    }

    response = at_the_desk.post(reverse("amend_martyr_relative", args=[row.pk]), said)

    assert response["Location"] == reverse("martyr", args=[file.pk])
    assert found(khach) == ()
    assert "Đã gạch: Biên bản 5" in at_the_desk.get(reverse("martyr", args=[file.pk])).content.decode()


def test_the_worship_allowance_has_one_holder_at_a_time(file: Martyr, at_the_desk: Client) -> None:
    here = reverse("new_worship", args=[file.pk])
    said = {"full_name": "Nguyễn Văn Thờ", "relation_text": "Cháu ruột", "decision": "12/QĐ"}

    at_the_desk.post(here, said | {"form_key": KEY})
    second = at_the_desk.post(here, said | {"full_name": "Nguyễn Văn Khác", "form_key": "b" * 20})
    holder = WorshipGrant.objects.get()
    at_the_desk.post(
        reverse("end_worship", args=[holder.pk]),
        {"ended_on": "01/02/2026", "paper": "13/QĐ", "form_key": "c" * 20},
    )
    third = at_the_desk.post(here, said | {"full_name": "Nguyễn Văn Khác", "form_key": "d" * 20})

    assert second.status_code == 422
    assert "ghi thôi hưởng trước" in second.content.decode()
    assert third.status_code == 302
    assert [(row.full_name, row.ended_on) for row in WorshipGrant.objects.order_by("pk")] == [
        ("Nguyễn Văn Thờ", date(2026, 2, 1)),
        ("Nguyễn Văn Khác", None),
    ]


def test_what_the_file_says_of_the_allowance_is_corrected_on_a_paper(file: Martyr, at_the_desk: Client) -> None:
    held = WorshipGrant.objects.create(commune=file.commune, martyr=file, full_name="Nguyễn Văn Thờ", decision="12/QĐ")

    at_the_desk.post(
        reverse("amend_worship", args=[held.pk]),
        {"full_name": "Nguyễn Văn Thờ", "decision": "21/QĐ", "paper": "Bản gốc", "version": "1", "form_key": KEY},
    )

    assert WorshipGrant.objects.get().decision == "21/QĐ"
    assert MartyrAmendment.objects.get().field == "Nguyễn Văn Thờ: quyết định trợ cấp thờ cúng"


# --- the book of visits ---
def test_the_book_shows_every_column_of_its_year(file: Martyr, khach: Citizen, at_the_desk: Client) -> None:
    visited(file, khach)
    visited(file, khach, year=2025, issued_on=date(2025, 5, 5), application_number="07/XN-UBND", letter_number="")

    this, last = (at_the_desk.get(reverse("grave_visits"), {"nam": year}).content.decode() for year in (2026, 2025))

    for column in ("Số, ngày", "Người đề nghị, quan hệ", "Liệt sĩ", "Nghĩa trang, địa phương", "Số người đi"):
        assert column in this
    for column in ("Khoảng cách km", "Nộp lại giấy có xác nhận", "Số tiền hỗ trợ, ngày chi", "Người ký"):
        assert column in this
    assert "01/XN-UBND<br>01/GGT-UBND" in this
    assert "07/XN-UBND" not in this
    assert "07/XN-UBND" in last


def test_a_year_that_is_no_year_is_this_year(file: Martyr, at_the_desk: Client) -> None:
    assert at_the_desk.get(reverse("grave_visits"), {"nam": "x"}).status_code == 200


def test_the_return_and_the_payment_are_written_into_the_line(
    file: Martyr, khach: Citizen, at_the_desk: Client
) -> None:
    visit = visited(file, khach)
    here = reverse("grave_visit", args=[visit.pk])

    at_the_desk.post(
        here,
        {"act": "brought_back", "brought_back-returned_on": "01/04/2026", "brought_back-kilometres": "612"}
        | {"form_key": KEY},
    )
    offered = at_the_desk.get(here).content.decode()
    at_the_desk.post(
        here, {"act": "paid", "paid-amount": "3672000", "paid-paid_on": "02/04/2026", "form_key": "b" * 20}
    )
    done = at_the_desk.get(here).content.decode()

    assert "3.672.000 đồng (612 km × 2 người, một lượt)" in offered
    assert 'value="3672000"' in offered
    assert "Dòng này đã xong." in done
    visit.refresh_from_db()
    assert (visit.kilometres, visit.amount, visit.paid_on) == (612, 3_672_000, date(2026, 4, 2))
    assert list(Entry.objects.filter(kind="grave_visit").values_list("act", flat=True)) == ["brought_back", "paid"]


@pytest.mark.parametrize(
    "said",
    [
        {"act": "brought_back", "brought_back-returned_on": "01/02/2026", "brought_back-kilometres": "612"},
        {"act": "brought_back", "brought_back-returned_on": "01/04/2099", "brought_back-kilometres": "612"},
        {"act": "brought_back", "brought_back-returned_on": "01/04/2026", "brought_back-kilometres": "0"},
        {"act": "paid", "paid-amount": "5", "paid-paid_on": "02/04/2026"},
        {"act": "unused", "unused-unused_on": ""},
        {"act": "khong-co"},
        {},
    ],
)
def test_what_cannot_be_is_not_written_into_the_line(
    file: Martyr, khach: Citizen, at_the_desk: Client, said: dict[str, str]
) -> None:
    visit = visited(file, khach)

    response = at_the_desk.post(reverse("grave_visit", args=[visit.pk]), said | {"form_key": KEY})

    visit.refresh_from_db()
    assert response.status_code == 422
    assert (visit.returned_on, visit.paid_on, visit.unused_on) == (None, None, None)


def test_an_unused_letter_is_noted(file: Martyr, khach: Citizen, at_the_desk: Client) -> None:
    visit = visited(file, khach)

    at_the_desk.post(
        reverse("grave_visit", args=[visit.pk]),
        {"act": "unused", "unused-unused_on": "01/04/2026", "form_key": KEY},
    )

    visit.refresh_from_db()
    assert visit.unused_on == date(2026, 4, 1)


@pytest.mark.parametrize("name", ["martyr", "amend_martyr", "new_martyr_relative", "new_worship"])
def test_a_file_of_another_commune_does_not_exist(
    name: str, kieu_phu: Commune, at_the_desk: Client, at: datetime
) -> None:
    with walls.within(kieu_phu.pk):
        theirs = martyr(kieu_phu, at)

    assert at_the_desk.get(reverse(name, args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("name", ["martyrs", "new_martyr", "grave_visits"])
def test_pages_without_anything_stand(name: str, at_the_desk: Client) -> None:
    assert at_the_desk.get(reverse(name)).status_code == 200


def test_every_form_of_the_file_opens(file: Martyr, khach: Citizen, at_the_desk: Client) -> None:
    held = WorshipGrant.objects.create(commune=file.commune, martyr=file, full_name="Nguyễn Văn Thờ", decision="12/QĐ")
    person = MartyrRelative.objects.get()
    addresses = [
        reverse("amend_martyr", args=[file.pk]),
        reverse("new_martyr_relative", args=[file.pk]),
        reverse("amend_martyr_relative", args=[person.pk]),
        reverse("new_worship", args=[file.pk]),
        reverse("amend_worship", args=[held.pk]),
        reverse("end_worship", args=[held.pk]),
        reverse("grave_visit", args=[visited(file, khach).pk]),
    ]

    assert [at_the_desk.get(address).status_code for address in addresses] == [200] * 7


# --- the demo ---
TROUBLE = {
    "Nguyễn Hữu Cháu Ruột": {"grv_entitled_person"},
    "Nguyễn Hữu Thờ Cúng": set(),
    "Kiều Thị Chưa Thấy Mộ": set(),
    "Phùng Thị Bốn Con Cả": {"grv_max_three"},
    "Đỗ Thị Hồ Sơ Nơi Khác": set(),
    "Vương Thị Lần Hai": {"grv_once_a_year"},
    "Bùi Văn Chưa Có Bằng": {"grv_martyr_known"},
    "Tạ Thị Chưa Rõ Nơi Hy Sinh": {"grv_visit_condition", "grv_grave_located"},
}


def test_the_people_of_the_demo_have_the_trouble_they_are_named_after(
    quoc_oai: Commune, mai: Officer, hung: Officer, at: datetime
) -> None:
    for serial in range(1000, 1004):
        factories.citizen(quoc_oai, f"00116000{serial}", "Lê Văn Con", birth_date=date(1960, 5, 5))
    demo_martyrs.fill_martyrs(quoc_oai, hung)

    found_trouble = {name: _trouble(Citizen.objects.get(full_name=name), mai, at) for name in TROUBLE}
    ready = demo_martyrs.ready_martyr_grave_visit(quoc_oai)

    assert found_trouble == TROUBLE
    assert len(ready) == demo_martyrs.ORDINARY
    assert [_judged(person, mai, at, answers) for person, _, _, answers in ready] == [set()] * len(ready)


def _trouble(citizen: Citizen, by: Officer, at: datetime) -> set[str]:
    """What stops the wish that this person would have, with all companions the file names."""
    on = at.date()
    files = found(citizen, on=on)
    asks = next((one for one in files if one.visits), files[0])
    others = [str(kin.id) for kin in asks.relatives if kin.identity_number != citizen.identity_number]
    slots = {f"companion_{number}": pk for number, pk in enumerate(others, start=1)}
    answers = {"martyr": str(asks.id), "relationship": "as_filed", "support": "yes", "result": "commune"} | slots
    return _judged(citizen, by, at, answers)


def _judged(citizen: Citizen, by: Officer, at: datetime, answers: dict[str, Any]) -> set[str]:
    said = {rule.id: True for rule in VISIT.rules}
    application = application_for(VISIT, citizen, answers=answers, officer_answers=said, by=by, at=at)
    return {finding.rule.id for finding in VISIT.judge(application) if finding.stops}
