"""The roles of the people behind the counter, and a request that knows which of them is asking."""

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from oneshop.models import Officer


class Role(TextChoices):
    """What an officer may be trusted with; in a small commune one officer holds several."""

    CLERK = "clerk", "Tiếp nhận"
    SPECIALIST = "specialist", "Giải quyết"
    SIGNER = "signer", "Ký duyệt"
    MONITOR = "monitor", "Theo dõi"
    ADMINISTRATOR = "administrator", "Quản trị"


class DeskRequest(HttpRequest):
    """A request that has passed `keys.only`: the officer is known, and the walls of the commune stand."""

    user: "Officer"
    htmx: "HtmxDetails"
