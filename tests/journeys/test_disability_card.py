"""A lost disability card: the specialist finds the file, the clerk receives, the leader signs."""

from __future__ import annotations

from collections.abc import Callable

from oneshop import walls
from oneshop.models import Commune
from procedures.models import Result
from tests import factories
from tests.journeys.conftest import Visitor
from tests.journeys.test_receive_sign_give_out import answer_every_question

PICTURES_ARE_HERE = "() => [...document.querySelectorAll('figure.paper img')].every(img => img.naturalWidth)"


def test_a_lost_card_is_issued_again_from_the_kept_file(visitor: Callable[..., Visitor], village: Commune) -> None:
    with walls.within(village.pk):
        khach = factories.citizen(village, "001160000001", "Lê Thị Mất Thẻ")
        factories.disability_file(khach, activities=["with_help", *["can"] * 9])
    mai, hung, lan = visitor("dis-mai", height=1100), visitor("dis-hung", height=1100), visitor("dis-lan", height=1100)

    hung.sign_in("hung")
    hung.open("/cong-dan/khuyet-tat")
    hung.stands_on("text")
    hung.type("mất thẻ")
    hung.press("Enter")
    hung.page.get_by_role("link", name="Lê Thị Mất Thẻ").wait_for()
    hung.picture("search")
    hung.has_no_barrier()
    hung.page.get_by_role("link", name="Lê Thị Mất Thẻ").click()
    hung.page.get_by_label("Sửa, bổ sung dữ liệu theo giấy tờ").check()
    hung.press("Control+Enter")
    hung.page.get_by_role("heading", name="Kết luận của Hội đồng").wait_for()
    hung.picture("file")
    hung.has_no_barrier()
    hung.page.get_by_role("link", name="Sửa theo giấy tờ").click()
    hung.page.get_by_label("Căn cứ sửa").wait_for()
    hung.picture("amend")
    hung.has_no_barrier()
    hung.open("/cong-dan/khuyet-tat/moi")
    hung.picture("new")
    hung.has_no_barrier()

    mai.sign_in("mai")
    mai.scan("001160000001")
    mai.page.wait_for_url("**/cong-dan/*")
    mai.press("5")
    mai.page.wait_for_url("**/disability_card")
    mai.page.get_by_label("Cấp lại: mất Giấy xác nhận khuyết tật").check()
    mai.page.get_by_label("Người nộp xác nhận đã mất").check()
    mai.page.get_by_label("Đúng như hồ sơ đang lưu, không thay đổi").check()
    answer_every_question(mai)
    mai.picture("form")
    mai.has_no_barrier()
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/nhap/*")
    mai.page.wait_for_function(PICTURES_ARE_HERE)
    mai.picture("check")
    mai.has_no_barrier()
    mai.page.get_by_label("Người yêu cầu đã nghe đọc lại nội dung").check()
    mai.press("Control+Enter")
    mai.page.wait_for_url("**/da-tiep-nhan")

    hung.open("/thu-ly")
    hung.page.locator("a.row-link").first.click()
    hung.page.wait_for_url("**/ho-so/*")
    hung.picture("case")
    hung.has_no_barrier()
    hung.press("Control+Enter")
    hung.page.wait_for_url("**/thu-ly")

    lan.sign_in("lan")
    lan.page.locator("a.row-link").first.click()
    lan.page.wait_for_function(PICTURES_ARE_HERE)
    lan.picture("sign")
    lan.has_no_barrier()
    lan.stands_on("password")
    lan.type(factories.PASSWORD)
    lan.press("Control+Enter")
    lan.page.wait_for_url(lambda url: url.endswith("/ky"))

    hung.open("/cong-dan/khuyet-tat")
    hung.page.get_by_role("link", name="Sổ theo dõi cấp giấy").click()
    hung.page.get_by_role("cell", name="Cấp lại (lần 1)").wait_for()
    hung.picture("register")
    hung.has_no_barrier()
    mai.open("/tra")
    mai.page.locator("a.row-link").first.click()
    mai.page.wait_for_url("**/tra/*")
    mai.picture("give-out")
    with walls.within(village.pk):
        assert list(Result.objects.order_by("pk").values_list("kind", "blank")) == [
            ("disability_card", "disability_card"),
            ("electronic_copy", ""),
        ]
