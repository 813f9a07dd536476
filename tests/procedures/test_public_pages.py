"""What anyone may see: nothing by guessing, nothing personal, nothing that leaves a trail (S-29 to S-32)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from citizens.models import Citizen
from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from procedures import workflow
from procedures.catalogue import catalogue
from procedures.checking.public_link import ALPHABET, check_link, clean_token, masked_name, new_token, status_link
from procedures.models import Case, Result, Step
from procedures.states import State
from tests import factories

SECRETS = {
    "name": "Nguyễn Bí Mật",
    "number": "001192777432",
    "address": "Ngõ Kín, Thôn Giấu",
    "telephone": "0912345678",
    "purpose": "mục đích riêng tư",
    "note": "ghi chú nội bộ",
    "receiver": "Người Nhận Hộ",
    "clerk": "Nguyễn Thị Mai",
    "specialist": "Nguyễn Việt Hùng",
    "leader": "Phùng Thị Lan",
    "procedure": "tình trạng hôn nhân",
}


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def marked(quoc_oai: Commune) -> Citizen:
    """Someone whose every field can be recognised."""
    citizen = factories.citizen(quoc_oai, SECRETS["number"], SECRETS["name"], telephone=SECRETS["telephone"])
    citizen.residences.update(address=SECRETS["address"])
    return citizen


@pytest.fixture
def case(marked: Citizen, mai: Officer, at: datetime) -> Case:
    return factories.case(marked, by=mai, at=at, purpose_text=SECRETS["purpose"])


@pytest.fixture
def brought(case: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> Callable[[State], Case]:
    """The case of the marked citizen, led to a state."""

    def bring(state: State) -> Case:
        match state:
            case State.RECEIVED:
                pass
            case State.HANDLING:
                workflow.hand_over(case_, by=hung, at=at)
            case State.WAITING_PAPERS:
                workflow.ask_for_papers(case_, by=hung, at=at, note=SECRETS["note"])
            case State.WAITING_SIGNATURE:
                workflow.submit(case_, by=hung, at=at, note=SECRETS["note"])
            case State.SIGNED:
                factories.signed(case_, handled_by=hung, by=lan, at=at)
            case State.GIVEN_OUT:
                factories.signed(case_, handled_by=hung, by=lan, at=at)
                factories.given_out(case_, by=mai, at=at, to=SECRETS["receiver"])
            case State.WITHDRAWN:
                workflow.withdraw(case_, by=mai, at=at, note=SECRETS["note"])
            case State.WAITING_REVIEW | State.STOPPED:
                Case.objects.filter(pk=case_.pk).update(state=state)
            case State.REJECTED:
                Citizen.objects.filter(pk=case_.citizen_id).update(eid_level=1)
                return workflow.reject(
                    catalogue()["marital_certificate"],
                    Citizen.objects.get(pk=case_.citizen_id),
                    answers=factories.ANSWERS | {"purpose_text": SECRETS["purpose"]},
                    officer_answers=factories.all_checked(),
                    by=mai,
                    at=at,
                )
        case_.refresh_from_db()
        return case_

    case_ = case
    return bring


@pytest.fixture
def result(case: Case, hung: Officer, lan: Officer, at: datetime) -> Result:
    return factories.signed(case, handled_by=hung, by=lan, at=at)


def status_path(case: Case) -> str:
    return reverse("status", args=["09895", case.token])


def check_path(result: Result) -> str:
    return reverse("result_check", args=["09895", result.token])


def words(response: HttpResponse) -> list[str]:
    """What stands on the page for a reader, piece by piece."""
    body = re.search(r"<body>(.*)</body>", response.content.decode(), re.DOTALL)
    assert body is not None
    pieces = re.split(r"<[^>]*>", body[1])
    return [" ".join(unescape(piece).split()) for piece in pieces if piece.strip()]


def told(response: HttpResponse) -> list[str]:
    """Which of the secrets the page tells, wherever in its source."""
    page = unescape(response.content.decode()).lower()
    return [kind for kind, secret in SECRETS.items() if secret.lower() in page]


# --- links ---
def test_ten_thousand_tokens_have_one_shape_and_never_repeat() -> None:
    tokens = [new_token() for _ in range(10_000)]

    assert {len(token) for token in tokens} == {26}
    assert set("".join(tokens)) == set(ALPHABET)
    assert len(ALPHABET) == 32
    assert len(set(tokens)) == 10_000
    assert len({token[:6] for token in tokens}) > 9_990


def test_a_link_is_printed_in_capitals_and_opens_as_printed(client: Client, case: Case, result: Result) -> None:
    for link in (status_link("09895", case.token), check_link("09895", result.token)):
        path = "/" + link.split("/", 3)[3]

        assert link == link.upper()
        assert client.get(path).status_code == 200


def test_letters_that_look_like_digits_are_read_as_digits(client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(token="01" * 13)

    for typed in ("01" * 13, "OI" * 13, "ol" * 13):
        assert client.get(f"/H/09895/{typed}").status_code == 200


@given(st.text(max_size=40))
def test_whatever_is_not_of_the_shape_of_a_token_does_not_exist(typed: str) -> None:
    try:
        token = clean_token(typed)
    except Http404:
        return

    assert len(token) == 26
    assert set(token) <= set(ALPHABET)


# --- no guessing, no telling (S-30) ---
@pytest.fixture
def nowhere(case: Case, result: Result, kieu_phu: Commune, at: datetime) -> dict[str, str]:
    """Links that lead nowhere, each for another reason."""
    near = ("1" if case.token[0] == "0" else "0") + case.token[1:]
    past = factories.commune("09999", "Đã Giải Thể")
    Commune.objects.filter(pk=past.pk).update(closed_on=date(2026, 1, 1))
    return {
        "unknown": f"/H/09895/{'0' * 26}",
        "one letter beside": f"/H/09895/{near}",
        "too short": "/H/09895/ABC",
        "too long": f"/H/09895/{case.token}0",
        "foreign letters": f"/H/09895/{'Ố' * 26}",
        "a line of code": "/H/09895/'%20OR%201=1--",
        "a commune that never was": f"/H/00000/{case.token}",
        "no commune": f"/H/abc/{case.token}",
        "a commune of the past": f"/H/09999/{case.token}",
        "our case at the neighbour's": f"/H/09910/{case.token}",
        "a paper asked for as a case": f"/H/09895/{result.token}",
        "a case asked for as a paper": f"/K/09895/{case.token}",
        "an unknown paper": f"/K/09895/{'0' * 26}",
        "our paper at the neighbour's": f"/K/09910/{result.token}",
        "a malformed paper": "/K/09895/ABC",
    }


def test_every_link_that_leads_nowhere_gets_the_very_same_answer(client: Client, nowhere: dict[str, str]) -> None:
    answers = {}

    for why, path in nowhere.items():
        response = client.get(path)
        headers = {name: value for name, value in response.items() if name != "Content-Security-Policy"}
        answers[why] = (response.status_code, response.content, headers)

    first = answers["unknown"]
    assert first[0] == 404
    assert [why for why, answer in answers.items() if answer != first] == []


def test_digits_sent_to_nowhere_get_that_answer_too(client: Client, nowhere: dict[str, str]) -> None:
    missing = client.get(nowhere["unknown"])

    for path in [path for path in nowhere.values() if path.startswith("/H/")]:
        response = client.post(path, {"digits": "7432"})

        assert (response.status_code, response.content) == (404, missing.content)


def test_a_link_lives_for_ninety_days_after_the_case(
    client: Client, brought: Callable[[State], Case], clock: time_machine.Traveller, at: datetime
) -> None:
    case = brought(State.GIVEN_OUT)

    clock.move_to(at + timedelta(days=89, hours=23))
    alive = client.get(status_path(case))
    clock.move_to(at + timedelta(days=90, hours=1))
    dead = client.get(status_path(case))

    assert (alive.status_code, dead.status_code) == (200, 404)
    assert dead.content == client.get(f"/H/09895/{'0' * 26}").content


def test_a_case_is_not_found_by_its_code_or_by_a_number(client: Client, case: Case) -> None:
    for typed in (case.code, SECRETS["number"]):
        assert client.get(f"/H/09895/{typed}").status_code == 404


# --- the allow-list (S-31) ---
FRAME_WORDS = ["Đến nội dung chính"]
OFFICE = "Điểm phục vụ Quốc Oai, Xã Quốc Oai"
HOURS = ["Thứ Hai đến Thứ Sáu: 07:30–11:30, 13:30–17:30"]
STATE_WORDS = {
    State.RECEIVED: ("Hồ sơ đã được tiếp nhận.", [1], "Công chức chuyên môn sẽ xem xét hồ sơ."),
    State.HANDLING: ("Hồ sơ đang được giải quyết.", [2], "Khi xong, hồ sơ được trình lãnh đạo ký."),
    State.WAITING_PAPERS: (
        "Hồ sơ đang chờ bổ sung.",
        [2],
        "Mời ông/bà đến quầy để bổ sung; thời hạn tạm dừng.",
    ),
    State.WAITING_REVIEW: (
        "Hồ sơ đang chờ đến kỳ giải quyết.",
        [2],
        "Ông/bà chưa phải làm gì; có kết quả xã sẽ báo.",
    ),
    State.STOPPED: ("Hồ sơ đã dừng giải quyết.", [], "Mời ông/bà đến quầy để được giải thích."),
    State.WAITING_SIGNATURE: ("Hồ sơ đang chờ lãnh đạo ký.", [3], "Sau khi ký, kết quả được trả tại quầy."),
    State.SIGNED: (
        "Đã có kết quả.",
        [4],
        "Mời ông/bà đến quầy nhận kết quả; mang theo thẻ căn cước.",
    ),
    State.GIVEN_OUT: ("Đã trả kết quả.", [], "Hồ sơ đã hoàn thành."),
    State.WITHDRAWN: ("Hồ sơ đã được rút theo yêu cầu.", [], "Muốn làm lại, mời ông/bà nộp hồ sơ mới."),
    State.REJECTED: (
        "Hồ sơ không được tiếp nhận.",
        [],
        "Lý do ghi trên phiếu đã trao; mời ông/bà đến quầy để được hướng dẫn.",
    ),
}


@pytest.mark.parametrize("state", list(State), ids=str)
def test_the_status_page_tells_how_far_it_is_and_nothing_personal(
    state: State, client: Client, brought: Callable[[State], Case]
) -> None:
    case = brought(state)

    response = client.get(status_path(case))

    shown = words(response)
    sentence, now, next_step = STATE_WORDS[state]
    assert case.state == state
    assert told(response) == []
    assert [word for word in (case.code, sentence, next_step, *HOURS) if word not in shown] == []
    assert [number for number, word in enumerate(_stages(shown), start=1) if word == "(đang ở đây)"] == now
    assert ("Hẹn trả:" in shown) == case.is_open


def _stages(shown: list[str]) -> list[str]:
    return [word for word in shown if word in ("(đã xong)", "(đang ở đây)", "(chưa tới)")]


def test_the_status_page_of_a_received_case_holds_these_words_and_no_other(client: Client, case: Case) -> None:
    """The golden page: a new word on it must be put here, by someone who asked whether everyone may read it."""
    assert words(client.get(status_path(case))) == [
        *FRAME_WORDS,
        OFFICE,
        "Hồ sơ",
        case.code,
        "Hồ sơ đã được tiếp nhận.",
        "Hẹn trả:",
        "11:10 thứ Hai 23/11",
        case.due_sentence,
        *("1", "Tiếp nhận", "(đang ở đây)"),
        *("2", "Giải quyết", "(chưa tới)"),
        *("3", "Ký duyệt", "(chưa tới)"),
        *("4", "Trả kết quả", "(chưa tới)"),
        "Ông/bà cần làm gì",
        "Công chức chuyên môn sẽ xem xét hồ sơ.",
        "Thủ tục",
        "Để giữ kín, tên thủ tục chỉ hiện khi nhập 4 số cuối của số định danh người nộp.",
        "4 số cuối của số định danh cá nhân",
        "Xem",
        "Ai đã xem dữ liệu của tôi",
        "Hỏi cán bộ tại quầy mã 6 số; mã mở một lần trong 30 phút.",
        "Mã 6 số",
        "Mở",
        "Nơi nhận kết quả",
        OFFICE,
        *HOURS,
        "Trang này không hiện tên, số định danh hay địa chỉ của ai. Muốn xem mới nhất, tải lại trang.",
    ]


def test_the_page_says_when_a_case_is_late_and_says_sorry(
    client: Client, case: Case, clock: time_machine.Traveller, at: datetime
) -> None:
    clock.move_to(at + timedelta(hours=4))

    shown = words(client.get(status_path(case)))

    assert "Đã quá giờ hẹn. Chúng tôi xin lỗi; hồ sơ vẫn đang được giải quyết." in shown


def test_a_result_is_checked_by_these_words_and_no_other(client: Client, result: Result) -> None:
    response = client.get(check_path(result))

    assert told(response) == ["procedure"]  # the kind of paper is what is checked
    assert words(response) == [
        *FRAME_WORDS,
        "ỦY BAN NHÂN DÂN XÃ QUỐC OAI",
        "Kiểm tra giấy tờ",
        "✓",
        "Giấy thật, đang có giá trị.",
        *("Loại giấy", "Giấy xác nhận tình trạng hôn nhân"),
        *("Số", "01/UBND-XNTTHN"),
        *("Ngày cấp", "23/11/2026"),
        *("Nơi cấp", "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"),
        *("Người ký", "CHỦ TỊCH"),
        *("Cấp cho", "N***** B* M**"),
        "So với người cầm giấy",
        "4 số cuối của số định danh",
        "So",
        "So từng dòng trên đây với tờ giấy. Khác một dòng thì giấy không đúng với sổ: hỏi lại nơi cấp.",
        "Kiểm tra lúc 08:10, 23/11/2026.",
        "Kiểm tra giấy khác",
    ]


@pytest.mark.parametrize(
    ("standing", "word"),
    [
        (Result.Standing.REPLACED, "Giấy đã được thay thế, không còn giá trị."),
        (Result.Standing.CANCELLED, "Giấy đã bị hủy, không còn giá trị."),
    ],
)
def test_a_paper_that_fell_never_says_that_it_is_valid(
    standing: Result.Standing, word: str, client: Client, result: Result
) -> None:
    Result.objects.filter(pk=result.pk).update(standing=standing, standing_on=date(2026, 11, 25))

    response = client.get(check_path(result))

    assert word in words(response)
    assert "25/11/2026" in words(response)
    assert "đang có giá trị" not in response.content.decode()
    assert "verdict-genuine" not in response.content.decode()


def test_a_masked_name_keeps_the_first_letters_only() -> None:
    assert masked_name("Trần Thị Thử") == "T*** T** T**"
    assert masked_name("Ô") == "Ô"
    assert masked_name("") == ""


# --- four digits (decisions.md 9) ---
def test_the_right_four_digits_show_the_procedure_and_nothing_else(client: Client, case: Case) -> None:
    response = client.post(status_path(case), {"digits": "7432"})

    assert told(response) == ["procedure"]
    assert case.procedure.name in words(response)


def test_wrong_digits_show_nothing_and_are_not_repeated_on_the_page(client: Client, case: Case) -> None:
    response = client.post(status_path(case), {"digits": "9183"})

    assert told(response) == []
    assert "Không khớp. Xem lại 4 số cuối trên thẻ căn cước của người nộp." in words(response)
    assert "9183" not in response.content.decode()
    assert list(Entry.objects.filter(kind="status").values_list("act", "key", "officer_id")) == [
        ("digits_wrong", case.code, None)
    ]


def test_who_holds_a_paper_is_compared_by_four_digits(client: Client, result: Result) -> None:
    right, wrong = (client.post(check_path(result), {"digits": digits}) for digits in ("7432", "9183"))

    assert "✓ Khớp" in words(right)
    assert "Không khớp với sổ." in words(wrong)
    assert "✓ Khớp" not in words(wrong)
    assert told(right) == told(wrong) == ["procedure"]


def test_the_digits_of_a_paper_are_not_guessed_either(client: Client, result: Result) -> None:
    for guess in range(5):
        client.post(check_path(result), {"digits": f"{guess:04}"})

    response = client.post(check_path(result), {"digits": "7432"})

    assert "Không khớp với sổ." in words(response)
    assert Entry.objects.filter(act="digits_wrong", kind="result").count() == 5


@pytest.mark.parametrize("typed", ["", "743", "74322", "７４３２", "abcd", "7432'--", "٧٤٣٢"])
def test_what_is_not_four_digits_is_no_try(typed: str, client: Client, case: Case) -> None:
    response = client.post(status_path(case), {"digits": typed})

    assert told(response) == []
    assert not Entry.objects.filter(act="digits_wrong").exists()


def test_after_five_wrong_tries_the_right_digits_open_nothing_for_an_hour(
    client: Client, case: Case, clock: time_machine.Traveller, at: datetime
) -> None:
    for guess in range(5):
        client.post(status_path(case), {"digits": f"{guess:04}"})

    guessed = client.post(status_path(case), {"digits": "7432"}, REMOTE_ADDR="127.0.0.9")
    clock.move_to(at + timedelta(hours=1, seconds=1))
    after_an_hour = client.post(status_path(case), {"digits": "7432"})

    assert told(guessed) == []
    assert told(after_an_hour) == ["procedure"]


def test_the_sixth_wrong_try_leaves_no_line_more(client: Client, case: Case) -> None:
    for guess in range(9):
        client.post(status_path(case), {"digits": f"{guess:04}"})

    assert Entry.objects.filter(act="digits_wrong").count() == 5


# --- no trail (S-32), no weight (U-18, U-19) ---
@pytest.fixture
def pages(client: Client, case: Case, result: Result) -> dict[str, HttpResponse]:
    return {
        "status": client.get(status_path(case)),  # type: ignore[dict-item]
        "digits": client.post(status_path(case), {"digits": "7432"}),  # type: ignore[dict-item]
        "wrong digits": client.post(status_path(case), {"digits": "0000"}),  # type: ignore[dict-item]
        "check": client.get(check_path(result)),  # type: ignore[dict-item]
        "compared": client.post(check_path(result), {"digits": "7432"}),  # type: ignore[dict-item]
        "missing": client.get(f"/H/09895/{'0' * 26}"),  # type: ignore[dict-item]
    }


def test_a_public_page_leaves_no_trail(pages: dict[str, HttpResponse]) -> None:
    for name, response in pages.items():
        assert response["Cache-Control"] == "no-store", name
        assert response["Referrer-Policy"] == "no-referrer", name
        assert response["X-Robots-Tag"] == "noindex, nofollow", name
        assert dict(response.cookies) == {}, name


def test_a_public_page_asks_no_other_house_for_anything(pages: dict[str, HttpResponse]) -> None:
    for name, response in pages.items():
        page = response.content.decode()
        asked = re.findall(r'(?:src|href|action)="([^"]+)"', page)

        assert [link for link in asked if not link.startswith(("/", "#"))] == [], name
        assert "<script" not in page, name
        assert " style=" not in page, name


def test_a_public_page_with_its_styles_and_mark_weighs_at_most_40_kilobytes(pages: dict[str, HttpResponse]) -> None:
    for name, response in pages.items():
        page = response.content.decode()
        linked = [
            link
            for tag in re.findall(r"<(?:link|img)[^>]*>", page)
            for link in re.findall(r'(?:href|src)="([^"]+)"', tag)
        ]
        sizes = [_size(link.removeprefix("/static/")) for link in sorted(set(linked))]

        assert len(sizes) >= 3, name
        assert len(response.content) + sum(sizes) <= 40_000, name


def _size(path: str) -> int:
    found = finders.find(path)
    assert found is not None, path
    with open(found, "rb") as file:
        return len(file.read())


def test_a_look_from_outside_changes_no_case(client: Client, case: Case, result: Result) -> None:
    steps = Step.objects.count()

    answers = [
        getattr(client, method)(path).status_code
        for path in (status_path(case), check_path(result))
        for method in ("get", "put", "patch", "delete")
    ]

    assert answers == [200, 405, 405, 405] * 2
    assert Step.objects.count() == steps


def test_the_list_of_procedures_is_open_to_everyone(client: Client, quoc_oai: Commune) -> None:
    response = client.get(reverse("public_home"))

    shown = words(response)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert [procedure.name for procedure in catalogue() if procedure.name not in shown] == []
    assert {"Xã Quốc Oai", "Điểm phục vụ Quốc Oai"} <= set(shown)


def test_the_neighbours_walls_stand_for_the_public_too(case: Case, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        assert not Case.objects.filter(token=case.token).exists()


def test_a_revoked_link_looks_like_one_that_never_was(
    client: Client, quoc_oai: Commune, khach: Citizen, mai: Officer, at: datetime
) -> None:
    case = factories.case(khach, by=mai, at=at)
    old = reverse("status", args=["09895", case.token])
    before = client.get(old).status_code
    client.force_login(mai)
    client.post(reverse("revoke_link", args=[case.code]), {"form_key": "k" * 20})
    client.logout()

    revoked, unknown = client.get(old), client.get(reverse("status", args=["09895", "0" * 26]))

    case.refresh_from_db()
    assert before == 200
    assert (revoked.status_code, revoked.content) == (unknown.status_code, unknown.content)
    assert client.get(reverse("status", args=["09895", case.token])).status_code == 200
