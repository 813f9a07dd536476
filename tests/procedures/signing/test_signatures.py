"""Digital signatures follow the act: leader, then seal, both valid in one file; a key that is away loses nothing."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509 as asn1
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.tsp import TimeStampReq
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image
from pkcs11 import Attribute, CertificateType, ObjectClass
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdfium2 import PdfDocument

from citizens.models import Citizen
from oneshop import errands
from oneshop.models import Commune, Errand, Officer
from procedures import papers, workflow
from procedures.checking import paper_check
from procedures.models import Case, Reckoning, Result, Ruling, Signature, SigningKey
from procedures.reckoning import lives
from procedures.signing import signature_pictures, signatures, signing_keys, signing_tokens, trial_keys
from procedures.signing.signatures import Standing
from procedures.signing.trial_keys import Authority
from procedures.states import State
from tests import factories
from tests.procedures.test_invariants import broken

PIN = "246810"


@pytest.fixture
def trusted(at: datetime) -> Authority:
    return trial_keys.authority(at)


def keep(trusted: Authority, commune: Commune, officer: Officer | None, at: datetime, **facts: Any) -> SigningKey:
    name = officer.full_name if officer else "UBND xã Quốc Oai"
    data = trial_keys.file_of(trusted, name, PIN, at=at, **facts)
    return signing_keys.keep_file(data, PIN, commune=commune, officer=officer, by=officer, at=at)


@pytest.fixture
def digital(quoc_oai: Commune, lan: Officer, tri: Officer, trusted: Authority, at: datetime) -> Commune:
    """The commune has ruled that certificates are signed digitally; lan and the office have their keys."""
    Ruling.objects.create(
        commune=quoc_oai,
        key="digital.marital_certificate",
        value="yes",
        valid_from=at.date(),
        source="QĐ 1",
        by=tri,
        at=at,
    )
    keep(trusted, quoc_oai, lan, at)
    keep(trusted, quoc_oai, None, at)
    return quoc_oai


@pytest.fixture
def result(digital: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime) -> Result:
    return factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)


def opened(officer: Officer, at: datetime) -> signing_keys.Opened:
    row = signing_keys.key_of(officer)
    assert row is not None
    return signing_keys.unlock(row, PIN, at=at)


def sealed(result: Result, lan: Officer, at: datetime) -> bytes:
    """Both signatures in the file."""
    signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    errands.run_due(at=at)
    return papers.bytes_of(result)


def judged(pdf: bytes, trusted: Authority, at: datetime) -> list[tuple[bool, bool, str]]:
    """Of each signature: whether pyHanko calls it good in all respects, whether it is intact, whose it is."""
    root = asn1.Certificate.load(trusted.certificate.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=at)
    found = []
    for embedded in PdfFileReader(io.BytesIO(pdf)).embedded_signatures:
        status = validate_pdf_signature(embedded, context)
        found.append((status.bottom_line, status.intact, status.signing_cert.subject.native["common_name"]))
    return found


# --- the two signatures ---
def test_the_leader_signs_and_the_seal_follows_by_itself(
    result: Result, lan: Officer, trusted: Authority, at: datetime
) -> None:
    way = [signatures.standing_of(result)]
    signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    way.append(signatures.standing_of(result))
    errands.run_due(at=at)
    way.append(signatures.standing_of(result))

    assert way == [Standing.WAITS_FOR_LEADER, Standing.WAITS_FOR_SEAL, Standing.DONE]
    assert judged(papers.bytes_of(result), trusted, at + timedelta(minutes=1)) == [
        (True, True, "Phùng Thị Lan"),
        (True, True, "UBND xã Quốc Oai"),
    ]


def test_what_is_served_is_what_was_signed_and_the_paper_under_it_is_untouched(
    result: Result, lan: Officer, at: datetime
) -> None:
    rendered, sha256 = bytes(result.pdf), result.sha256

    served = sealed(result, lan, at)

    result.refresh_from_db()
    last = Signature.objects.last()
    assert last is not None
    assert served.startswith(rendered)
    assert hashlib.sha256(served).hexdigest() == last.sha256
    assert (bytes(result.pdf), result.sha256) == (rendered, sha256)
    assert broken(result.commune_id) == {}


def test_a_changed_byte_and_a_stranger_are_found(
    result: Result, lan: Officer, trusted: Authority, at: datetime
) -> None:
    signed = sealed(result, lan, at)
    later = at + timedelta(minutes=1)
    place = bytes(signed).index(b"/Type")
    changed = signed[:place] + b"/Tybe" + signed[place + 5 :]

    assert not any(good for good, _, _ in judged(changed, trusted, later))
    assert [good for good, _, _ in judged(signed, trial_keys.authority(at), later)] == [False, False]


@pytest.mark.skipif(shutil.which("pdfsig") is None or shutil.which("certutil") is None, reason="poppler, NSS tools")
def test_another_reader_finds_both_signatures_valid(
    result: Result, lan: Officer, trusted: Authority, at: datetime, tmp_path: Path
) -> None:
    (tmp_path / "paper.pdf").write_bytes(sealed(result, lan, at))
    (tmp_path / "ca.pem").write_bytes(trusted.certificate.public_bytes(Encoding.PEM))
    store = tmp_path / "nss"
    store.mkdir()
    for words in (["-N", "--empty-password"], ["-A", "-n", "ca", "-t", "CT,C,C", "-i", str(tmp_path / "ca.pem")]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *words], check=True, capture_output=True)

    said = subprocess.run(
        ["pdfsig", "-nssdir", f"sql:{store}", str(tmp_path / "paper.pdf")], capture_output=True, text=True, check=False
    ).stdout

    assert said.count("Signature is Valid.") == 2
    assert said.count("Certificate is Trusted.") == 2
    assert "Phùng Thị Lan" in said
    assert said.count("ETSI.CAdES.detached") == 2


def test_the_paper_shows_who_signed_and_when(result: Result) -> None:
    page = PdfDocument(bytes(result.pdf))[0].get_textpage().get_text_range()

    assert "Người ký: Phùng Thị Lan" in page
    assert "Thời gian ký: 23/11/2026 08:10:00 +0700" in page


# --- nothing lost, nothing twice ---
def test_asked_again_nothing_is_signed_twice(result: Result, lan: Officer, at: datetime) -> None:
    sealed(result, lan, at)

    again = signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    Errand.objects.filter(kind="seal").update(done_at=None)
    errands.run_due(at=at)

    assert again == []
    assert Signature.objects.count() == 2


def test_without_the_pin_the_result_stands_and_waits_for_its_leader(
    result: Result, lan: Officer, son: Officer, at: datetime
) -> None:
    assert [row.pk for row in signatures.waiting_for(lan)] == [result.pk]
    assert signatures.waiting_for(son) == []
    assert result.case.where == State.SIGNED


def test_a_digital_result_is_not_given_out_before_it_is_whole(
    result: Result, mai: Officer, lan: Officer, at: datetime
) -> None:
    with pytest.raises(workflow.NotAllowed, match="chờ lãnh đạo ký số"):
        factories.given_out(result.case, by=mai, at=at)
    sealed(result, lan, at)

    factories.given_out(result.case, by=mai, at=at)

    assert result.case.given_out_to == "Trần Thị Thử"


def test_the_leader_may_decide_for_ink_when_the_keys_fail(
    result: Result, mai: Officer, lan: Officer, son: Officer, at: datetime
) -> None:
    with pytest.raises(signatures.NotNow):
        signatures.sign_by_hand_instead(result, reason="mất mạng", by=son, at=at)
    signatures.sign_by_hand_instead(result, reason="mất mạng", by=lan, at=at)
    with pytest.raises(signatures.NotNow):
        signatures.sign_by_hand_instead(result, reason="lần nữa", by=lan, at=at)

    factories.given_out(result.case, by=mai, at=at)

    assert signatures.standing_of(result) == Standing.INK
    assert signatures.waiting_for(lan) == []


def test_the_index_counts_a_result_as_electronic_until_ink_is_decided(
    result: Result, mai: Officer, lan: Officer, at: datetime
) -> None:
    def is_digital() -> bool | None:
        return lives.facts_of(Case.objects.get(pk=result.case_id), at=at).is_digital

    before = is_digital()
    assert Reckoning.objects.get(case=result.case).made_digital
    signatures.sign_by_hand_instead(result, reason="mất mạng", by=lan, at=at)

    assert (before, is_digital()) == (True, False)


def test_ink_is_decided_with_a_reason(result: Result, lan: Officer, client: Client) -> None:
    client.force_login(lan)
    address = reverse("ink_instead", args=[result.pk])

    silent = client.post(address, {"reason": " ", "form_key": "a" * 20}, follow=True).content.decode()
    before = signatures.standing_of(result)
    client.post(address, {"reason": "mất mạng từ 9 giờ", "form_key": "b" * 20})

    assert "Ghi rõ vì sao không ký số. Chưa thay đổi gì." in silent
    assert (before, signatures.standing_of(result)) == (Standing.WAITS_FOR_LEADER, Standing.INK)
    assert result.ink.reason == "mất mạng từ 9 giờ"


def test_a_paper_that_has_fallen_is_neither_signed_nor_sealed(result: Result, lan: Officer, at: datetime) -> None:
    signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    workflow.annul(result.case, note="người yêu cầu không nhận", by=lan, at=at)

    errands.run_due(at=at)
    again = signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)

    assert (again, Signature.objects.count()) == ([], 1)
    assert (Errand.objects.get(kind="seal").done_at, Errand.objects.get(kind="seal").trouble) == (at, "")


def test_nobody_signs_for_another(result: Result, son: Officer, lan: Officer, trusted: Authority, at: datetime) -> None:
    keep(trusted, result.commune, son, at)

    with pytest.raises(signatures.NotNow):
        signatures.sign_as_leader([result], opened(son, at), by=son, at=at)
    with pytest.raises(signatures.NotNow):
        signatures.sign_as_leader([result], opened(lan, at), by=son, at=at)

    assert not Signature.objects.exists()


def test_a_seal_that_does_not_open_is_tried_again_and_loses_nothing(
    result: Result, lan: Officer, settings: Any, at: datetime
) -> None:
    signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    right = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "y" * 60, []
    errands.run_due(at=at)
    trouble = Errand.objects.get(kind="seal").trouble
    settings.SECRET_KEY = right
    errands.run_due(at=at + timedelta(minutes=1))

    assert "khóa bí mật của máy chủ đã đổi" in trouble
    assert signatures.standing_of(result) == Standing.DONE


def test_signatures_never_change(result: Result, lan: Officer, at: datetime) -> None:
    sealed(result, lan, at)

    for statement in ("UPDATE procedures_signature SET sha256 = ''", "DELETE FROM procedures_signature"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# --- ink, and keys that may not sign ---
def test_without_ruling_or_key_a_result_is_of_ink(
    quoc_oai: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)

    assert signatures.standing_of(result) == Standing.INK
    factories.given_out(result.case, by=mai, at=at)


def test_a_certificate_that_has_ended_signs_nothing_and_the_paper_is_of_ink(
    digital: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    SigningKey.objects.filter(officer=lan).update(valid_until=at)
    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)

    assert signatures.standing_of(result) == Standing.INK
    with pytest.raises(signing_keys.KeyRefused, match="hết hạn"):
        opened(lan, at)


@pytest.mark.parametrize(
    ("name", "lasts", "pin", "said"),
    [
        ("Đỗ Hữu Sơn", 365, PIN, "không phải tên"),
        ("Phùng Thị Lan", -0.5, PIN, "hết hạn"),
        ("Phùng Thị Lan", 365, "000000", "PIN"),
    ],
)
def test_a_key_file_that_is_refused(
    quoc_oai: Commune, lan: Officer, trusted: Authority, at: datetime, name: str, lasts: float, pin: str, said: str
) -> None:
    data = trial_keys.file_of(trusted, name, PIN, at=at, lasts=timedelta(days=lasts))

    with pytest.raises(signing_keys.KeyRefused, match=said):
        signing_keys.keep_file(data, pin, commune=quoc_oai, officer=lan, by=lan, at=at)

    assert not SigningKey.objects.exists()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"0" * 60_000])
def test_what_is_no_key_file_is_refused_kindly(quoc_oai: Commune, lan: Officer, at: datetime, data: bytes) -> None:
    with pytest.raises(signing_keys.KeyRefused):
        signing_keys.keep_file(data, PIN, commune=quoc_oai, officer=lan, by=lan, at=at)


def test_no_pin_of_a_leader_lies_anywhere(digital: Commune, lan: Officer) -> None:
    row = signing_keys.key_of(lan)
    assert row is not None
    assert bytes(row.secret) == b""
    assert PIN.encode() not in bytes(row.file)
    seal = signing_keys.seal_of(digital.pk)
    assert seal is not None
    assert PIN.encode() not in bytes(seal.secret)


# --- the service far away ---
class Service:
    """A signing service of the CSC API on loopback, with one key; it can be away."""

    def __init__(self, trusted: Authority, name: str, at: datetime) -> None:
        held = signing_keys.keys_of_file(trial_keys.file_of(trusted, name, PIN, at=at), PIN)
        self.is_away, self.signed = False, 0
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                act = self.path.removeprefix("/csc/v1/")
                if service.is_away or (act == "credentials/authorize" and body.get("PIN") != PIN):
                    self.send_response(503 if service.is_away else 401)
                    self.end_headers()
                    return
                der = held.certificate.public_bytes(Encoding.DER)
                answer: dict[str, Any] = {"cert": {"certificates": [base64.b64encode(der).decode()]}}
                if act == "credentials/authorize":
                    answer = {"SAD": "leave:" + body["hash"][0]}
                elif act == "signatures/signHash":
                    assert body["SAD"] == "leave:" + body["hash"][0]
                    raw = held.key.sign(base64.b64decode(body["hash"][0]), ec.ECDSA(Prehashed(hashes.SHA256())))
                    answer, service.signed = {"signatures": [base64.b64encode(raw).decode()]}, service.signed + 1
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service(trusted: Authority, at: datetime, settings: Any) -> Iterator[Service]:
    made = Service(trusted, "Phùng Thị Lan", at)
    settings.CSC_ADDRESS = made.address
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_key_far_away_signs_as_well(
    digital: Commune, result: Result, lan: Officer, trusted: Authority, service: Service, at: datetime
) -> None:
    signing_keys.keep_remote("lan-1", commune=digital, officer=lan, by=lan, at=at)

    served = sealed(result, lan, at)

    assert [good for good, _, _ in judged(served, trusted, at + timedelta(minutes=1))] == [True, True]
    assert service.signed == 1


def test_a_service_that_is_away_leaves_the_case_signed_and_numbered_and_is_asked_again(
    digital: Commune, result: Result, lan: Officer, service: Service, at: datetime
) -> None:
    signing_keys.keep_remote("lan-1", commune=digital, officer=lan, by=lan, at=at)
    service.is_away = True
    with pytest.raises(signing_keys.ServiceAway):
        signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    meanwhile = signatures.standing_of(result)
    service.is_away = False

    sealed(result, lan, at)

    assert (meanwhile, signatures.standing_of(result)) == (Standing.WAITS_FOR_LEADER, Standing.DONE)
    assert (result.number, Result.objects.count(), service.signed) == (1, 1, 1)


def test_a_key_far_away_is_named_on_the_page_and_only_the_own_one(
    digital: Commune, lan: Officer, son: Officer, service: Service, client: Client
) -> None:
    def send(officer: Officer, reference: str, key: str) -> Any:
        client.force_login(officer)
        return client.post(reverse("my_key"), {"reference": reference, "form_key": key * 20})

    someone_elses = send(son, "lan-1", "a")
    empty = send(lan, "", "b")
    service.is_away = True
    away = send(lan, "lan-1", "c")
    service.is_away = False
    named = send(lan, "lan-1", "d")

    assert [answer.status_code for answer in (someone_elses, empty, away, named)] == [422, 422, 422, 302]
    assert "Tên trên chứng thư không phải tên của ông/bà." in someone_elses.content.decode()
    assert "Dịch vụ hoặc thiết bị ký số chưa trả lời, chưa ghi gì." in away.content.decode()
    assert SigningKey.objects.get(officer=lan, ended_at=None).kind == SigningKey.Kind.REMOTE


def test_without_a_service_no_such_key_is_asked_for(digital: Commune, lan: Officer, client: Client) -> None:
    client.force_login(lan)

    page = client.get(reverse("my_key")).content.decode()
    answer = client.post(reverse("my_key"), {"reference": "lan-1", "form_key": "a" * 20})

    assert "Tên khóa ở dịch vụ ký" not in page
    assert answer.status_code == 422
    assert SigningKey.objects.get(officer=lan, ended_at=None).kind == SigningKey.Kind.FILE


# --- the time stamp ---
class Stamps:
    """A time stamp service (RFC 3161) on loopback with an authority of its own; it can be away."""

    def __init__(self, at: datetime) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)  # pyHanko's stand-in knows RSA alone
        self.authority = trial_keys.authority(at)
        certificate = trial_keys.stamping_certificate(self.authority, key.public_key(), at=at)
        stamper = DummyTimeStamper(
            asn1.Certificate.load(certificate.public_bytes(Encoding.DER)),
            PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            fixed_dt=at,
        )
        self.is_away = False
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(503 if service.is_away else 200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                if not service.is_away:
                    self.wfile.write(stamper.request_tsa_response(asked).dump())

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def stamps(at: datetime, settings: Any) -> Iterator[Stamps]:
    made = Stamps(at)
    settings.TSA_ADDRESS = made.address
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_where_a_time_stamp_service_is_set_each_signature_says_when(
    result: Result, lan: Officer, trusted: Authority, stamps: Stamps, at: datetime
) -> None:
    served = sealed(result, lan, at)

    roots = [
        asn1.Certificate.load(whose.certificate.public_bytes(Encoding.DER)) for whose in (trusted, stamps.authority)
    ]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)
    found = [
        validate_pdf_signature(embedded, context, context)
        for embedded in PdfFileReader(io.BytesIO(served)).embedded_signatures
    ]
    assert [(status.bottom_line, status.timestamp_validity.timestamp) for status in found] == [(True, at)] * 2
    assert all(status.timestamp_validity.trusted for status in found)
    assert [row.is_stamped for row in Signature.objects.all()] == [True, True]


def test_a_time_stamp_service_that_is_away_loses_nothing_and_signs_nothing_twice(
    result: Result, lan: Officer, stamps: Stamps, at: datetime
) -> None:
    stamps.is_away = True
    with pytest.raises(signing_keys.ServiceAway):
        signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    stamps.is_away = False
    signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    stamps.is_away = True
    errands.run_due(at=at)
    trouble, meanwhile = Errand.objects.get(kind="seal").trouble, signatures.standing_of(result)
    stamps.is_away = False
    errands.run_due(at=at + timedelta(minutes=1))

    assert "dịch vụ cấp dấu thời gian" in trouble
    assert (meanwhile, signatures.standing_of(result)) == (Standing.WAITS_FOR_SEAL, Standing.DONE)
    assert Signature.objects.count() == 2


# --- the pages ---
class Desk:
    """A case that waits for Phùng Thị Lan, who is on duty, and her page for it."""

    def __init__(self, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, client: Client) -> None:
        from django.utils import timezone

        now = timezone.now()
        factories.shift(lan, lan.roles[0], starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
        self.case = factories.case(khach, by=mai, at=now)
        workflow.submit(self.case, by=hung, at=now)
        self.client, self.address = client, reverse("sign", args=[self.case.code])
        client.force_login(lan)
        self.form = client.get(self.address).context["form"]

    def send(self, key: str, **typed: str) -> Any:
        sent = {"seen": self.form["seen"].value(), "form_key": key * 20} | typed
        return self.client.post(self.address, sent)

    @property
    def standing(self) -> Standing:
        return signatures.standing_of(Result.objects.get(case=self.case))


def test_one_field_takes_the_pin_and_signs_the_file_in_the_wake(
    digital: Commune,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    desk = Desk(khach, mai, hung, lan, client)

    wrong = desk.send("w", password="000000")
    with django_capture_on_commit_callbacks(execute=True):
        right = desk.send("r", password=PIN)

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert [row.kind for row in Signature.objects.all()] == [Signature.Kind.LEADER]


def test_with_the_password_alone_it_is_signed_and_its_file_waits_until_the_pin_comes(
    result: Result, lan: Officer, client: Client
) -> None:
    client.force_login(lan)

    queue = client.get(reverse("signing")).content.decode()
    password = client.post(reverse("sign_waiting"), {"password": factories.PASSWORD, "form_key": "p" * 20}, follow=True)
    pin = client.post(reverse("sign_waiting"), {"password": PIN, "form_key": "q" * 20}, follow=True)

    assert "1 giấy đã ký còn chờ chữ ký số" in queue
    assert "Mã PIN của chữ ký số không đúng." in password.content.decode()
    assert "Đã ký số 1 giấy" in pin.content.decode()
    assert signatures.standing_of(result) == Standing.WAITS_FOR_SEAL


def test_who_has_no_key_is_asked_for_the_password_alone(
    quoc_oai: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, client: Client
) -> None:
    form = Desk(khach, mai, hung, lan, client).form

    assert (form["password"].label, "pin" in form.fields) == ("Mật khẩu của người ký", False)


def test_a_leader_lays_in_the_own_file_and_an_administrator_the_seal(
    quoc_oai: Commune, lan: Officer, tri: Officer, trusted: Authority, client: Client
) -> None:
    from django.utils import timezone

    now = timezone.now()

    def send(officer: Officer, address: str, name: str, pin: str, key: str) -> int:
        client.force_login(officer)
        file = SimpleUploadedFile("k.p12", trial_keys.file_of(trusted, name, PIN, at=now))
        return client.post(reverse(address), {"file": file, "password": pin, "form_key": key * 20}).status_code

    answers = [
        send(lan, "my_key", "Đỗ Hữu Sơn", PIN, "a"),
        send(lan, "my_key", "Phùng Thị Lan", "000000", "b"),
        send(lan, "my_key", "Phùng Thị Lan", PIN, "c"),
        send(tri, "office_seal", "UBND xã Quốc Oai", PIN, "d"),
    ]

    assert answers == [422, 422, 302, 302]
    assert SigningKey.objects.filter(ended_at=None).count() == 2


# --- the check by anyone ---
def test_the_signed_file_is_known_by_its_bytes_and_says_who_signed(result: Result, lan: Officer, at: datetime) -> None:
    served = sealed(result, lan, at)

    found = paper_check.of_file(served)
    changed = paper_check.of_file(served[:-1] + b"X")

    assert (found.is_whole, found.result and found.result.pk) == (True, result.pk)
    assert [note.split(",")[0] for note in found.notes] == [
        "Chữ ký số của người ký: Phùng Thị Lan",
        "Chữ ký số của cơ quan: UBND xã Quốc Oai",
    ]
    assert (changed.is_whole, list(changed.notes)) == (False, [])


def test_clerk_and_specialist_see_how_far_the_signatures_are(
    result: Result, mai: Officer, hung: Officer, lan: Officer, client: Client, at: datetime
) -> None:
    code = result.case.code
    client.force_login(mai)
    waits = client.get(reverse("give_out", args=[code])).content.decode()
    sealed(result, lan, at)
    ready = client.get(reverse("give_out", args=[code])).content.decode()
    client.force_login(hung)
    case = client.get(reverse("case", args=[code])).content.decode()

    assert ["chờ lãnh đạo ký số, chưa trả được" in page for page in (waits, ready)] == [True, False]
    assert "(đã ký số)" in case


# --- a key in a token ---
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = next((path for path in MODULES if Path(path).exists()), "")


@pytest.fixture
def token(trusted: Authority, at: datetime, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token of software with the leader's key and certificate in it; its reference."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    settings.PKCS11_MODULE = MODULE
    held = signing_keys.keys_of_file(trial_keys.file_of(trusted, "Phùng Thị Lan", PIN, at=at), PIN)
    pem = tmp_path / "key.pem"
    pem.write_bytes(held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    tool = ["softhsm2-util", "--pin", PIN]
    subprocess.run([*tool, "--init-token", "--free", "--label", "LAN", "--so-pin", "87654321"], check=True)
    label = ["--token", "LAN", "--label", "ky-so", "--id", "01"]
    subprocess.run([*tool, "--import", str(pem), *label], check=True)
    signing_tokens._library.cache_clear()
    opened_token = signing_tokens._library(MODULE)
    opened_token.reinitialize()
    with opened_token.get_token(token_label="LAN").open(user_pin=PIN, rw=True) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.LABEL: "ky-so",
                Attribute.ID: b"\x01",
                Attribute.SUBJECT: held.certificate.subject.public_bytes(),
                Attribute.VALUE: held.certificate.public_bytes(Encoding.DER),
            }
        )
    return "LAN/ky-so"


in_a_token = pytest.mark.skipif(not MODULE or shutil.which("softhsm2-util") is None, reason="softhsm2")


@in_a_token
def test_a_key_in_a_token_signs_as_well_and_never_leaves_it(
    digital: Commune, result: Result, lan: Officer, trusted: Authority, token: str, at: datetime
) -> None:
    row = signing_keys.keep_token(token, PIN, commune=digital, officer=lan, by=lan, at=at)

    served = sealed(result, lan, at)

    assert [good for good, _, _ in judged(served, trusted, at + timedelta(minutes=1))] == [True, True]
    assert (row.kind, bytes(row.secret)) == (SigningKey.Kind.TOKEN, b"")
    assert PIN.encode() not in bytes(row.file)


@in_a_token
def test_the_seal_in_a_token_follows_by_itself_and_waits_while_it_is_away(
    digital: Commune, result: Result, lan: Officer, token: str, settings: Any, at: datetime
) -> None:
    signing_keys.keep_token(token, PIN, commune=digital, officer=None, by=None, at=at)
    signatures.sign_as_leader([result], opened(lan, at), by=lan, at=at)
    settings.PKCS11_MODULE = "/nowhere/token.so"
    errands.run_due(at=at)
    trouble = Errand.objects.get(kind="seal").trouble
    settings.PKCS11_MODULE = MODULE
    errands.run_due(at=at + timedelta(minutes=1))

    assert "token LAN" in trouble
    assert PIN not in trouble
    assert signatures.standing_of(result) == Standing.DONE


@in_a_token
@pytest.mark.parametrize(
    ("reference", "pin", "refusal"),
    [
        ("LAN/ky-so", "000000", signing_keys.WrongPin),
        ("LAN/khac", PIN, signing_keys.KeyRefused),
        ("LAN", PIN, signing_keys.KeyRefused),
        ("KHONG-CO/ky-so", PIN, signing_keys.ServiceAway),
    ],
)
def test_a_token_that_does_not_open_says_why(
    digital: Commune, lan: Officer, token: str, reference: str, pin: str, refusal: type[Exception], at: datetime
) -> None:
    with pytest.raises(refusal) as said:
        signing_keys.keep_token(reference, pin, commune=digital, officer=lan, by=lan, at=at)

    assert pin not in str(said.value)


@in_a_token
def test_a_leader_names_the_token_on_the_page(
    digital: Commune, lan: Officer, token: str, client: Client, at: datetime
) -> None:
    client.force_login(lan)

    page = client.get(reverse("my_key")).content.decode()
    wrong = client.post(reverse("my_key"), {"token": token, "password": "000000", "form_key": "a" * 20})
    right = client.post(reverse("my_key"), {"token": token, "password": PIN, "form_key": "b" * 20})

    assert "Nhãn token và tên khóa" in page
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert SigningKey.objects.get(officer=lan, ended_at=None).kind == SigningKey.Kind.TOKEN


@in_a_token
def test_the_pin_of_a_token_has_a_field_of_its_own_and_no_password_is_tried_as_one(
    digital: Commune,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    token: str,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    at: datetime,
) -> None:
    signing_keys.keep_token(token, PIN, commune=digital, officer=lan, by=lan, at=at)
    desk, tried = Desk(khach, mai, hung, lan, client), []
    unlock = signing_keys.unlock
    monkeypatch.setattr(signing_keys, "unlock", lambda row, pin, **how: tried.append(pin) or unlock(row, pin, **how))

    wrong_password = desk.send("a", password="hay-quen", pin=PIN)
    wrong_pin = desk.send("b", password=factories.PASSWORD, pin="000000")
    with django_capture_on_commit_callbacks(execute=True):
        right = desk.send("c", password=factories.PASSWORD, pin=PIN)

    assert [wrong_password.status_code, wrong_pin.status_code, right.status_code] == [422, 422, 302]
    assert tried == ["000000", PIN]
    assert "Mật khẩu không đúng. Chưa ký." in wrong_password.content.decode()
    assert "Mã PIN của chữ ký số không đúng. Chưa ký." in wrong_pin.content.decode()
    assert desk.standing == Standing.WAITS_FOR_SEAL


@in_a_token
def test_a_token_that_is_away_leaves_the_paper_signed_and_the_pin_is_asked_later(
    digital: Commune,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    token: str,
    client: Client,
    settings: Any,
    at: datetime,
) -> None:
    signing_keys.keep_token(token, PIN, commune=digital, officer=lan, by=lan, at=at)
    desk = Desk(khach, mai, hung, lan, client)
    settings.PKCS11_MODULE = "/nowhere/token.so"
    signed = desk.send("a", password=factories.PASSWORD, pin=PIN)
    meanwhile = desk.standing
    away = client.post(reverse("sign_waiting"), {"pin": PIN, "form_key": "b" * 20}, follow=True).content.decode()
    settings.PKCS11_MODULE = MODULE
    empty = client.post(reverse("sign_waiting"), {"pin": "", "form_key": "c" * 20}, follow=True).content.decode()
    made = client.post(reverse("sign_waiting"), {"pin": PIN, "form_key": "d" * 20}, follow=True).content.decode()

    assert (signed.status_code, meanwhile) == (302, Standing.WAITS_FOR_LEADER)
    assert "chưa trả lời" in away
    assert "Nhập mã PIN của chữ ký số." in empty
    assert "Đã ký số 1 giấy" in made, "asked for the password a moment ago, so the PIN alone"
    assert desk.standing == Standing.WAITS_FOR_SEAL


# --- what a paper shows of them ---
def pictured(commune: Commune, lan: Officer, tri: Officer, at: datetime) -> None:
    for key, picture, by in (
        (signing_keys.key_of(lan), trial_keys.hand(), lan),
        (signing_keys.seal_of(commune.pk), trial_keys.seal(), tri),
    ):
        assert key is not None
        signing_keys.keep_picture(key, picture, by=by, at=at)


def test_hand_and_seal_are_drawn_in_the_page_and_both_signatures_hold(
    digital: Commune,
    khach: Citizen,
    mai: Officer,
    hung: Officer,
    lan: Officer,
    tri: Officer,
    trusted: Authority,
    at: datetime,
) -> None:
    pictured(digital, lan, tri, at)
    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)

    served = sealed(result, lan, at)

    pixels = PdfDocument(served)[0].render(scale=2).to_pil().convert("RGB").get_flattened_data()
    blue = sum(r < 90 and g < 110 and b > 130 for r, g, b in pixels)
    red = sum(r > 160 and g < 70 and b < 70 for r, g, b in pixels)
    assert (blue > 300, red > 1000) == (True, True)
    assert result.facts["digital"].keys() == {"at"}, "the pictures are in the bytes, once"
    assert [good for good, _, _ in judged(served, trusted, at + timedelta(minutes=1))] == [True, True]
    assert "Ký bởi" not in PdfDocument(served)[0].get_textpage().get_text_range()


def test_with_one_picture_alone_the_paper_says_it_in_words(
    digital: Commune, khach: Citizen, mai: Officer, hung: Officer, lan: Officer, at: datetime
) -> None:
    key = signing_keys.key_of(lan)
    assert key is not None
    signing_keys.keep_picture(key, trial_keys.hand(), by=lan, at=at)

    result = factories.signed(factories.case(khach, by=mai, at=at), handled_by=hung, by=lan, at=at)

    assert "Ký bởi" in PdfDocument(bytes(result.pdf))[0].get_textpage().get_text_range()


def test_the_picture_stays_with_the_next_key(digital: Commune, lan: Officer, trusted: Authority, at: datetime) -> None:
    key = signing_keys.key_of(lan)
    assert key is not None
    signing_keys.keep_picture(key, trial_keys.hand(), by=lan, at=at)

    after = keep(trusted, digital, lan, at + timedelta(minutes=1))

    assert bytes(after.picture) == signature_pictures.cleaned(trial_keys.hand())


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: b"", "Hình phải là tệp PNG."),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 100, "Hình phải là tệp PNG."),
        (lambda: png(Image.new("RGB", (200, 200), "white")), "Hình phải có nền trong suốt."),
        (lambda: png(Image.new("RGBA", (2000, 200))), "Hình phải từ 40 đến 1200 điểm ảnh mỗi chiều."),
        (lambda: png(Image.new("RGBA", (200, 10))), "Hình phải từ 40 đến 1200 điểm ảnh mỗi chiều."),
        (lambda: b"0" * 200_001, "Tệp hình quá 200 KB."),
    ],
)
def test_what_is_no_picture_of_a_signature_is_refused_kindly(
    make: Callable[[], bytes], sentence: str, digital: Commune, lan: Officer, client: Client
) -> None:
    client.force_login(lan)

    answer = client.post(
        reverse("my_key"), {"picture": SimpleUploadedFile("k.png", make() or b" "), "form_key": "p" * 20}, follow=True
    )

    key = signing_keys.key_of(lan)
    assert sentence in answer.content.decode()
    assert key is not None
    assert bytes(key.picture) == b""


def test_a_leader_lays_in_the_hand_and_sees_it(digital: Commune, lan: Officer, client: Client) -> None:
    client.force_login(lan)
    client.post(reverse("my_key"), {"picture": SimpleUploadedFile("k.png", trial_keys.hand()), "form_key": "p" * 20})

    page = client.get(reverse("my_key")).content.decode()

    assert 'alt="Hình đang dùng"' in page
    assert "data:image/png;base64," in page


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
