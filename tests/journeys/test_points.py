"""The administrator corrects a label by keyboard, sees it on paper first, and everybody reads what the law changes."""

from __future__ import annotations

from collections.abc import Callable

from oneshop import walls
from oneshop.models import Commune
from procedures.models import Ruling
from tests.journeys.conftest import Visitor


def test_a_label_is_corrected_without_a_programmer(visitor: Callable[..., Visitor], village: Commune) -> None:
    tri = visitor("tri")
    tri.sign_in("tri")
    tri.page.get_by_role("link", name="Chưa xác minh").focus()
    tri.press("Enter")
    tri.page.get_by_role("heading", name="Điểm chưa xác minh").wait_for()
    tri.picture("list")
    tri.has_no_barrier()

    tri.page.get_by_role("link", name="Quyết định Giấy xác nhận tình trạng hôn nhân: câu mục đích, sau").focus()
    tri.press("Enter")
    tri.page.get_by_role("heading", name="câu mục đích, sau").wait_for()
    tri.picture("point")
    tri.has_no_barrier()

    tri.page.get_by_label("Xã dùng (như sẽ in)").focus()
    tri.press("Control+a")
    tri.type("được cấp để")
    tri.page.get_by_text("in với: được cấp để").wait_for()
    tri.page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth)")
    tri.picture("tried")
    tri.press("Tab", "Tab")
    tri.stands_on("source")
    tri.type("Mẫu in của Sở Tư pháp, tháng 11/2026")
    tri.press("Tab", "Space", "Control+Enter")

    tri.page.get_by_text("Đã ghi: Giấy xác nhận tình trạng hôn nhân").wait_for()
    tri.picture("ruled")
    with walls.within(village.pk):
        ruling = Ruling.objects.get()
    assert (ruling.value, ruling.is_confirmed) == ("được cấp để", True)

    tri.page.get_by_role("link", name="Còn lại (").focus()
    tri.press("Enter")
    tri.page.wait_for_url("**con-lai**")
    assert tri.page.get_by_text("câu mục đích, sau").count() == 0


def test_every_officer_reads_the_law_by_its_days(visitor: Callable[..., Visitor]) -> None:
    mai = visitor("mai")
    mai.sign_in("mai")
    mai.page.get_by_role("link", name="Quy định").focus()
    mai.press("Enter")
    mai.page.get_by_role("heading", name="Quy định", exact=True).wait_for()
    mai.picture("law")
    mai.has_no_barrier()

    small = visitor("mai-small", width=390, height=844)
    small.sign_in("mai")
    small.open("/chua-xac-minh?con-lai")
    small.picture("list")
    small.has_no_barrier()
