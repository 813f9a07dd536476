"""The diary: one explicit line for each act and each look. For investigation, never for the program's own logic."""

from datetime import datetime

from oneshop.models import Entry, Officer


def record(
    act: str,
    kind: str,
    key: object,
    *,
    by: Officer | None,
    at: datetime,
    why: str = "",
    origin: str = "",
    commune_id: int | None = None,
) -> Entry:
    """Write one line in the transaction of the act itself: an act without its line does not happen (S-35).

    `key` names the thing within its kind (a case code, a citizen's row number), never an identity number (S-05).
    `commune_id` defaults to the officer's own commune.
    """
    return Entry.objects.create(
        commune_id=commune_id if commune_id is not None else (by.commune_id if by else None),
        at=at,
        officer_id=by.pk if by else None,
        officer_name=by.full_name if by else "",
        act=act,
        kind=kind,
        key=str(key),
        why=why[:300],
        origin=origin[:60],
    )
