"""People are told what happened: once each, by day, only while it is so, and never more than procedure and code."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from citizens.models import Citizen
from oneshop import errands
from oneshop.messengers import BySms, ByZalo, Channel, Message, NotSent
from oneshop.models import Commune, Entry, Errand, Officer
from procedures import notices, workflow
from procedures.models import Case, Notice
from tests import factories

pytestmark = pytest.mark.usefixtures("shifts")


class Gateway:
    """A gateway on loopback: keeps what it was sent, answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answer: tuple[int, dict[str, Any]] = (200, {})
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.got.append((dict(self.headers), body))
                status, answer = gateway.answer
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/send"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def sms(gateway: Gateway, settings: Any) -> Gateway:
    settings.SMS_ADDRESS, settings.SMS_SECRET = gateway.address, "the-key"
    settings.SMS_FIELDS = {"to": "phone"}
    return gateway


@pytest.fixture
def shifts(lan: Officer, at: datetime) -> None:
    """lan is on duty the whole day."""


@pytest.fixture
def waiting(khach: Citizen, mai: Officer, hung: Officer, at: datetime) -> Case:
    """A case before the leader, of a citizen with a telephone."""
    Citizen.objects.filter(pk=khach.pk).update(telephone="0912 345 678")
    khach.refresh_from_db()
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)
    return case


def sign(case: Case, lan: Officer, at: datetime) -> None:
    workflow.sign(case, by=lan, at=at, seen=factories.seen(case, lan, at))


def run(at: datetime) -> int:
    return errands.run_due(at=at)


def test_a_result_that_nobody_fetched_is_told_after_a_quarter_of_an_hour_and_once(
    waiting: Case, lan: Officer, sms: Gateway, at: datetime
) -> None:
    sign(waiting, lan, at)

    run(at + timedelta(minutes=14))
    early = len(sms.got)
    for minutes in (15, 16):
        run(at + timedelta(minutes=minutes))

    [(headers, body)] = sms.got
    assert early == 0
    assert (body["phone"], headers["Authorization"]) == ("84912345678", "Bearer the-key")
    assert body["text"] == (
        f"Một cửa Xã Quốc Oai: Hồ sơ {waiting.code} (Cấp giấy xác nhận tình trạng hôn nhân) đã có kết quả. "
        "Mời ông/bà đến quầy nhận."
    )
    [told] = Notice.objects.filter(officer=None)
    assert (told.channel, told.occasion) == (Channel.SMS, Notice.Occasion.READY)
    assert Entry.objects.get(act="notify").key == waiting.code


def test_who_took_the_result_at_the_counter_hears_nothing(
    waiting: Case, mai: Officer, lan: Officer, sms: Gateway, at: datetime
) -> None:
    sign(waiting, lan, at)
    factories.given_out(waiting, by=mai, at=at + timedelta(minutes=5))

    run(at + timedelta(minutes=20))

    assert sms.got == []
    assert not Errand.objects.filter(kind="notice", done_at=None).exists()


def test_nothing_is_said_of_a_person(waiting: Case, lan: Officer, sms: Gateway, at: datetime, khach: Citizen) -> None:
    sign(waiting, lan, at)
    run(at + timedelta(minutes=20))

    said = json.dumps([body for _, body in sms.got], ensure_ascii=False)
    assert waiting.code in said
    for secret in (khach.full_name, khach.identity_number, waiting.token, "Thôn 1"):
        assert secret not in said


@pytest.mark.parametrize(("hour", "day", "until"), [(19, 23, 0), (20, 24, 7), (23, 24, 7), (3, 23, 7), (7, 23, 0)])
def test_a_night_waits_for_its_morning(quoc_oai: Commune, at: datetime, hour: int, day: int, until: int) -> None:
    moment = at.replace(hour=hour, minute=30)

    expected = at.replace(day=day, hour=until, minute=0) if until else moment
    assert notices.day_begins(quoc_oai.pk, moment) == expected


def test_a_message_owed_in_the_evening_leaves_in_the_morning_and_counts_no_try(
    waiting: Case, hung: Officer, lan: Officer, sms: Gateway, at: datetime
) -> None:
    evening = at.replace(hour=21)
    workflow.send_back(waiting, by=lan, at=at, note="thiếu giấy")
    workflow.ask_for_papers(waiting, by=hung, at=evening, note="Bản sao giấy báo tử")

    run(evening)
    errand = Errand.objects.get(kind="notice")
    run(at.replace(day=24, hour=7, minute=0))

    assert (errand.tries, errand.due_at) == (0, at.replace(day=24, hour=7, minute=0))
    [(_, body)] = sms.got
    assert "cần bổ sung" in body["text"]


def test_late_with_an_apology_is_told(waiting: Case, lan: Officer, sms: Gateway, at: datetime) -> None:
    workflow.extend(waiting, by=lan, at=at, note="mất điện", until=waiting.due_at + timedelta(hours=3))

    run(at)

    [(_, body)] = sms.got
    assert "xin lỗi" in body["text"]


