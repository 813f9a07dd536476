"""Who may open which door: the matrix, and every address asked as every role (S-01, S-02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from citizens.models import Citizen
from oneshop import walls
from oneshop.checks import opens_to, views
from oneshop.hosts import is_public
from oneshop.models import Entry, Officer
from oneshop.roles import Role
from procedures.models import Case
from tests import factories

CLERK, SPECIALIST, SIGNER, MONITOR, ADMIN = Role
DESKS = {CLERK, SPECIALIST, SIGNER}
EVERYONE = set(Role)
PUBLIC = {
    "sign_in",
    "status",
    "result_check",
    "public_home",
    "public_procedure",
    "specimen",
    "public_commune",
    "poster",
    "check_paper",
    "check_offline",
    "check_keys",
    "check_keys_json",
    "robots",
    "queue_number",
    "hall_screen",
    "kiosk",
    "kiosk_number",
    "kiosk_case",
    "rate",
    "tablet",
}

# The matrix an administrator can read: address → who may
MATRIX: dict[str, set[Role]] = {
    "home": EVERYONE,
    "sign_out": EVERYONE,
    "help": EVERYONE,
    "own_password": EVERYONE,
    "scan": {CLERK},
    "register_citizen": {CLERK},
    "citizen": DESKS,
    "why": DESKS,
    "amend": {CLERK},
    "party": {CLERK},
    "own_data": {CLERK},
    "give_look_code": {CLERK},
    "ask_own_data": {CLERK},
    "own_data_paper": {CLERK},
    "answer_own_data": {CLERK},
    "data_requests": {CLERK},
    "disability_files": {SPECIALIST},
    "new_disability_file": {SPECIALIST},
    "disability_register": {SPECIALIST},
    "disability_file": {SPECIALIST},
    "disability_why": {SPECIALIST},
    "amend_disability_file": {SPECIALIST},
    "represent": {SPECIALIST},
    "end_representation": {SPECIALIST},
    "conclude": {SPECIALIST},
    "settle_conclusion": {SPECIALIST},
    "households": {SPECIALIST},
    "new_household": {SPECIALIST},
    "village_areas": {SPECIALIST},
    "household_register": {SPECIALIST},
    "review_round": {SPECIALIST},
    "household": {SPECIALIST},
    "household_why": {SPECIALIST},
    "amend_household": {SPECIALIST},
    "add_member": {SPECIALIST},
    "amend_member": {SPECIALIST},
    "member_leaves": {SPECIALIST},
    "add_recognition": {SPECIALIST},
    "household_review": {SPECIALIST},
    "martyrs": {SPECIALIST},
    "new_martyr": {SPECIALIST},
    "martyr": {SPECIALIST},
    "amend_martyr": {SPECIALIST},
    "new_martyr_relative": {SPECIALIST},
    "amend_martyr_relative": {SPECIALIST},
    "new_worship": {SPECIALIST},
    "amend_worship": {SPECIALIST},
    "end_worship": {SPECIALIST},
    "grave_visits": {SPECIALIST},
    "grave_visit": {SPECIALIST},
    "desk": {CLERK},
    "hall_strip": {CLERK},
    "hall_call": {CLERK},
    "hall_desk": {CLERK},
    "hall_call_case": {CLERK},
    "hall_devices": {ADMIN},
    "end_hall_device": {ADMIN},
    "apply": {CLERK},
    "look_up": {CLERK},
    "register": {CLERK, SPECIALIST},
    "register_entry": {CLERK, SPECIALIST},
    "register_enter": {SPECIALIST},
    "register_correct": {SPECIALIST},
    "register_note": {SPECIALIST},
    "register_confirm": {SPECIALIST},
    "register_strike": {SPECIALIST},
    "register_link": {SPECIALIST},
    "copy_book": {SPECIALIST},
    "findings": {CLERK},
    "reject": {CLERK},
    "check": {CLERK},
    "preview": {CLERK},
    "declaration": {CLERK},
    "print_declaration": {CLERK},
    "received": {CLERK},
    "receipt": {CLERK},
    "print_paper": DESKS,
    "printed": DESKS,
    "report_print": DESKS,
    "paper_picture": DESKS,
    "case_book": DESKS,
    "case_book_pdf": DESKS,
    "case_book_xlsx": DESKS,
    "scores": {SIGNER},
    "handling": {SPECIALIST},
    "case": DESKS,
    "act": DESKS,
    "revoke_link": {CLERK},
    "signing": {SIGNER},
    "sign": {SIGNER},
    "sign_preview": {SIGNER},
    "sign_batch": {SIGNER},
    "signing_round": {SIGNER},
    "sign_turn": {SIGNER},
    "due_notices": {CLERK},
    "tell_due": {CLERK},
    "result": DESKS,
    "result_picture": DESKS,
    "follow_up": {SPECIALIST},
    "giving_out": {CLERK},
    "correct_paper": {SPECIALIST},
    "correction": DESKS,
    "correction_preview": {SPECIALIST, SIGNER},
    "drop_correction": {SPECIALIST},
    "sign_correction": {SIGNER},
    "return_correction": {SIGNER},
    "hand_correction": {CLERK},
    "give_out": {CLERK},
    "stock": {CLERK, ADMIN},
    "receive_blanks": {ADMIN},
    "spoil_blank": {CLERK},
    "destroy_blanks": {ADMIN},
    "stock_month": {CLERK, ADMIN},
    "blank_layout": {CLERK, ADMIN},
    "test_sheet": {CLERK, ADMIN},
    "test_sheet_picture": {CLERK, ADMIN},
    "overprint": {CLERK},
    "use_blanks": {CLERK},
    "change_blank": {CLERK},
    "hand_paper": {CLERK},
    "bridge": {CLERK, SPECIALIST},
    "points": DESKS | {ADMIN},
    "points_paper": DESKS | {ADMIN},
    "point": DESKS | {ADMIN},
    "point_picture": DESKS | {ADMIN},
    "rule_on_point": {ADMIN},
    "law": EVERYONE,
    "my_key": {SIGNER},
    "sign_waiting": {SIGNER},
    "ink_instead": {SIGNER},
    "office_seal": {ADMIN},
    "opinions": {MONITOR, SIGNER},
    "answer_opinion": {MONITOR},
    "proposals": EVERYONE,
    "answer_proposal": {MONITOR},
    "urges": {MONITOR, SIGNER, ADMIN},
    "new_urge": {MONITOR},
    "urged_case": {MONITOR},
    "answer_urge": {SIGNER, ADMIN},
    "report": {MONITOR},
    "index_766": {MONITOR},
    "report_paper": {MONITOR},
    "report_table": {MONITOR},
    "send_report": {MONITOR},
    "sent_report": {MONITOR},
    "procedure_review": {MONITOR},
    "decide_offer": {MONITOR},
    "notices": DESKS | {ADMIN},
    "read_notices": DESKS | {ADMIN},
    "number_books": DESKS,
    "number_book": DESKS,
    "open_book": {SPECIALIST},
    "close_book": {SPECIALIST},
    "catch_up_book": {SPECIALIST},
    "take_out_book": DESKS,
    "void_number": {CLERK, SPECIALIST},
    "book_act": {SPECIALIST, SIGNER},
    "drop_book_act": {SPECIALIST, SIGNER},
    "closing_lines": DESKS,
    "closing_picture": DESKS,
    "day_closes": DESKS,
    "close_day": {CLERK, SPECIALIST},
    "day_close": DESKS,
    "day_close_paper": DESKS,
    "day_close_picture": DESKS,
    "sent_days": {MONITOR},
    "sent_heads": {MONITOR},
    "board": {SIGNER},
    "board_cases": {SIGNER},
    "definitions": EVERYONE,
    "monitor": {MONITOR},
    "people": {ADMIN},
    "person": {ADMIN},
    "roster": {ADMIN},
    "shift": {ADMIN},
    "remove_shift": {ADMIN},
    "copy_week": {ADMIN},
    "stand_ins": {ADMIN},
    "end_stand_in": {ADMIN},
    "calendar": {ADMIN},
    "calendar_preview": {ADMIN},
    "plan_preview": {ADMIN},
    "calendar_version": {ADMIN},
}


def patterns() -> dict[str, URLPattern]:
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                found[str(pattern.name)] = pattern
            else:
                walk(pattern)

    walk(get_resolver())
    return found


def address(name: str, case: Case, citizen: Citizen) -> str:
    """An address of the named view that leads to something of our own commune."""
    tries: list[dict[str, object]] = [
        {},
        {"pk": citizen.pk},
        {"pk": citizen.pk, "procedure": "marital_certificate"},
        {"code": case.code},
        {"code": case.code, "pk": 1},
        {"code": case.code, "kind": "declaration", "pk": 0},
        {"code": case.code, "number": 0},
        {"pk": citizen.pk, "number": 0},
        {"code": case.code, "verb": "submit"},
        {"procedure": "marital_certificate"},
        {"procedure": "marital_certificate", "number": 0},
        {"commune_code": "09895", "token": case.token},
        {"commune_code": "09895"},
        {"year": 2026},
        {"kind": "marriage_certificate"},
        {"key": "marital_certificate.capitals"},
        {"key": "marital_certificate.capitals", "number": 0},
        {"event": "birth"},
        {"what": "on_time"},
        {"act": "tiep"},
        {"form_slug": "ii-06a"},
        {"pk": UUID(int=1)},
        {"pk": citizen.pk, "person": 1},
        {"year": 2026},
        {"start": date(2026, 3, 15)},
        {"pk": citizen.pk, "start": date(2026, 3, 15)},
        {"number": 0},
        {"what": "thay", "pk": 1},
        {"year": 2026, "book": "receipt"},
        {"year": 2026, "book": "receipt", "number": 1},
        {"on": date(2026, 3, 15)},
        {"on": date(2026, 3, 15), "part": 1},
    ]
    for facts in tries:
        try:
            return reverse(name, kwargs=facts)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


@pytest.fixture
def case(khach: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(khach, by=mai, at=at)


@pytest.fixture
def staff(mai: Officer, hung: Officer, lan: Officer, tri: Officer, doi: Officer) -> dict[Role, Officer]:
    return {CLERK: mai, SPECIALIST: hung, SIGNER: lan, ADMIN: tri, MONITOR: doi}


@pytest.fixture
def as_(client: Client) -> Callable[[Officer], Client]:
    def enter(officer: Officer) -> Client:
        client.force_login(officer)
        return client

    return enter


def test_the_matrix_names_every_address_and_says_what_the_code_says() -> None:
    said = {str(name): opens_to(pattern.callback) for name, pattern in patterns().items()}

    assert {name for name, pattern in patterns().items() if is_public(pattern.callback)} == PUBLIC
    assert {name: set(roles) for name, roles in said.items() if name not in PUBLIC} == MATRIX


def test_every_view_says_who_may(db: None) -> None:
    silent = [address for address, view in views() if not is_public(view) and not opens_to(view)]

    assert silent == []


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_nobody_is_sent_to_the_door(name: str, client: Client, case: Case, khach: Citizen) -> None:
    response = client.get(address(name, case, khach))

    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap")


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_each_role_opens_its_own_doors_only(
    name: str, case: Case, khach: Citizen, staff: dict[Role, Officer], as_: Callable[[Officer], Client]
) -> None:
    here = address(name, case, khach)

    closed = {role for role, officer in staff.items() if as_(officer).get(here).status_code == 403}
    closed_to_posts = {role for role, officer in staff.items() if as_(officer).post(here).status_code == 403}

    # where only one method exists, the other is refused before the role is looked at
    assert EVERYONE - MATRIX[name] in (closed, closed_to_posts)
    assert not (closed | closed_to_posts) & MATRIX[name]


@pytest.mark.parametrize(
    "name", ["case", "paper_picture", "received", "citizen", "apply", "amend", "sign", "give_out", "person"]
)
def test_another_communes_things_do_not_exist(
    name: str, case: Case, khach: Citizen, mai: Officer, kieu_phu: object, as_: Callable[[Officer], Client]
) -> None:
    ours = address(name, case, khach)
    nowhere = ours.replace(case.code, "H26.895.00-261123-9999").replace(f"/{khach.pk}", "/999999")

    with walls.within(kieu_phu.pk):  # type: ignore[attr-defined]
        everything = factories.officer(kieu_phu, "khach.la", *DESKS, ADMIN)  # type: ignore[arg-type]
    response = as_(everything).get(ours)
    unknown = as_(everything).get(nowhere)

    assert response.status_code == unknown.status_code == 404
    assert response.content == unknown.content


def test_a_form_without_a_key_does_nothing(case: Case, mai: Officer, as_: Callable[[Officer], Client]) -> None:
    response = as_(mai).post(reverse("act", args=[case.code, "withdraw"]), {"note": "rút"})

    case.refresh_from_db()
    assert response.status_code == 400
    assert case.state == "received"


def test_the_same_form_twice_acts_once_and_answers_alike(
    case: Case, mai: Officer, as_: Callable[[Officer], Client]
) -> None:
    client, form = as_(mai), {"note": "không cần nữa", "form_key": "k" * 20}

    first = client.post(reverse("act", args=[case.code, "withdraw"]), form)
    second = client.post(reverse("act", args=[case.code, "withdraw"]), form)

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert [step.verb for step in case.steps.all()] == ["receive", "withdraw"]


def test_the_same_key_with_another_body_is_refused(case: Case, mai: Officer, as_: Callable[[Officer], Client]) -> None:
    client = as_(mai)
    client.post(reverse("act", args=[case.code, "withdraw"]), {"note": "một", "form_key": "k" * 20})

    response = client.post(reverse("act", args=[case.code, "withdraw"]), {"note": "hai", "form_key": "k" * 20})

    assert response.status_code == 422


def test_fields_that_are_not_asked_for_change_nothing(
    case: Case, hung: Officer, as_: Callable[[Officer], Client]
) -> None:
    as_(hung).post(
        reverse("act", args=[case.code, "submit"]),
        {"form_key": "k" * 20, "state": "signed", "commune": "2", "signed_by": "1", "due_at": "2030-01-01"},
    )

    case.refresh_from_db()
    assert (case.state, case.signed_by_id, case.due_at.year) == ("waiting_signature", None, 2026)


def test_a_look_at_a_person_is_written_down(khach: Citizen, mai: Officer, as_: Callable[[Officer], Client]) -> None:
    clerk = as_(mai)
    clerk.post(reverse("scan"), {"text": khach.identity_number})
    clerk.get(reverse("citizen", args=[khach.pk]))

    assert list(Entry.objects.values_list("act", "kind", "key", "why")) == [
        ("look", "citizen", str(khach.pk), "xuất trình thẻ hoặc số định danh")
    ]


def test_without_a_card_and_without_a_case_a_look_asks_for_its_purpose(
    khach: Citizen, hung: Officer, as_: Callable[[Officer], Client]
) -> None:
    here, why = reverse("citizen", args=[khach.pk]), reverse("why", args=[khach.pk])
    officer = as_(hung)

    asked = officer.get(here).content.decode()
    silent = officer.post(why, {"reason": "other", "other": " ", "form_key": "a" * 20})
    said = officer.post(why, {"reason": "other", "other": "trả lời đơn hỏi", "form_key": "b" * 20})
    shown = officer.get(here).content.decode()

    assert "Mục đích xem" in asked
    assert khach.full_name not in asked
    assert silent.status_code == 422
    assert said["Location"] == here
    assert khach.full_name in shown
    assert list(Entry.objects.filter(act="look").values_list("why", flat=True)) == ["trả lời đơn hỏi"]


def test_an_open_case_is_purpose_enough(
    case: Case, khach: Citizen, hung: Officer, as_: Callable[[Officer], Client]
) -> None:
    as_(hung).get(reverse("citizen", args=[khach.pk]))

    assert Entry.objects.get(act="look").why == f"hồ sơ {case.code}"


def test_a_purpose_said_for_one_person_opens_no_other(
    khach: Citizen, hung: Officer, as_: Callable[[Officer], Client]
) -> None:
    other = factories.citizen(khach.commune, "001085000000", "Nguyễn Văn Mẫu", sex="male")
    officer = as_(hung)
    officer.post(reverse("why", args=[khach.pk]), {"reason": "sửa, bổ sung dữ liệu", "form_key": "a" * 20})

    assert other.full_name not in officer.get(reverse("citizen", args=[other.pk])).content.decode()


# --- the door ---
def test_name_and_password_open_the_door(client: Client, mai: Officer) -> None:
    response = client.post("/dang-nhap", {"username": "mai", "password": factories.PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/quay"


@pytest.mark.parametrize("username", ["mai", "khong-co"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(client: Client, mai: Officer, username: str) -> None:
    response = client.post("/dang-nhap", {"username": username, "password": "sai"})

    assert response.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in response.content.decode()


def test_guessing_is_slowed_at_that_machine_and_nowhere_else(client: Client, mai: Officer) -> None:
    for _ in range(5):
        client.post("/dang-nhap", {"username": "mai", "password": "sai"})

    here = client.post("/dang-nhap", {"username": "mai", "password": factories.PASSWORD})
    there = client.post("/dang-nhap", {"username": "mai", "password": factories.PASSWORD}, REMOTE_ADDR="127.0.0.9")

    assert (here.status_code, there.status_code) == (422, 302)


def test_who_is_let_go_is_out_at_the_next_request(client: Client, mai: Officer) -> None:
    client.force_login(mai)
    Officer.objects.filter(pk=mai.pk).update(is_active=False)

    assert client.get("/quay")["Location"].startswith("/dang-nhap")


def test_signing_out_leaves_nothing_behind(client: Client, mai: Officer) -> None:
    client.force_login(mai)

    response = client.post("/dang-xuat")

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/quay").status_code == 302


def test_a_link_to_elsewhere_is_not_followed_after_signing_in(client: Client, mai: Officer) -> None:
    response = client.post(
        "/dang-nhap", {"username": "mai", "password": factories.PASSWORD, "next": "https://example.invalid/"}
    )

    assert response["Location"] == "/"


# --- when the session has ended ---
def test_a_list_that_refreshes_itself_takes_its_whole_page_to_the_door(client: Client, mai: Officer) -> None:
    client.cookies["session"] = "gone"

    poll = client.get(
        reverse("hall_strip"), headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/quay?trang=2"}
    )
    door = client.get(poll["HX-Redirect"]).content.decode()

    assert (poll.status_code, poll["HX-Redirect"]) == (200, "/dang-nhap?next=%2Fquay%3Ftrang%3D2&ended=1")
    assert not poll.content
    assert "Phiên làm việc đã hết." in door
    assert 'name="next" value="/quay?trang=2"' in door


def test_a_form_sent_after_the_end_is_opened_again_and_who_was_never_in_is_told_nothing(client: Client) -> None:
    fresh = client.get(reverse("desk"))
    sent = client.post(reverse("scan"), {"text": "1"}, headers={"Referer": "http://testserver/quay"})
    strange = client.post(reverse("scan"), {"text": "1"}, headers={"Referer": "https://elsewhere.example/x"})

    assert fresh["Location"] == "/dang-nhap?next=%2Fquay"
    assert sent["Location"] == "/dang-nhap?next=%2Fquay"
    assert strange["Location"] == "/dang-nhap?next=%2F"
