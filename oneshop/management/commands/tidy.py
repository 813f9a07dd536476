"""`python3 manage.py tidy`: throw away what is kept only for a while; `up` and `demo` do it at each start."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from oneshop import walls
from oneshop.models import Commune, FormKey
from procedures.models import Draft

DRAFTS_LAST = timedelta(hours=24)
ANSWERS_LAST = timedelta(days=7)  # a form sent again after an hour still gets its answer


class Command(BaseCommand):
    help = "Throw away drafts of yesterday, answers of old forms and ended sessions"

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        drafts = answers = 0
        for commune_id in Commune.objects.filter(is_served=True).values_list("pk", flat=True):
            with walls.within(commune_id):
                drafts += Draft.objects.filter(updated_at__lt=now - DRAFTS_LAST).delete()[0]
                answers += FormKey.objects.filter(commune=commune_id, at__lt=now - ANSWERS_LAST).delete()[0]
        call_command("clearsessions")
        if options["verbosity"] > 1:
            self.stdout.write(f"{drafts} drafts, {answers} answers of forms thrown away")
