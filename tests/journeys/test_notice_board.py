"""Someone at home with a telephone and no scripts: which procedure, what to bring, where, when, what it looks like."""

from __future__ import annotations

from collections.abc import Callable

from procedures.catalogue import catalogue
from tests.journeys.conftest import Visitor


def test_from_the_list_to_the_counter_without_scripts(visitor: Callable[..., Visitor]) -> None:
    phone = visitor("phone", width=360, height=800, scripts=False)
    page = phone.page

    phone.open("/thu-tuc")
    phone.picture("list")
    page.get_by_role("link", name="Đăng ký kết hôn").click()
    page.get_by_role("heading", name="Mang gì theo").wait_for()
    phone.picture("procedure")
    page.get_by_text("Mọi điều được kiểm tra, kèm căn cứ").click()
    page.get_by_role("heading", name="Luật không cho giải quyết").wait_for()
    specimen = page.get_by_role("img", name="Bản mẫu: Giấy chứng nhận kết hôn")
    specimen.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert specimen.evaluate("image => image.naturalWidth") == 480
    phone.picture("specimen")

    page.get_by_role("link", name="Xã Quốc Oai").click()
    page.get_by_role("heading", name="Làm thủ tục tại Xã Quốc Oai").wait_for()
    page.get_by_text("Thứ Hai đến Thứ Sáu: 07:30–11:30, 13:30–17:30").wait_for()
    phone.picture("commune")
    page.get_by_role("link", name="Kiểm tra một tờ giấy là thật hay giả").click()
    page.get_by_label("Mã trên giấy").wait_for()


def test_no_page_of_the_board_has_a_barrier_or_is_wider_than_a_telephone(visitor: Callable[..., Visitor]) -> None:
    phone, desk = visitor("watcher", width=360, height=800), visitor("wide")

    paths = ["/thu-tuc", "/xa/09895", *(f"/thu-tuc/{procedure.key}" for procedure in catalogue())]
    for path in paths:
        for one in (phone, desk):
            one.open(path)
            one.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            one.has_no_barrier()
            assert one.page.evaluate("document.documentElement.scrollWidth") <= one.page.viewport_size["width"], path  # type: ignore[index]
            one.picture(path.rsplit("/", 1)[-1])
