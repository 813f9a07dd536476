"""A screen, a kiosk and a tablet in the hall of each commune's first counter, and the numbers of this morning."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures import hall
from procedures.checking.public_link import new_token
from procedures.models import HallDevice, QueueNumber

WISHES = ("marital_certificate", hall.COLLECT, "civil_copy", hall.OTHER, "death_registration")


def fill_hall(commune: Commune) -> None:
    """Five people drew a number; the first was served, the second is at the desk, three wait."""
    counter = commune.counters.order_by("pk").first()
    assert counter is not None, "units.py gives every commune a counter"
    admin = Officer.objects.get(commune=commune, roles__contains=[Role.ADMINISTRATOR])
    clerk = Officer.objects.filter(commune=commune, roles__contains=[Role.CLERK], counter=counter).first()
    now = timezone.now()
    hall.add_device(HallDevice.Kind.SCREEN, counter, "tường sảnh", by=admin, at=now)
    hall.add_device(HallDevice.Kind.TABLET, counter, "bàn trả kết quả", by=admin, at=now)
    hall.add_device(HallDevice.Kind.KIOSK, counter, "cửa vào", prints=True, by=admin, at=now)
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    for number, wish in enumerate(WISHES, start=1):
        QueueNumber.objects.create(  # drawn whatever the hour at which the demo is filled
            commune=commune,
            counter=counter,
            on=timezone.localdate(now),
            number=number,
            wish=wish,
            token=new_token(),
            key=new_token(),
            at=max(midnight, now - timedelta(minutes=3 * (len(WISHES) - number))),
        )
    if clerk:
        for _ in range(2):
            hall.call_next(counter, desk=1, by=clerk, at=now)
