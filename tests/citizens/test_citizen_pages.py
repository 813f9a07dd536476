"""The citizens' pages at the counter: whatever the scanner sends, a person, a form or a sentence comes of it."""

from __future__ import annotations

import re
import secrets
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens import identity_card
from citizens.forms import CitizenForm
from citizens.models import Amendment, Citizen, Residence, Visit
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from oneshop.roles import Role
from procedures.checking.public_link import status_link
from procedures.models import Case
from tests import factories
from tests.citizens.test_identity_card import MAU, THU, TRUE_NAMES, ZONE, sample

MARKED = "001192000000"  # the number that must stand in no address (S-05)


@pytest.fixture
def clerk(client: Client, mai: Officer) -> Client:
    client.force_login(mai)
    return client


def scan(client: Client, text: str) -> HttpResponse:
    return client.post(reverse("scan"), {"text": text, "form_key": secrets.token_urlsafe(16)})  # type: ignore[return-value]


def shown(response: HttpResponse) -> dict[str, Any]:
    """What the new-citizen form offers, field by field."""
    assert response.status_code == 200
    form = response.context["form"]  # type: ignore[attr-defined]
    return {name: form[name].value() for name in form.fields}


def page(response: HttpResponse) -> str:
    return response.content.decode()


FORM = {
    "full_name": "Trần Thị Thử",
    "identity_number": MARKED,
    "birth_date": "17/09/1992",
    "sex": "female",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "document_kind": "cccd",
    "eid_level": "2",
    "address": "Thôn 1, Xã Quốc Oai, Thành phố Hà Nội",
    "lives_here": "on",
    "card_seen": "on",
}


def register(client: Client, *, key: str = "", **changes: str) -> HttpResponse:
    form = {**FORM, **changes, "form_key": key or secrets.token_urlsafe(16)}
    return client.post(reverse("register_citizen"), {name: value for name, value in form.items() if value})  # type: ignore[return-value]


# --- a card nobody knows ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kind", "name", "born"),
    [
        (MAU, "cccd", "Nguyễn Văn Mẫu", date(1985, 3, 5)),
        (sample("5")[0], "can_cuoc", "Đỗ Quang Kiểm Thử", date(1979, 4, 30)),
    ],
)
def test_an_unknown_card_of_either_kind_fills_the_form_for_a_new_citizen(
    clerk: Client, text: str, kind: str, name: str, born: date
) -> None:
    response = scan(clerk, text)

    offered = shown(response)
    assert (offered["full_name"], offered["birth_date"], offered["document_kind"]) == (name, born, kind)
    assert offered["lives_here"] is offered["card_seen"] is None
    assert not Citizen.objects.exists()


def test_a_new_citizen_is_registered_from_the_card_and_opens(clerk: Client, mai: Officer, quoc_oai: Commune) -> None:
    offered = shown(scan(clerk, THU))
    form = {name: value.strftime("%d/%m/%Y") if isinstance(value, date) else value for name, value in offered.items()}

    saved = clerk.post(
        reverse("register_citizen"),
        {name: value for name, value in form.items() if value not in (None, "")}
        | {"card_seen": "on", "lives_here": "on", "eid_level": "2", "form_key": "k" * 20},
    )

    made = Citizen.objects.get()
    assert (saved.status_code, saved["Location"]) == (302, reverse("citizen", args=[made.pk]))
    assert (made.full_name, made.identity_number, made.birth_date) == ("Trần Thị Thử", MARKED, date(1992, 9, 17))
    assert (made.commune, made.recorded_by, made.birth_text) == (quoc_oai, mai, "17/09/1992")
    home = made.residences.get()
    assert (home.kind, home.present_commune) == ("permanent", quoc_oai)
    assert list(Entry.objects.values_list("act", "key")) == [("record", str(made.pk))]
    assert "Trần Thị Thử" in page(clerk.get(saved["Location"]))


def test_the_address_of_a_card_is_no_permanent_residence_without_the_officers_tick(clerk: Client) -> None:
    register(clerk, lives_here="")

    home = Residence.objects.get()
    assert (home.kind, home.present_commune) == ("temporary", None)


def test_nobody_is_registered_whose_card_was_not_seen(clerk: Client) -> None:
    response = register(clerk, card_seen="")

    assert response.status_code == 422
    assert not Citizen.objects.exists()


