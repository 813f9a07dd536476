"""The unguessable address of a case and of a result, printed as a QR code."""

import secrets

from django.conf import settings
from django.http import Http404

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: capitals only, so that a QR code stays in its dense mode
LENGTH = 26  # × 5 bits = 130 bits (S-29)


def new_token() -> str:
    """130 bits of the system's randomness; says nothing of the case."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def clean_token(text: str) -> str:
    """The token as stored; whatever is not of its shape does not exist (S-30)."""
    token = text.upper().translate(str.maketrans("ILO", "110"))
    if len(token) != LENGTH or set(token) - set(ALPHABET):
        raise Http404
    return token


def status_link(commune_code: str, token: str) -> str:
    """The link on a slip: how far the case is. Carries the commune, so that no look-up ever searches all of them."""
    return f"{settings.PUBLIC_ADDRESS}/H/{commune_code}/{token}".upper()


def check_link(commune_code: str, token: str) -> str:
    """The link on a result: whether the paper is genuine, replaced or cancelled."""
    return f"{settings.PUBLIC_ADDRESS}/K/{commune_code}/{token}".upper()


def number_link(commune_code: str, token: str) -> str:
    """The link of a number drawn in the hall: how many are called before it. Lives for a day."""
    return f"{settings.PUBLIC_ADDRESS}/S/{commune_code}/{token}".upper()


def commune_link(commune_code: str) -> str:
    """The link on a poster: the commune's public page. In small letters: it is read and typed as well as scanned."""
    return f"{settings.PUBLIC_ADDRESS}/xa/{commune_code}"


def token_of_link(text: str) -> tuple[str, str] | None:
    """Commune code and token of a scanned status link, however the scanner spells it, or None."""
    parts = text.strip().upper().rstrip("/").split("/")
    if len(parts) < 3 or parts[-3] != "H":
        return None
    return parts[-2], parts[-1]


def masked_name(full_name: str) -> str:
    """`Trần Thị Thử` → `T*** T** T**`: enough to compare with a card in the hand, too little to learn a name."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in full_name.split())
