"""A daughter visits her father's grave: her wish at the counter, the file and the book at the specialist's desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from citizens.martyrs import Relation
from citizens.models import Citizen, Martyr, MartyrRelative
from oneshop import walls
from oneshop.models import Commune
from tests import factories


def family(commune: Commune) -> None:
    """The file of one martyr with a daughter at the counter, a son on record and a brother who is no kin in law."""
    with walls.within(commune.pk):
        daughter = Citizen.objects.get()
        son = factories.citizen(commune, "001090000000", "Trần Văn Con", sex="male")
        martyr = Martyr.objects.create(
            commune=commune,
            full_name="Trần Văn Liệt",
            native_place="Thôn 1, xã Thạch Thán, huyện Quốc Oai",
            unit="Tiểu đoàn Thử",
            rank="Hạ sĩ",
            death_text="12/04/1972",
            death_place="Mặt trận phía Nam",
            certificate_number="TM-000001",
            in_cemetery_list=True,
            cemetery="Nghĩa trang liệt sĩ Mẫu",
            grave_commune="xã Mẫu",
            grave_province="tỉnh Quảng Trị",
            recorded_at=timezone.now(),
        )
        people: tuple[tuple[Relation, str, str, Citizen | None], ...] = (
            (Relation.CHILD, daughter.full_name, daughter.identity_number, daughter),
            (Relation.CHILD, son.full_name, son.identity_number, son),
            (Relation.OTHER, "Trần Văn Em", "", None),
        )
        for relation, name, number, citizen in people:
            MartyrRelative.objects.create(
                commune=commune,
                martyr=martyr,
                relation=relation,
                full_name=name,
                identity_number=number,
                citizen=citizen,
                basis="Giấy chứng nhận gia đình liệt sĩ",
            )


def test_from_the_card_to_the_book(village: Commune, visitor: Callable[..., Any]) -> None:
    family(village)
    clerk = visitor("clerk")
    clerk.sign_in("mai")
    clerk.scan("001192000000")
    clerk.page.wait_for_url("**/cong-dan/*")
    clerk.press("6")
    clerk.page.wait_for_url("**/martyr_grave_visit")
    clerk.page.get_by_label("Người cùng đi thứ nhất").select_option(label="Trần Văn Con, sinh 17/09/1992 – Con đẻ")
    clerk.page.wait_for_timeout(600)  # the rules are asked anew 200 ms after a change
    for group in clerk.page.locator("#findings fieldset").all():
        group.get_by_label("Đúng").check()
    clerk.picture("form")
    clerk.has_no_barrier()
    clerk.press("Control+Enter")
    clerk.page.wait_for_url("**/nhap/*")
    assert clerk.page.locator(".paper img").count() == 2
    clerk.picture("check")
    clerk.has_no_barrier()
    clerk.page.get_by_label("Người yêu cầu đã nghe đọc lại").check()
    clerk.press("Control+Enter")
    clerk.page.wait_for_url("**/da-tiep-nhan")
    code = clerk.page.url.split("/")[-2]

    specialist = visitor("specialist")
    specialist.sign_in("hung")
    specialist.open("/cong-dan/liet-si")
    specialist.picture("files")
    specialist.has_no_barrier()
    specialist.page.get_by_role("link", name="Trần Văn Liệt").click()
    specialist.page.wait_for_url("**/liet-si/*")
    specialist.picture("file")
    specialist.has_no_barrier()
    specialist.page.get_by_role("link", name="Sửa theo văn bản").click()
    specialist.page.wait_for_url("**/sua")
    specialist.picture("correct")
    specialist.has_no_barrier()
    specialist.open(f"/ho-so/{code}")
    specialist.press("Control+Enter")
    specialist.page.wait_for_timeout(500)

    leader = visitor("leader")
    leader.sign_in("lan")
    leader.open(f"/ky/{code}")
    leader.picture("sign")
    leader.page.get_by_label("Mật khẩu của người ký").fill(factories.PASSWORD)
    leader.press("Control+Enter")
    leader.page.wait_for_url(lambda url: not url.endswith(f"/ky/{code}"))

    specialist.open("/cong-dan/liet-si/so-theo-doi")
    specialist.picture("book")
    specialist.has_no_barrier()
    specialist.page.get_by_role("link", name="01/GGT-UBND").click()
    specialist.page.wait_for_url("**/so-theo-doi/*")
    today = timezone.localdate().strftime("%d/%m/%Y")
    specialist.page.get_by_label("Ngày nộp lại giấy có xác nhận").fill(today)
    specialist.page.get_by_label("Khoảng cách một lượt (km)").fill("612")
    specialist.press("Control+Enter")
    specialist.page.get_by_text("3.672.000 đồng (612 km × 2 người, một lượt)").wait_for()
    specialist.picture("line")
    specialist.has_no_barrier()