# --- broken scans ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9"])
def test_a_broken_scan_keeps_the_digits_says_why_and_offers_no_wrong_name(clerk: Client, kind: str) -> None:
    text = sample(kind)[0]
    reading = identity_card.read(text, today=timezone.localdate())

    response = scan(clerk, text)

    offered = shown(response)
    number = offered["identity_number"]
    assert number == text[:12]
    assert offered.get("full_name") in (None, "", TRUE_NAMES[number])
    said = [reading.reason] if isinstance(reading, identity_card.NumberOnly) else [*reading.repairs, *reading.doubts]  # type: ignore[union-attr]
    assert said
    assert response.context["repairs"] + response.context["warnings"] == said  # type: ignore[attr-defined]
    assert not Citizen.objects.exists()


@pytest.mark.parametrize("kind", ["B1", "B2", "B4", "B5", "B6", "B7", "B8", "B9"])
def test_damage_that_lost_no_letter_is_undone_in_the_form(clerk: Client, kind: str) -> None:
    offered = shown(scan(clerk, sample(kind)[0]))

    assert offered["full_name"] == TRUE_NAMES[offered["identity_number"]]


def test_what_lost_letters_leaves_the_name_to_be_typed_and_saves_nothing_without_it(clerk: Client) -> None:
    offered = shown(scan(clerk, sample("B3")[0]))

    response = register(clerk, identity_number=offered["identity_number"], full_name=offered["full_name"] or "")

    assert not offered["full_name"]
    assert not offered["address"]
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["full_name", "doubts_checked"]  # type: ignore[attr-defined]
    assert not Citizen.objects.exists()


def test_a_web_address_is_no_card_and_a_bar_code_is_a_number(clerk: Client) -> None:
    address, number = sample("B10")[:2]

    refused, offered = scan(clerk, address), scan(clerk, number)

    assert refused.status_code == 422
    assert identity_card.WEB_ADDRESS in page(refused)
    assert shown(offered)["identity_number"] == number


