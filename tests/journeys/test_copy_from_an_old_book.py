"""A copy from an old book: the page typed in by the specialist, the copy asked for by the clerk, the book of copies."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils import timezone

from citizens.models import RegisterEntry
from oneshop import walls
from oneshop.models import Commune, Officer
from procedures import papers, workflow
from procedures.models import Case
from tests.journeys.conftest import Visitor

KHACH = "001192000000||Trần Thị Thử|17091992|Nữ|Thôn 1, Xã Quốc Oai, Thành phố Hà Nội|11032021"


def test_a_page_of_an_old_book_becomes_a_copy(village: Commune, visitor: Callable[..., Visitor]) -> None:
    _typed_in(visitor("specialist"))
    _asked_for(visitor("clerk"))
    _signed(village)
    _in_the_book(visitor("book"))

    with walls.within(village.pk):
        entry = RegisterEntry.objects.get()
        assert (entry.full_number, entry.checked_on is not None) == ("41/1992", True)
        assert {slip.kind for slip in Case.objects.get().slips.all()} == {"fee", "receipt"}


def _typed_in(hung: Visitor) -> None:
    page = hung.page
    hung.sign_in("hung")
    page.get_by_role("link", name="Sổ hộ tịch", exact=True).click()
    hung.picture("room")
    hung.has_no_barrier()
    page.get_by_role("link", name="Khai sinh", exact=True).click()
    page.get_by_label("Số đăng ký", exact=True).fill("41")
    page.get_by_label("Năm của sổ").fill("1992")
    page.get_by_label("Nơi đăng ký, ghi như trong sổ").fill("UBND xã Sài Sơn, huyện Quốc Oai, tỉnh Hà Tây")
    page.get_by_label("Ngày đăng ký").fill("02/10/1992")
    page.locator("[name=subject_full_name]").fill("Trần Thị Thử")
    page.locator("[name=subject_birth_text]").fill("17/09/1992")
    page.locator("[name=subject_sex]").fill("Nữ")
    page.locator("[name=mother_full_name]").fill("Nguyễn Thị Lụa")
    page.get_by_label("Nơi sinh").fill("Trạm xá xã Sài Sơn")
    hung.picture("page-of-the-book")
    hung.has_no_barrier()
    hung.press("Control+Enter")
    page.get_by_role("heading", name="Khai sinh số 41/1992").wait_for()
    hung.picture("entry")
    hung.has_no_barrier()
    page.get_by_role("link", name=re.compile("Gắn với công dân.*Trần Thị Thử")).click()
    page.get_by_role("heading", name="Người trong sổ nay là ai?").wait_for()
    hung.picture("who-is-that")
    hung.has_no_barrier()
    page.get_by_role("button", name=re.compile("Đúng người này.*Trần Thị Thử")).click()
    page.get_by_text("Đã gắn Trần Thị Thử với hồ sơ công dân.").wait_for()
    hung.press("Control+Enter")  # compared with the page of the book
    page.get_by_text("Đã ghi nhận việc đối chiếu với sổ.").wait_for()
    page.get_by_text("Ghi chú vào sổ…").click()
    hung.picture("entry-confirmed")
    hung.has_no_barrier()
    hung.press("Escape")
    page.get_by_label("Số/năm (15/1998), họ tên").fill("tran thi thu")
    hung.press("Control+Enter")
    page.get_by_text("1 việc khớp với “tran thi thu”").wait_for()
    hung.picture("found")
    hung.has_no_barrier()


def _asked_for(mai: Visitor) -> None:
    page = mai.page
    mai.sign_in("mai")
    mai.stands_on("text")
    mai.scan(KHACH)
    page.get_by_role("heading", name="Trần Thị Thử").wait_for()
    mai.press("1")
    page.get_by_role("radio", name="Khai sinh số 41/1992").wait_for()
    page.get_by_label("Số lượng bản sao").fill("2")
    for answer in page.get_by_role("radio", name="Đúng").all():
        answer.check()
    mai.picture("which-entry")
    mai.has_no_barrier()
    mai.press("Control+Enter")
    page.get_by_role("checkbox", name="Người yêu cầu đã nghe đọc lại").check()
    mai.picture("check")
    mai.has_no_barrier()
    mai.press("Control+Enter")
    page.get_by_text("Đã tiếp nhận", exact=True).wait_for()
    page.get_by_role("button", name="In phiếu thu").wait_for()
    mai.picture("received")
    mai.has_no_barrier()


def _signed(village: Commune) -> None:
    with walls.within(village.pk):
        case, now = Case.objects.get(), timezone.now()
        lan = Officer.objects.get(username="lan")
        workflow.submit(case, by=Officer.objects.get(username="hung"), at=now)
        workflow.sign(case, by=lan, at=now, seen=papers.digest(papers.drafts_of(case, by=lan, at=now)))


def _in_the_book(hung: Visitor) -> None:
    hung.sign_in("hung")
    hung.open("/so-ho-tich/ban-sao")
    hung.page.get_by_role("heading", name="Sổ cấp bản sao trích lục").wait_for()
    hung.picture("copy-book")
    hung.has_no_barrier()
