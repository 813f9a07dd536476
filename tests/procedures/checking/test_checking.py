"""Is this paper genuine: by its link, by its offline code, by its file; for anyone, with no guessing and no trace."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from procedures.checking import check_keys, knocks, paper_check
from procedures.checking.offline_code import read
from procedures.checking.paper_check import Verdict
from procedures.models import Case, CheckKey, Knock, Result
from procedures.papers import printing
from tests import factories
from tests.procedures.test_public_pages import FRAME_WORDS, SECRETS, told, words

START = "/kiem-tra"
OFFICE = "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    knocks._full.clear()
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller
    knocks._full.clear()


@pytest.fixture
def case(quoc_oai: Commune, mai: Officer, at: datetime) -> Case:
    marked = factories.citizen(quoc_oai, SECRETS["number"], SECRETS["name"], telephone=SECRETS["telephone"])
    marked.residences.update(address=SECRETS["address"])
    return factories.case(marked, by=mai, at=at, purpose_text=SECRETS["purpose"])


@pytest.fixture
def result(case: Case, hung: Officer, lan: Officer, at: datetime) -> Result:
    return factories.signed(case, handled_by=hung, by=lan, at=at)


@pytest.fixture
def code(result: Result) -> str:
    return str(result.facts["offline_code"])


def ask(client: Client, **fields: object) -> HttpResponse:
    return client.post(START, fields)  # type: ignore[return-value]


def pdf(data: bytes, name: str = "giay.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


FACTS = [
    *("Loại giấy", "Giấy xác nhận tình trạng hôn nhân"),
    *("Số", "01/UBND-XNTTHN"),
    *("Ngày cấp", "23/11/2026"),
]
LAST_FOUR = ["So với người cầm giấy", "4 số cuối của số định danh", "So"]


# --- the code of a signed paper ---
def test_a_signed_paper_carries_a_code_of_the_commune_that_holds(result: Result, code: str) -> None:
    said = read(code).said

    assert (said.kind, said.number, said.issued_on) == (result.name, result.full_number, result.issued_on)
    assert (said.commune_code, said.office, said.token) == ("09895", "Xã Quốc Oai", result.token)
    assert said.masked_name == "N***** B* M**"
    assert paper_check.judge_code(code).verdict == Verdict.GENUINE
    assert [line.key for line in Entry.objects.filter(act="make_key")] == [read(code).key_id]


def test_the_first_key_is_made_once_and_serves_every_later_paper(
    result: Result, quoc_oai: Commune, hung: Officer, lan: Officer, mai: Officer, at: datetime
) -> None:
    again = factories.case(factories.citizen(quoc_oai, "001192000011"), by=mai, at=at)

    second = factories.signed(again, handled_by=hung, by=lan, at=at)

    assert read(second.facts["offline_code"]).key_id == read(result.facts["offline_code"]).key_id
    assert CheckKey.objects.count() == 1


def test_a_new_key_signs_from_then_on_and_the_old_papers_stay_genuine(
    code: str, quoc_oai: Commune, tri: Officer, later: datetime
) -> None:
    new = check_keys.new_key(quoc_oai.pk, by=tri, at=later, reason="thay hằng năm")

    assert paper_check.judge_code(code).verdict == Verdict.GENUINE
    assert new.key_id != read(code).key_id
    assert [key.until is None for key in check_keys.keys_of(quoc_oai.pk)] == [True, False]


def test_what_a_leaked_key_signed_proves_nothing(
    code: str, client: Client, quoc_oai: Commune, tri: Officer, later: datetime
) -> None:
    check_keys.new_key(quoc_oai.pk, by=tri, at=later, reason="mất bản sao lưu", old_leaked=True)

    shown = words(ask(client, text=code))

    assert "Chưa kết luận được: khóa ký mã này đã bị lộ." in shown
    assert "01/UBND-XNTTHN" not in shown


def test_a_stolen_database_alone_signs_nothing(result: Result, settings: Settings, at: datetime) -> None:
    key = CheckKey.objects.get()

    settings.SECRET_KEY = "another secret " * 5

    assert check_keys._opened(key) is None
    settings.SECRET_KEY_FALLBACKS = ["x" * 60, *settings.SECRET_KEY_FALLBACKS]
    assert Ed25519PublicKey.from_public_bytes(bytes(key.public)) is not None


def test_after_a_change_of_the_secret_the_fallback_still_signs_and_without_it_a_new_key_is_made(
    result: Result, settings: Settings, quoc_oai: Commune, at: datetime
) -> None:
    said, old = read(result.facts["offline_code"]).said, settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new secret " * 5, [old]

    with_fallback = check_keys.signed_code(said, commune_id=quoc_oai.pk, by=None, at=at)
    settings.SECRET_KEY_FALLBACKS = []
    without = check_keys.signed_code(said, commune_id=quoc_oai.pk, by=None, at=at)

    assert with_fallback == result.facts["offline_code"]
    assert read(without).key_id != read(with_fallback).key_id
    assert paper_check.judge_code(without).verdict == paper_check.judge_code(with_fallback).verdict == "genuine"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE procedures_checkkey SET public = 'x'",
        "UPDATE procedures_checkkey SET key_id = 'aaaaaaaa'",
        "DELETE FROM procedures_checkkey",
    ],
)
def test_a_key_never_changes_and_never_goes(result: Result, change: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_neighbour_neither_sees_nor_uses_our_key(result: Result, kieu_phu: Commune) -> None:
    with walls.within(kieu_phu.pk):
        assert not CheckKey.objects.exists()


# --- pasted codes: words that may stand there, and no other (S-31) ---
def test_a_genuine_code_is_shown_in_these_words_and_no_other(client: Client, code: str) -> None:
    response = ask(client, text=code)

    assert told(response) == ["procedure"]
    assert words(response) == [
        *FRAME_WORDS,
        "Kiểm tra giấy tờ",
        "Mã không cần mạng",
        "✓",
        "Mã thật, do xã ký.",
        *FACTS,
        *("Nơi cấp", "Xã Quốc Oai"),
        *("Cấp cho", "N***** B* M**"),
        "So từng dòng trên đây với tờ giấy. Mã ghi đúng lúc ký, không biết việc về sau.",
        "Xem hôm nay giấy còn giá trị không",
        ".",
        *LAST_FOUR,
        f"Khóa {read(code).key_id}.",
        "Khóa của các xã",
        "Kiểm tra giấy khác",
    ]


def test_a_pasted_code_looks_up_no_case_and_no_result(
    client: Client, code: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask(client, text=code)

    asked = " ".join(query["sql"] for query in queries)
    assert "procedures_checkkey" in asked
    assert "procedures_result" not in asked
    assert "procedures_case" not in asked
    assert "citizens_citizen" not in asked


def test_a_forged_code_tells_nothing_of_what_it_claims(client: Client, code: str) -> None:
    at = code.index(":") + 150  # within the words that were signed
    forged = code[:at] + ("0" if code[at] != "0" else "1") + code[at + 1 :]

    response = ask(client, text=forged)

    page = response.content.decode()
    assert "Giấy thật" not in page
    assert "Mã thật" not in page
    assert "N***** B* M**" not in page


def test_the_digits_are_compared_with_the_mark_in_the_code(client: Client, code: str) -> None:
    right, wrong = (ask(client, text=code, digits=digits) for digits in ("7432", "7433"))

    assert "✓ Khớp" in words(right)
    assert "Không khớp với dấu so trong mã." in words(wrong)
    assert "7433" not in wrong.content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "MC1:", "MC1:ABC", "xin chào", "0" * 63, "K/09895/ABC", "001192777432"])
def test_what_is_no_code_is_said_kindly_and_kept(client: Client, quoc_oai: Commune, typed: str) -> None:
    response = ask(client, text=typed)

    assert response.status_code == 422
    assert "Không đọc được mã." in response.content.decode()


def test_a_typed_link_opens_the_page_of_the_paper(client: Client, result: Result) -> None:
    for typed in (
        f"HTTP://127.0.0.1:8000/K/09895/{result.token}",
        f" http://127.0.0.1:8000/k/09895/\n{result.token.lower()} ",
        f"/K/09895/{result.token[:13]} {result.token[13:]}",
    ):
        response = ask(client, text=typed)

        assert (response.status_code, response["Location"]) == (302, f"/K/09895/{result.token}")


# --- files ---
def test_the_file_of_a_paper_is_known_byte_for_byte(client: Client, result: Result, case: Case) -> None:
    response = ask(client, file=pdf(bytes(result.pdf)))

    assert told(response) == ["procedure"]
    assert words(response) == [
        *FRAME_WORDS,
        OFFICE,
        "Kiểm tra tệp PDF",
        "✓",
        "Giấy thật, đang có giá trị.",
        "Tệp đúng từng byte với bản của xã.",
        *FACTS,
        *("Nơi cấp", OFFICE),
        *("Người ký", "CHỦ TỊCH"),
        *("Cấp cho", "N***** B* M**"),
        "Mở trang kiểm tra của giấy này",
        "SHA-256 của tệp:",
        result.sha256,
        "Tệp không được lưu lại.",
        "Kiểm tra giấy khác",
    ]
    line = Entry.objects.get(act="check_file")
    assert (line.kind, line.key, line.officer_id) == ("result", f"{case.code}/01/UBND-XNTTHN", None)


def test_a_file_with_one_byte_changed_is_told_from_ours_and_from_a_strangers(client: Client, result: Result) -> None:
    changed = bytearray(result.pdf)
    changed[-200] ^= 1

    ours, stranger = ask(client, file=pdf(bytes(changed))), ask(client, file=pdf(b"%PDF-1.7 something else"))

    assert "Tệp đã bị sửa." in words(ours)
    assert "Giấy thật, đang có giá trị." not in words(ours)
    assert "Không phải tệp của các xã trên cổng này." in words(stranger)
    assert (ours.status_code, stranger.status_code) == (200, 404)


def test_what_was_appended_to_our_file_makes_it_a_changed_one(client: Client, result: Result) -> None:
    assert "Tệp đã bị sửa." in words(ask(client, file=pdf(bytes(result.pdf) + b"\n% more")))


def test_the_hash_alone_is_enough_and_an_unknown_one_is_unknown(client: Client, result: Result) -> None:
    known, unknown = ask(client, text=result.sha256.upper()), ask(client, text="0" * 64)

    assert "Tệp đúng từng byte với bản của xã." in words(known)
    assert "Không có giấy nào mang mã SHA-256 này." in words(unknown)
    assert "trong tệp" not in words(unknown), "no file was sent"
    assert Entry.objects.filter(act="check_file").count() == 1


def test_a_file_of_the_neighbour_is_found_behind_its_own_wall(
    client: Client, result: Result, kieu_phu: Commune
) -> None:
    with walls.within(kieu_phu.pk):
        response = ask(client, file=pdf(bytes(result.pdf)))

    assert "Giấy thật, đang có giá trị." in words(response)


@pytest.mark.parametrize("standing", [Result.Standing.REPLACED, Result.Standing.CANCELLED])
def test_the_file_of_a_paper_that_fell_is_not_called_valid(
    standing: Result.Standing, client: Client, result: Result
) -> None:
    Result.objects.filter(pk=result.pk).update(standing=standing, standing_on=date(2026, 11, 25))

    response = ask(client, file=pdf(bytes(result.pdf)))

    page = response.content.decode()
    assert "Nhưng giấy không còn giá trị." in page
    assert "25/11/2026" in page
    assert "đang có giá trị" not in page
    assert "verdict-genuine" not in page


def test_what_is_no_pdf_or_too_large_is_refused(client: Client, quoc_oai: Commune) -> None:
    picture = ask(client, file=pdf(b"\x89PNG....", "giay.pdf"))
    large = ask(client, file=pdf(b"%PDF-" + b"0" * 5_000_001))
    huge = ask(client, file=pdf(b"%PDF-" + b"0" * 6_000_000))

    assert (picture.status_code, large.status_code, huge.status_code) == (422, 422, 413)
    assert "Đây không phải tệp PDF." in picture.content.decode()
    assert "Tệp lớn hơn 5 MB." in large.content.decode()
    assert "Tệp lớn hơn 5 MB." in huge.content.decode()
    assert "Không đọc được mã." not in huge.content.decode()


# --- F-44 ---
def test_forged_replaced_cancelled_and_right_papers_each_get_their_answer(
    client: Client, result: Result, case: Case, at: datetime
) -> None:
    here = reverse("result_check", args=["09895", result.token])
    right = words(client.get(here))  # type: ignore[arg-type]
    Result.objects.filter(pk=result.pk).update(standing="cancelled", standing_on=date(2026, 11, 25))
    cancelled = words(client.get(here))  # type: ignore[arg-type]
    forged = client.get(reverse("result_check", args=["09895", "0" * 26]))

    assert "Giấy thật, đang có giá trị." in right
    assert ("Giấy đã bị hủy, không còn giá trị." in cancelled, "Ngày hủy" in cancelled) == (True, True)
    assert "25/11/2026" in cancelled
    assert forged.status_code == 404
    assert "Không tìm thấy" in words(forged)  # type: ignore[arg-type]


def test_papers_outlive_their_commune(client: Client, result: Result, code: str, quoc_oai: Commune) -> None:
    Commune.objects.filter(pk=quoc_oai.pk).update(closed_on=date(2026, 12, 1))

    assert client.get(reverse("result_check", args=["09895", result.token])).status_code == 200
    assert paper_check.judge_code(code).verdict == Verdict.GENUINE
    assert paper_check.of_hash(result.sha256).is_whole


# --- no telling, no flooding (S-30, S-33) ---
@pytest.mark.parametrize("kind", ["H", "K"])
def test_every_miss_asks_the_database_the_same(
    kind: str, client: Client, result: Result, case: Case, kieu_phu: Commune
) -> None:
    asked = {}
    client.get(START)  # the first knock of a minute also forgets old ones
    for why, path in {
        "unknown": f"/{kind}/09895/{'1' * 26}",
        "malformed": f"/{kind}/09895/ABC",
        "letters of no alphabet": f"/{kind}/09895/{'Ố' * 26}",
        "no commune": f"/{kind}/00000/{'1' * 26}",
        "the neighbour's": f"/{kind}/09910/{'1' * 26}",
    }.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        asked[why] = [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in queries]

    assert [why for why, queries in asked.items() if queries != asked["unknown"]] == []


def test_no_token_is_written_into_the_log(
    client: Client, result: Result, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.KNOCKS_OF_ONE = 1

    answers = [client.get(f"/K/09895/{token}").status_code for token in ("1" * 26, result.token)]

    assert answers == [404, 429]
    assert caplog.text == ""


def test_over_the_cap_one_address_waits_and_others_do_not(
    client: Client, result: Result, settings: Settings, clock: time_machine.Traveller, at: datetime
) -> None:
    settings.KNOCKS_OF_ONE = 5
    here = reverse("result_check", args=["09895", result.token])

    answers = [client.get(here).status_code for _ in range(7)]
    response = client.get(here)
    elsewhere = client.get(here, REMOTE_ADDR="127.0.0.9")
    clock.move_to(at + timedelta(minutes=1))
    a_minute_later = client.get(here)

    assert answers == [200] * 5 + [429] * 2
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert (elsewhere.status_code, a_minute_later.status_code) == (200, 200)


def test_the_cap_of_all_together_holds_and_costs_no_statement_once_reached(
    client: Client, result: Result, settings: Settings
) -> None:
    settings.KNOCKS_OF_ALL = 3
    for last in range(4):
        client.get("/kiem-tra", REMOTE_ADDR=f"127.0.1.{last}")

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/kiem-tra", REMOTE_ADDR="127.0.1.77")

    assert response.status_code == 429
    assert len(queries) == 0


def test_knocks_are_counted_without_the_address_and_forgotten(
    client: Client, quoc_oai: Commune, clock: time_machine.Traveller, at: datetime
) -> None:
    client.get(START)
    before = set(Knock.objects.values_list("count", flat=True))
    clock.move_to(at + timedelta(minutes=11))
    client.get(START)

    assert before == {1}
    assert not Knock.objects.filter(origin__contains="127").exists()
    assert Knock.objects.count() == 2


# --- crawlers (F-43) ---
@pytest.mark.parametrize(
    "agent", ["Googlebot/2.1", "facebookexternalhit/1.1", "Zalo/preview", "WhatsApp/2.0", "TelegramBot"]
)
def test_a_crawler_or_a_preview_of_a_shared_link_learns_nothing_of_a_person(
    agent: str, client: Client, case: Case, result: Result
) -> None:
    for path in (reverse("status", args=["09895", case.token]), reverse("result_check", args=["09895", result.token])):
        response = client.get(path, headers={"user-agent": agent})
        page = response.content.decode()
        head = page[: page.index("</head>")]

        assert set(told(response)) <= {"procedure"}  # type: ignore[arg-type]
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert '<meta name="robots" content="noindex">' in head
        assert "og:" not in page
        assert "description" not in head
        assert case.code not in head
        assert result.full_number not in head


def test_robots_may_read_what_they_must_not_list_and_nothing_else(client: Client, db: None) -> None:
    response = client.get("/robots.txt")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[-1] == "Disallow: /"
    assert "Allow: /H/" in lines


# --- the keys, published ---
def test_the_published_key_checks_a_code_without_us(client: Client, code: str) -> None:
    published = json.loads(client.get("/khoa.json").content)
    [key] = published["keys"]
    judged = read(code)

    Ed25519PublicKey.from_public_bytes(base64.b64decode(key["public"])).verify(judged.signature, judged.signed)
    assert key["kid"] == judged.key_id == hashlib.sha256(base64.b64decode(key["public"])).hexdigest()[:8]
    assert (key["commune"], key["office"], key["since"], key["until"], key["leaked"]) == (
        "09895",
        "Xã Quốc Oai",
        "2026-11-23",
        None,
        False,
    )
    assert "sealed" not in str(published)


def test_the_page_of_the_keys_says_how_to_check(client: Client, code: str) -> None:
    shown = words(client.get("/khoa"))  # type: ignore[arg-type]

    assert "Xã Quốc Oai, mã 09895" in shown
    assert f"Khóa {read(code).key_id}, dùng từ 23/11/2026" in shown


@pytest.fixture
def pages(client: Client, case: Case, result: Result, code: str) -> dict[str, HttpResponse]:
    return {
        "start": client.get(START),  # type: ignore[dict-item]
        "nothing read": ask(client, text="x"),
        "genuine code": ask(client, text=code),
        "wrong digits": ask(client, text=code, digits="0000"),
        "file": ask(client, file=pdf(bytes(result.pdf))),
        "strange file": ask(client, file=pdf(b"%PDF-1.4")),
        "keys": client.get("/khoa"),  # type: ignore[dict-item]
    }


def test_no_page_of_a_check_leaves_a_trail_or_weighs_more_than_40_kilobytes(pages: dict[str, HttpResponse]) -> None:
    from tests.procedures.test_public_pages import _size

    for name, response in pages.items():
        page = response.content.decode()
        linked = {link for tag in re.findall(r"<(?:link|img)[^>]*>", page) for link in re.findall(r'"(/[^"]+)"', tag)}

        assert response["Cache-Control"] == "no-store", name
        assert response["Referrer-Policy"] == "no-referrer", name
        assert response["X-Robots-Tag"] == "noindex, nofollow", name
        assert dict(response.cookies) == {}, name
        assert "<script" not in page, name
        assert len(response.content) + sum(_size(link.removeprefix("/static/")) for link in linked) <= 40_000, name
        assert told(response) in ([], ["procedure"]), name


# --- both codes read back from the print (U-23, F-26) ---
def codes_on(picture: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def test_both_codes_are_read_from_150_dpi_and_from_a_pale_copy(result: Result, code: str) -> None:
    import io

    page = Image.open(io.BytesIO(printing.picture_of(bytes(result.pdf), round(210 / 25.4 * 150))))
    both = {result.facts["check_link"], code}

    # the copier: dark parts come out at 80 % grey, white stays paper
    pale = page.point(lambda level: round(level * 0.8 + 51))

    assert codes_on(page) == both
    assert codes_on(pale) == both
    assert codes_on(page.rotate(2, fillcolor=255)) == both


# --- commands ---
def test_a_checker_without_a_network_has_the_code_judged_by_the_published_file(
    client: Client, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = tmp_path / "khoa.json"
    published.write_bytes(client.get("/khoa.json").content)

    with CaptureQueriesContext(connection) as queries:
        call_command("check_code", code, keys=published)
    call_command("check_code", code)

    assert len(queries) == 0
    assert capsys.readouterr().out.count("genuine: Giấy xác nhận tình trạng hôn nhân 01/UBND-XNTTHN, 23/11/2026") == 2
    with pytest.raises(CommandError, match="damaged"):
        call_command("check_code", "MC1:ABC")
    published.write_text(published.read_text().replace('"leaked": false', '"leaked": true'))
    with pytest.raises(CommandError, match="leaked"):
        call_command("check_code", code, keys=published)
    published.write_text('{"keys": []}')
    with pytest.raises(CommandError, match="unknown_key"):
        call_command("check_code", code, keys=published)


def test_a_key_is_changed_by_a_command(
    code: str, clock: time_machine.Traveller, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.move_to(at + timedelta(days=1))

    call_command("check_key", commune="09895", reason="thay hằng năm")

    said = capsys.readouterr().out
    assert f"09895 {read(code).key_id} 2026-11-23 – 2026-11-24" in said
    assert paper_check.judge_code(code).verdict == Verdict.GENUINE
    with pytest.raises(CommandError, match="no commune 00000"):
        call_command("check_key", commune="00000")


def test_the_page_that_checks_without_a_network_brings_all_it_needs_in_40_kilobytes(client: Client, code: str) -> None:
    from tests.procedures.test_public_pages import _size

    response = client.get("/kiem-tra/khong-mang")

    page = response.content.decode()
    linked = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page))
    assert f'data-key="{read(code).key_id}"' in page
    assert "js/offline-check.js" in linked
    assert len(response.content) + sum(_size(path) for path in linked) <= 40_000
    assert response["X-Robots-Tag"] == "noindex, nofollow"