@pytest.mark.parametrize(
    "text",
    [
        "\x01\x02\x1b[A\x7f",
        "x" * 4000,
        "9" * 4097,
        "001192000000|\0|\0",
        "\0",
        "001192000000\u202e|Thử",
        "\u202egnahc",
        "=HYPERLINK(1)|<script>alert(1)</script>",
        "' OR 1=1 --",
        "{% load x %}{{ 7 }}",
        "\ud800",
        "   ",
        "",
    ],
)
def test_garbage_is_a_sentence_and_never_an_error(clerk: Client, text: str) -> None:
    body = urlencode({"text": text.encode("utf-8", "surrogatepass")})

    response = clerk.post(reverse("scan"), body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422
    assert "<script>alert" not in page(response)
    assert not Citizen.objects.exists()


def test_the_zone_on_the_back_offers_its_number_and_no_name(clerk: Client) -> None:
    offered = shown(scan(clerk, "\n".join(ZONE)))

    assert (offered["identity_number"], offered["full_name"]) == ("001190000000", "")


# --- people we know --------------------------------------------------------------------------------------------------
def test_a_known_card_opens_the_person(clerk: Client, khach: Citizen) -> None:
    response = scan(clerk, THU)

    assert (response.status_code, response["Location"]) == (302, reverse("citizen", args=[khach.pk]))
    assert not Visit.objects.exists()


@pytest.mark.parametrize("kind", ["B2", "B4", "B5", "B6", "B9"])
def test_a_broken_scan_of_somebody_known_opens_the_person_all_the_same(
    clerk: Client, khach: Citizen, kind: str
) -> None:
    response = scan(clerk, sample(kind)[0])

    assert response["Location"] == reverse("citizen", args=[khach.pk])


def test_a_card_of_another_commune_opens_for_a_day_and_the_look_is_written_down(
    clerk: Client, mai: Officer, quoc_oai: Commune, kieu_phu: Commune
) -> None:
    with walls.within(kieu_phu.pk):
        theirs = factories.citizen(kieu_phu)

    opened = scan(clerk, THU)

    assert opened["Location"] == reverse("citizen", args=[theirs.pk])
    visit = Visit.objects.get()
    assert (visit.citizen, visit.commune, visit.officer) == (theirs, quoc_oai, mai)
    assert list(Entry.objects.values_list("act", "kind", "key")) == [("visit", "citizen", str(theirs.pk))]
    response = clerk.get(opened["Location"])
    assert response.status_code == 200
    assert "Xã Kiều Phú giữ hồ sơ" in page(response)
    assert reverse("amend", args=[theirs.pk]) not in page(response)
    assert clerk.get(reverse("amend", args=[theirs.pk])).status_code == 404
    assert response.context["citizen"]["residence"] == "Thôn 1, Xã Quốc Oai, Thành phố Hà Nội"


def test_a_card_of_another_commune_is_not_found_by_name_before_or_after(clerk: Client, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        factories.citizen(kieu_phu, old_number="000123456")

    before = [scan(clerk, words).context["rows"] for words in ("Trần Thị Thử", "000123456")]  # type: ignore[attr-defined]
    scan(clerk, THU)
    after = [scan(clerk, words).context["rows"] for words in ("Trần Thị Thử", "000123456")]  # type: ignore[attr-defined]

    assert before == after == [[], []]


def test_a_card_never_shown_here_does_not_open_by_guessing_its_address(clerk: Client, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        theirs = factories.citizen(kieu_phu)

    assert clerk.get(reverse("citizen", args=[theirs.pk])).status_code == 404


def test_the_door_that_a_card_opened_closes_after_a_day(
    clerk: Client, quoc_oai: Commune, kieu_phu: Commune, mai: Officer
) -> None:
    with walls.within(kieu_phu.pk):
        theirs = factories.citizen(kieu_phu)
    with walls.within(quoc_oai.pk, scanned=MARKED):
        Visit.objects.create(
            commune=quoc_oai, citizen=theirs, officer=mai, at=timezone.now() - timedelta(hours=24, seconds=1)
        )

    assert clerk.get(reverse("citizen", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("typed", ["001192000000", "001 192 000 000", "001.192.000.000", " 001192000000\r\n"])
def test_a_typed_number_opens_the_person(clerk: Client, khach: Citizen, typed: str) -> None:
    assert scan(clerk, typed)["Location"] == reverse("citizen", args=[khach.pk])


def test_an_old_number_opens_the_person(clerk: Client, quoc_oai: Commune) -> None:
    known = factories.citizen(quoc_oai, old_number="000123456")

    assert scan(clerk, "000 123 456")["Location"] == reverse("citizen", args=[known.pk])


def test_a_name_opens_the_one_person_who_bears_it(clerk: Client, khach: Citizen) -> None:
    assert scan(clerk, "tran thi thu")["Location"] == reverse("citizen", args=[khach.pk])


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: Any) -> Case:
    return factories.case(khach, by=mai, at=at)


def test_a_case_code_in_any_writing_opens_the_case(clerk: Client, case: Case) -> None:
    opened = [scan(clerk, typed)["Location"] for typed in (case.code, case.code.lower(), f" {case.code} ")]

    assert opened == [reverse("case", args=[case.code])] * 3


@pytest.mark.parametrize("host", ["", "http://127.0.0.1:8000", "HTTPS://OTHER.INVALID"])
def test_the_status_link_of_a_slip_opens_the_case(clerk: Client, case: Case, host: str) -> None:
    link = status_link(case.commune.code, case.token)
    path = "/" + link.split("/", 3)[3]

    assert scan(clerk, f"{host}{path}")["Location"] == reverse("case", args=[case.code])


def test_a_code_of_another_commune_is_no_case_here(clerk: Client, quoc_oai: Commune, case: Case) -> None:
    unknown = scan(clerk, "H26.910.00-261123-0001")

    assert unknown.status_code == 422
    assert "Không có hồ sơ này tại xã." in page(unknown)


# --- judging what is typed -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("written", ["31/02/1992", "29/02/2023", "99999999", "hôm qua"])
def test_an_impossible_birth_date_is_said_and_stays_as_typed(clerk: Client, written: str) -> None:
    response = register(clerk, birth_date=written)

    assert response.status_code == 422
    assert response.context["form"]["birth_date"].value() == written  # type: ignore[attr-defined]
    assert list(response.context["form"].errors) == ["birth_date"]  # type: ignore[attr-defined]
    assert f'value="{written}"' in page(response)


def test_a_birth_date_to_come_is_refused(clerk: Client) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = register(clerk, birth_date=tomorrow.strftime("%d/%m/%Y"), doubts_checked="on")

    assert "birth_date" in response.context["form"].errors  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"birth_date": "17/09/1993"}, "Số định danh cho biết sinh năm 1992, ngày sinh lại ghi năm 1993."),
        ({"sex": "male"}, "Chữ số thứ tư của số định danh là của nữ, giới tính lại ghi nam."),
    ],
)
def test_a_number_that_contradicts_the_card_warns_and_the_officer_may_override(
    clerk: Client, changes: dict[str, str], doubt: str
) -> None:
    warned = register(clerk, **changes)
    kept = {name: warned.context["form"][name].value() for name in changes}  # type: ignore[attr-defined]
    nobody = Citizen.objects.count()
    overridden = register(clerk, **changes, doubts_checked="on")

    assert (warned.status_code, kept, nobody) == (422, changes, 0)
    assert doubt in page(warned)
    assert overridden.status_code == 302
    assert doubt in Entry.objects.get(act="record").why


