"""How often the public doors may be knocked at: counted in the database, so that all processes count together (S-33).

Tokens of 130 bits need no protection from guessing; this protects the clerks' answers from being slowed. Carriers put
thousands of telephones behind one address, so the limit of one address is generous.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

ALL = "*"
REMEMBERED = timedelta(minutes=10)

_full: dict[str, datetime] = {}
"""Origin → the minute in which it is full: who floods us costs no more statements until the minute is over."""

# the row of all together comes last, so that two knocks never wait for each other crosswise
COUNT = """
INSERT INTO procedures_knock (minute, origin, count) VALUES (%(minute)s, %(origin)s, 1), (%(minute)s, %(all)s, 1)
ON CONFLICT (minute, origin) DO UPDATE SET count = procedures_knock.count + 1 RETURNING count
"""


def wait_after(address: str, *, at: datetime) -> int:
    """Count one knock from `address`; the seconds until it may knock again, 0 where it is welcome.

    The address is kept as a keyed hash: a count needs no list of who asked for what.
    """
    minute = at.replace(second=0, microsecond=0)
    origin = salted_hmac("procedures.knocks", address).hexdigest()[:24]
    wait = 60 - at.second
    if minute in (_full.get(origin), _full.get(ALL)):
        return wait
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"minute": minute, "origin": origin, "all": ALL})
        [(of_origin,), (of_all,)] = cursor.fetchall()
        if of_all == 1:
            cursor.execute("DELETE FROM procedures_knock WHERE minute < %s", [minute - REMEMBERED])
            _full.clear()
    full = [(origin, of_origin > settings.KNOCKS_OF_ONE), (ALL, of_all > settings.KNOCKS_OF_ALL)]
    _full.update({who: minute for who, is_full in full if is_full})
    return wait if any(is_full for _, is_full in full) else 0
