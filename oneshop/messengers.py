"""The ways in which a short sentence leaves the house: e-mail, an SMS gateway, Zalo. One small port, an adapter each.

What is set up in the environment (settings.py) may be used; without anything set, nothing is sent and nobody waits.
Source of the limits: decisions.md 9, 10; a sentence never carries more than a procedure and a case code.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import TextChoices

PATIENCE = 10.0  # seconds for a gateway to answer


class Channel(TextChoices):
    IN_APP = "in_app", "Trên hệ thống"
    ZALO = "zalo", "Zalo"
    SMS = "sms", "Tin nhắn"
    EMAIL = "email", "Thư điện tử"


class NotSent(Exception):
    """The gateway refused or did not answer; the same message may be tried again under the same key."""


@dataclass(frozen=True)
class Message:
    """`key` names the message: a gateway that is given it twice is to send it once. `parts` fill Zalo's template."""

    key: str
    subject: str
    text: str
    parts: Mapping[str, str]


class Messenger(Protocol):
    @property
    def channel(self) -> Channel: ...

    def send(self, to: str, message: Message) -> None:
        """Hand `message` over for the telephone or address `to`. Raises NotSent."""


@dataclass(frozen=True)
class ByEmail:
    """Django's own mail; which server, its settings say."""

    channel: Channel = Channel.EMAIL

    def send(self, to: str, message: Message) -> None:
        mail = EmailMessage(message.subject, message.text, to=[to], headers={"Message-ID": f"<{message.key}@oneshop>"})
        try:
            mail.send()
        except OSError as error:  # SMTPException is one
            raise NotSent(str(error)) from error


@dataclass(frozen=True)
class BySms:
    """An SMS gateway that takes JSON: `{"to", "text", "key"}`; the names of its fields are a setting."""

    address: str
    secret: str
    fields: Mapping[str, str]
    channel: Channel = Channel.SMS

    def send(self, to: str, message: Message) -> None:
        said = {"to": _dialled(to), "text": message.text, "key": message.key}
        body = {self.fields.get(name, name): value for name, value in said.items()}
        _post(self.address, body, {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": message.key})


@dataclass(frozen=True)
class ByZalo:
    """Zalo's notification service: a template that Zalo has approved, filled with its parts."""

    address: str
    secret: str
    template: str
    channel: Channel = Channel.ZALO

    def send(self, to: str, message: Message) -> None:
        body = {
            "phone": _dialled(to),
            "template_id": self.template,
            "template_data": dict(message.parts),
            "tracking_id": message.key,
        }
        answer = _post(self.address, body, {"access_token": self.secret})
        if answer.get("error") not in (None, 0):  # it answers 200 to what it refuses
            raise NotSent(f"Zalo: {answer.get('message', answer['error'])}"[:200])


def _dialled(telephone: str) -> str:
    """`0912 345 678` → `84912345678`, as gateways want it."""
    digits = "".join(letter for letter in telephone if letter.isdigit())
    return "84" + digits[1:] if digits.startswith("0") else digits


def _post(address: str, body: Mapping[str, object], headers: Mapping[str, str]) -> dict[str, object]:
    request = urllib.request.Request(  # noqa: S310 (settings.py takes https addresses, or loopback, alone)
        address,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", **headers},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            found = json.loads(answer.read(100_000) or b"{}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        # the words of a gateway may repeat the telephone: only the kind of trouble is kept (S-37)
        status = f" {error.code}" if isinstance(error, urllib.error.HTTPError) else ""
        raise NotSent(f"{type(error).__name__}{status}") from error
    return found if isinstance(found, dict) else {}


def messengers() -> dict[Channel, Messenger]:
    """What is set up, in the order in which it is tried."""
    found: list[Messenger] = []
    if settings.ZALO_ADDRESS and settings.ZALO_TEMPLATE:
        found.append(ByZalo(settings.ZALO_ADDRESS, settings.ZALO_SECRET, settings.ZALO_TEMPLATE))
    if settings.SMS_ADDRESS:
        found.append(BySms(settings.SMS_ADDRESS, settings.SMS_SECRET, settings.SMS_FIELDS))
    if settings.EMAIL_HOST:
        found.append(ByEmail())
    return {messenger.channel: messenger for messenger in found}