def test_a_year_alone_is_compared_with_the_number_too(clerk: Client) -> None:
    warned = register(clerk, birth_date="", birth_text="1955")

    assert warned.status_code == 422
    assert "Số định danh cho biết sinh năm 1992, ngày sinh lại ghi năm 1955." in page(warned)


@pytest.mark.parametrize("text", ["hôm nào", "<b>1992</b>", "2999", "92", "=1992"])
def test_a_birth_that_no_card_prints_is_refused(clerk: Client, text: str) -> None:
    response = register(clerk, birth_date="", birth_text=text, doubts_checked="on")

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["birth_text"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("typed", ["000123456", "000 123 456", "000.123.456"])
def test_an_old_number_is_taken_as_people_write_it(clerk: Client, typed: str) -> None:
    register(clerk, old_number=typed)

    assert Citizen.objects.get().old_number == "000123456"


def test_an_old_number_of_another_length_is_said_in_our_own_words(clerk: Client) -> None:
    response = register(clerk, old_number="12345678")

    assert list(response.context["form"].errors) == ["old_number"]  # type: ignore[attr-defined]
    assert "Constraint" not in page(response)


def test_a_year_with_a_slip_of_the_hand_is_not_taken_for_another_one(clerk: Client) -> None:
    response = register(clerk, birth_date="17/09/0192", doubts_checked="on")

    assert list(response.context["form"].errors) == ["birth_date"]  # type: ignore[attr-defined]


def test_a_year_alone_is_kept_as_the_card_prints_it(clerk: Client) -> None:
    response = register(clerk, birth_date="", birth_text="1992")

    made = Citizen.objects.get()
    assert response.status_code == 302
    assert (made.birth_date, made.birth_text) == (None, "1992")


@pytest.mark.parametrize(
    "name",
    [
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "Trần'); DROP TABLE citizens_citizen;--",
        "{{ 7 }}",
        "Trần\u202eThử",
        "Trần\0Thử",
        "Тrần Thị Thử",
        "+84912345678",
        "@SUM",
        "a" * 101,
    ],
)
def test_what_is_no_name_is_refused_and_never_runs(clerk: Client, name: str) -> None:
    response = register(clerk, full_name=name)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["full_name"]  # type: ignore[attr-defined]
    assert "<script>alert" not in page(response)
    assert not Citizen.objects.exists()


def test_a_name_sent_with_its_marks_apart_is_stored_whole(clerk: Client) -> None:
    register(clerk, full_name="  Tra\u0302\u0300n   Thi\u0323  Thu\u031b\u0309 ")

    assert Citizen.objects.get().full_name == "Trần Thị Thử"


def test_a_form_sent_twice_with_one_key_records_one_person(clerk: Client) -> None:
    first = register(clerk, key="k" * 20)
    second = register(clerk, key="k" * 20)

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert (Citizen.objects.count(), Residence.objects.count()) == (1, 1)


def test_registering_somebody_known_opens_the_person_instead(clerk: Client, khach: Citizen) -> None:
    response = register(clerk, full_name="Tên Khác")

    khach.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, reverse("citizen", args=[khach.pk]))
    assert (Citizen.objects.count(), khach.full_name) == (1, "Trần Thị Thử")


