"""How a procedure is used in each commune: what a monitoring office reads before it keeps, changes or drops it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count, Q

from oneshop.models import Commune
from procedures.boards import day_begins_at
from procedures.catalogue import Procedure
from procedures.models import Case, Step
from procedures.states import State, Verb


@dataclass(frozen=True)
class Use:
    """One procedure in a span of days. `reasons`: the conditions that were not met, the most frequent first."""

    procedure: Procedure
    received: int
    rejected: int
    refused: int
    withdrawn: int
    asked_for_papers: int
    extended: int
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def came(self) -> int:
        """Everyone who came for it, taken in or not."""
        return self.received + self.rejected


def use_of(procedures: list[Procedure], *, since: date, until: date, commune: Commune | None = None) -> list[Use]:
    """From the first moment of `since` to the last of `until`, Vietnam time; of one commune, or of all one may see."""
    span = Q(received_at__gte=day_begins_at(since), received_at__lt=day_begins_at(until, after=1))
    cases = Case.objects.filter(span, *([Q(commune=commune)] if commune else []))
    counted = {
        row["procedure_key"]: row
        for row in cases.order_by()
        .values("procedure_key")
        .annotate(
            received=Count("pk", filter=~Q(state=State.REJECTED)),
            rejected=Count("pk", filter=Q(state=State.REJECTED)),
            refused=Count("pk", filter=Q(outcome=Case.Outcome.REFUSE, signed_at__isnull=False)),
            withdrawn=Count("pk", filter=Q(state=State.WITHDRAWN)),
        )
    }
    steps = Step.objects.filter(case__in=cases, verb__in=[Verb.ASK_FOR_PAPERS, Verb.EXTEND]).order_by()
    moves = {
        (key, verb): number
        for key, verb, number in steps.values_list("case__procedure_key", "verb").annotate(Count("case", distinct=True))
    }
    reasons = _reasons(commune, since, until)
    return [
        Use(
            procedure,
            **{
                name: counted.get(procedure.key, {}).get(name, 0)
                for name in ("received", "rejected", "refused", "withdrawn")
            },
            asked_for_papers=moves.get((procedure.key, Verb.ASK_FOR_PAPERS), 0),
            extended=moves.get((procedure.key, Verb.EXTEND), 0),
            reasons=reasons.get(procedure.key, []),
        )
        for procedure in procedures
    ]


def _reasons(commune: Commune | None, since: date, until: date) -> dict[str, list[tuple[str, int]]]:
    """Why people were sent away: titles of the rules that failed, as they were frozen into the cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.procedure_key, f.value ->> 'title', count(*)
            FROM procedures_case c CROSS JOIN LATERAL jsonb_array_elements(c.findings) f
            WHERE c.state = %s AND f.value ->> 'tone' = 'fail' AND c.received_at >= %s AND c.received_at < %s
              AND (%s::bigint IS NULL OR c.commune_id = %s)
            GROUP BY 1, 2 ORDER BY 3 DESC, 2
            """,
            [
                State.REJECTED,
                day_begins_at(since),
                day_begins_at(until, after=1),
                *([commune.pk if commune else None] * 2),
            ],
        )
        found: dict[str, list[tuple[str, int]]] = {}
        for key, title, number in cursor.fetchall():
            found.setdefault(key, []).append((title, number))
        return found