def test_a_gateway_that_is_away_loses_nothing_and_the_next_way_is_tried(
    waiting: Case, lan: Officer, sms: Gateway, settings: Any, at: datetime
) -> None:
    settings.EMAIL_HOST = "thu.example"
    Citizen.objects.filter(pk=waiting.citizen_id).update(email="thu@example.com")
    sms.answer = (503, {})
    sign(waiting, lan, at)

    moment = at + timedelta(minutes=15)
    for _ in range(4):
        run(moment)
        moment = Errand.objects.get(kind="notice").due_at

    assert len(sms.got) == 3
    assert [letter.to for letter in mail.outbox] == [["thu@example.com"]]
    assert Notice.objects.get(officer=None).channel == Channel.EMAIL
    assert {headers["Idempotency-Key"] for headers, _ in sms.got} == {sms.got[0][1]["key"]}


def test_after_every_way_was_tried_thrice_it_ends_and_keeps_its_trouble(
    waiting: Case, lan: Officer, sms: Gateway, at: datetime
) -> None:
    sms.answer = (500, {})
    sign(waiting, lan, at)

    moment = at + timedelta(minutes=15)
    for _ in range(6):
        run(moment)
        moment += timedelta(hours=1)

    errand = Errand.objects.get(kind="notice")
    assert (len(sms.got), errand.tries, errand.trouble) == (3, 3, "NotSent: HTTPError 500")
    assert errand.done_at is not None


def test_without_telephone_and_mail_nothing_is_owed(
    khach: Citizen, mai: Officer, hung: Officer, lan: Officer, sms: Gateway, at: datetime
) -> None:
    case = factories.case(khach, by=mai, at=at)
    workflow.submit(case, by=hung, at=at)
    sign(case, lan, at)

    assert not Errand.objects.filter(kind="notice").exists()


def test_zalo_fills_its_template_and_a_refusal_within_an_answer_is_one(gateway: Gateway) -> None:
    zalo = ByZalo(gateway.address, "the-key", "12345")
    message = Message("k1", "s", "t", {"code": "H26", "procedure": "Khai tử"})
    gateway.answer = (200, {"error": -108, "message": "0912345678 không hợp lệ"})

    with pytest.raises(NotSent) as refused:
        zalo.send("0912345678", message)

    assert str(refused.value) == "Zalo -108"

    assert gateway.got[0][1] == {
        "phone": "84912345678",
        "template_id": "12345",
        "template_data": {"code": "H26", "procedure": "Khai tử"},
        "tracking_id": "k1",
    }


def test_a_gateway_that_does_not_answer_is_told_without_the_telephone(gateway: Gateway) -> None:
    gateway.server.shutdown()
    gateway.server.server_close()

    with pytest.raises(NotSent) as trouble:
        BySms(gateway.address, "", {}).send("0912345678", Message("k", "s", "t", {}))

    assert "0912" not in str(trouble.value)


# --- officers ---
def test_what_was_done_calls_no_more(waiting: Case, hung: Officer, lan: Officer, at: datetime) -> None:
    workflow.send_back(waiting, by=lan, at=at, note="sai ngày")
    unread = [list(Notice.objects.filter(read_at=None).values_list("occasion", flat=True))]
    workflow.submit(waiting, by=hung, at=at)
    unread.append(list(Notice.objects.filter(read_at=None).values_list("occasion", flat=True)))
    sign(waiting, lan, at)
    unread.append(list(Notice.objects.filter(read_at=None).values_list("occasion", flat=True)))

    assert unread == [["sent_back"], ["to_sign"], []]


def test_the_first_case_before_a_leader_calls_and_the_next_do_not(
    khach: Citizen, waiting: Case, mai: Officer, hung: Officer, lan: Officer, at: datetime, quoc_oai: Commune
) -> None:
    other = factories.case(factories.citizen(quoc_oai, "001192000001", "Lê Thị Khác"), by=mai, at=at)
    workflow.submit(other, by=hung, at=at)

    assert list(Notice.objects.values_list("officer", "occasion", "case")) == [
        (lan.pk, Notice.Occasion.TO_SIGN, waiting.pk)
    ]


def test_what_was_sent_back_is_told_to_who_laid_it_before_the_leader_and_by_mail_too(
    waiting: Case, hung: Officer, lan: Officer, settings: Any, at: datetime
) -> None:
    settings.EMAIL_HOST = "thu.example"
    Officer.objects.filter(pk=hung.pk).update(email="hung@example.com")
    waiting.refresh_from_db()
    workflow.send_back(waiting, by=lan, at=at, note="sai ngày")

    run(at)

    assert Notice.objects.get(officer=hung).occasion == Notice.Occasion.SENT_BACK
    [letter] = mail.outbox
    assert (letter.to, "sai ngày" in letter.body, waiting.code in letter.body) == (["hung@example.com"], False, True)


def test_what_was_read_is_not_mailed(waiting: Case, hung: Officer, lan: Officer, settings: Any, at: datetime) -> None:
    settings.EMAIL_HOST = "thu.example"
    Officer.objects.filter(pk=hung.pk).update(email="hung@example.com")
    waiting.refresh_from_db()
    workflow.send_back(waiting, by=lan, at=at, note="sai ngày")
    notices.read(hung, at=at)

    run(at)

    assert mail.outbox == []


def test_the_bar_counts_what_is_new_until_it_was_read(waiting: Case, lan: Officer, client: Client) -> None:
    client.force_login(lan)

    before = client.get("/ky").content.decode()
    page = client.get("/tin-bao").content.decode()
    client.post("/tin-bao/da-xem", {"form_key": "k" * 20})
    after = client.get("/ky").content.decode()

    assert ["bar-told" in text for text in (before, after)] == [True, False]
    assert f"Hồ sơ {waiting.code}" in page
    assert list(Notice.objects.filter(read_at=None)) == []