def test_registering_somebody_of_another_commune_opens_the_person_and_writes_it_down(
    clerk: Client, kieu_phu: Commune
) -> None:
    with walls.within(kieu_phu.pk):
        theirs = factories.citizen(kieu_phu)

    response = register(clerk)

    assert (response.status_code, response["Location"]) == (302, reverse("citizen", args=[theirs.pk]))
    assert Visit.objects.get().citizen == theirs


# --- corrections -----------------------------------------------------------------------------------------------------
def correction(citizen: Citizen, **changes: str) -> dict[str, str]:
    return {
        "full_name": citizen.full_name,
        "ethnicity": citizen.ethnicity,
        "telephone": citizen.telephone,
        "eid_level": str(citizen.eid_level),
        "portal_synced_on": "01/09/2025",
        "document_valid_until": "",
        "paper": "thẻ căn cước cấp ngày 01/08/2024",
        "version": str(citizen.version),
        "form_key": secrets.token_urlsafe(16),
        **changes,
    }


def test_a_correction_keeps_the_former_value_beside_its_paper(clerk: Client, mai: Officer, khach: Citizen) -> None:
    response = clerk.post(
        reverse("amend", args=[khach.pk]), correction(khach, full_name="Trần Thị Thửa", telephone="0912 345 678")
    )

    khach.refresh_from_db()
    lines = Amendment.objects.order_by("field")
    assert (response.status_code, khach.full_name, khach.version) == (302, "Trần Thị Thửa", 2)
    assert [(line.field, line.before, line.after) for line in lines] == [
        ("full_name", "Trần Thị Thử", "Trần Thị Thửa"),
        ("telephone", "", "0912 345 678"),
    ]
    assert {(line.paper, line.by) for line in lines} == {("thẻ căn cước cấp ngày 01/08/2024", mai)}
    assert sorted(Entry.objects.filter(act="amend").values_list("why", flat=True)) == ["full_name", "telephone"]


def test_who_was_corrected_is_found_by_the_new_name(clerk: Client, khach: Citizen) -> None:
    clerk.post(reverse("amend", args=[khach.pk]), correction(khach, full_name="Đỗ Thị Mới"))

    assert list(Citizen.objects.named("do thi moi")) == [khach]
    assert not Citizen.objects.named("tran").exists()


def test_a_correction_without_a_paper_or_with_no_name_changes_nothing(clerk: Client, khach: Citizen) -> None:
    responses = [
        clerk.post(reverse("amend", args=[khach.pk]), correction(khach, **changes))
        for changes in ({"telephone": "0912", "paper": ""}, {"full_name": "<b>"}, {"portal_synced_on": "31/2/2025"})
    ]

    khach.refresh_from_db()
    assert [response.status_code for response in responses] == [422, 422, 422]
    assert khach.version == 1
    assert not Amendment.objects.exists()


def test_a_correction_that_changes_nothing_leaves_no_trace(clerk: Client, khach: Citizen) -> None:
    response = clerk.post(reverse("amend", args=[khach.pk]), correction(khach))

    khach.refresh_from_db()
    assert (response.status_code, khach.version, Amendment.objects.count()) == (302, 1, 0)


def test_the_later_of_two_officers_sees_both_versions_and_overwrites_nothing(
    clerk: Client, quoc_oai: Commune, khach: Citizen
) -> None:
    """F-09."""
    duc = Client()
    duc.force_login(factories.officer(quoc_oai, "duc", Role.CLERK, full_name="Kiều Minh Đức"))
    as_both_saw_it = correction(khach)
    duc.post(reverse("amend", args=[khach.pk]), as_both_saw_it | {"telephone": "0911 111 111", "form_key": "d" * 20})

    late = clerk.post(reverse("amend", args=[khach.pk]), as_both_saw_it | {"telephone": "0922 222 222"})

    khach.refresh_from_db()
    assert (late.status_code, khach.telephone, khach.version) == (422, "0911 111 111", 2)
    assert "Kiều Minh Đức lúc" in page(late)
    assert "0911 111 111" in page(late)
    assert 'value="0922 222 222"' in page(late)
    assert Amendment.objects.count() == 1


def test_the_late_officer_does_not_get_through_by_pressing_again(
    clerk: Client, quoc_oai: Commune, khach: Citizen
) -> None:
    as_seen = correction(khach, telephone="0922 222 222")
    Citizen.objects.filter(pk=khach.pk).update(telephone="0911 111 111", version=2)

    answers = [
        clerk.post(reverse("amend", args=[khach.pk]), as_seen | {"form_key": secrets.token_urlsafe(16)}).status_code
        for _ in range(2)
    ]

    khach.refresh_from_db()
    assert (answers, khach.telephone) == ([422, 422], "0911 111 111")


