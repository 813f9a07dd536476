"""`python3 manage.py tidy`: end what retention.toml ends; `up` and `demo` do it at each start."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from citizens.models import Citizen, Visit
from oneshop import retention, walls
from oneshop.models import Commune, Errand, FormKey
from procedures import reckoning
from procedures.books import sweeping
from procedures.models import Call, Case, Draft, Knock, LookCode, QueueNumber


class Command(BaseCommand):
    help = "End what retention.toml ends: drafts, answers, errands done, visits, telephones; and ended sessions"

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        ended: Counter[str] = Counter()
        for commune_id in Commune.objects.filter(is_served=True).values_list("pk", flat=True):
            with walls.within(commune_id):
                ended += _end(commune_id, now)
        ended["knocks"], _ = Knock.objects.filter(minute__lt=now - retention.lasts("knock")).delete()
        sweeping.begin(at=now)
        call_command("clearsessions")
        if options["verbosity"] > 1:
            self.stdout.write(", ".join(f"{number} {what}" for what, number in ended.items()) or "nothing to tidy")


def _end(commune_id: int, now: datetime) -> Counter[str]:
    """What has reached its end in this commune; done twice it finds nothing the second time (S-39)."""

    def before(reason: str) -> datetime:
        return now - retention.lasts(reason)

    drafts, _ = Draft.objects.filter(updated_at__lt=before("draft")).delete()
    answers, _ = FormKey.objects.filter(commune=commune_id, at__lt=before("answer")).delete()
    codes, _ = LookCode.objects.filter(commune=commune_id, at__lt=before("draft")).delete()
    errands, _ = Errand.objects.filter(commune=commune_id, done_at__lt=before("errand")).delete()
    Call.objects.filter(commune=commune_id, at__lt=before("queue")).delete()
    numbers, _ = QueueNumber.objects.filter(commune=commune_id, at__lt=before("queue"), calls=None).delete()
    visits, _ = Visit.objects.filter(commune=commune_id, at__lt=before("visit"), serves=False).delete()
    needed = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=before("contact")))
    telephones = (
        Citizen.objects.kept_by(commune_id)
        .exclude(telephone="", email="")
        .filter(recorded_at__lt=before("contact"))
        .exclude(Exists(needed.filter(citizen=OuterRef("pk"))) | Exists(needed.filter(other=OuterRef("pk"))))
        .update(telephone="", email="", version=F("version") + 1)
    )
    return Counter(
        reckoned=reckoning.catch_up(commune_id),
        drafts=drafts,
        answers=answers,
        codes=codes,
        errands=errands,
        numbers=numbers,
        visits=visits,
        telephones=telephones,
    )
