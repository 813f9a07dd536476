"""Why the clock stood still: the words of the officers who asked for papers."""

from __future__ import annotations

from django.db.models import Count
from django.db.models.functions import Lower, Trim

from procedures.figures import Span
from procedures.models import Pause

MOST = 8


def reasons(span: Span, *, commune_id: int) -> list[tuple[str, int]]:
    """The commonest reasons of the pauses that began in the span, how often each; a full stop makes no other reason.

    Of one commune alone: free words may tell of a person, and are not for other houses.
    """
    rows = (
        Pause.objects.filter(commune_id=commune_id, since__gte=span.since, since__lt=span.until)
        .annotate(words=Trim(Lower("reason")))
        .values("words")
        .annotate(number=Count("pk"))
        .order_by("-number", "words")
    )
    counted: dict[str, int] = {}
    for row in rows[: MOST * 4]:
        words = row["words"].rstrip(" .;")
        counted[words] = counted.get(words, 0) + row["number"]
    return sorted(counted.items(), key=lambda pair: -pair[1])[:MOST]