def test_a_late_save_that_undoes_a_colleagues_change_is_refused_too(clerk: Client, khach: Citizen) -> None:
    """The form still shows the old telephone: sending it unchanged must not read as agreement nor as an undoing."""
    as_seen = correction(khach, ethnicity="Mường")
    Citizen.objects.filter(pk=khach.pk).update(telephone="0911 111 111", version=2)

    late = clerk.post(reverse("amend", args=[khach.pk]), as_seen)

    khach.refresh_from_db()
    assert (late.status_code, khach.telephone, khach.ethnicity) == (422, "0911 111 111", "Kinh")


# --- the number stands in no address (S-05) --------------------------------------------------------------------------
def test_the_number_stands_in_no_address_header_title_or_file_name(
    clerk: Client, khach: Citizen, kieu_phu: Commune
) -> None:
    with walls.within(kieu_phu.pk):
        factories.citizen(kieu_phu, "001085000000", "Nguyễn Văn Mẫu", sex="male", birth_date=date(1985, 3, 5))
    here, amend = reverse("citizen", args=[khach.pk]), reverse("amend", args=[khach.pk])
    responses = [
        scan(clerk, THU),
        scan(clerk, MARKED),
        scan(clerk, MAU),
        scan(clerk, "Trần Thị"),
        scan(clerk, f"{MARKED}|\0"),
        scan(clerk, sample("1")[0].replace("001085", "001086")),
        register(clerk),
        register(clerk, identity_number="001186000000", birth_date="08/03/1986"),
        register(clerk, identity_number="001186000001", full_name=""),
        clerk.get(here),
        clerk.get(amend),
        clerk.post(amend, correction(khach, full_name="")),
        clerk.post(amend, correction(khach, telephone="0912 345 678")),
    ]

    for response in responses:
        titles = re.findall(r"<title>.*?</title>", page(response), re.DOTALL)
        addresses = re.findall(r"""(?:href|src|action|hx-\w+|data-href)="([^"]*)\"""", page(response))
        told = [response.request["PATH_INFO"], response.request["QUERY_STRING"], *response.headers.values()]  # type: ignore[attr-defined]
        assert [text for text in (*told, *titles, *addresses) if re.search(r"[0-9]{12}", text)] == []
    assert [response.status_code for response in responses] == [
        *(302, 302, 302, 302, 422, 200, 302, 302, 422, 200, 200, 422, 302),
    ]


def test_the_list_of_people_found_masks_the_numbers(clerk: Client, quoc_oai: Commune, khach: Citizen) -> None:
    factories.citizen(quoc_oai, "001192000001", "Trần Thị Thử")

    found = scan(clerk, "Trần Thị Thử")

    assert [row["identity"] for row in found.context["rows"]] == ["0011******00", "0011******01"]  # type: ignore[attr-defined]
    assert re.search(r"[0-9]{12}", re.sub(r"csrf\S+|nonce\S+|form_key\S+", "", page(found))) is None


def test_the_diary_of_a_visit_or_a_record_names_no_number(clerk: Client, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        factories.citizen(kieu_phu)
    scan(clerk, THU)
    register(clerk, identity_number="001186000000", birth_date="09/03/1987", doubts_checked="on")

    told = " ".join(f"{line.key} {line.why}" for line in Entry.objects.all())

    assert re.search(r"[0-9]{12}", told) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("telephone", "abc"),
        ("ethnicity", "<b>Kinh</b>"),
        ("address", "Thôn 1\u202eXã Quốc Oai"),
        ("portal_synced_on", "01/01/2099"),
        ("document_issued_on", "01/01/1980"),
    ],
)
def test_what_cannot_be_true_or_printed_is_not_kept(field: str, value: str) -> None:
    facts = {
        "full_name": "Trần Thị Thử",
        "identity_number": "001192000000",
        "birth_date": "17/09/1992",
        "sex": "female",
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "document_kind": "cccd",
        "eid_level": "2",
        "address": "Thôn 1, Xã Quốc Oai",
        "card_seen": "on",
    }

    form = CitizenForm(facts | {field: value})

    assert field in form.errors
