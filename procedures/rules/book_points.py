"""Unconfirmed wordings of the number books: what the closing lines say and who signs them. No database.

Source: Luật Hộ tịch Điều 58 khoản 2, NĐ 123/2015 Điều 11 (total pages, total events, the officer signs, the head signs
and stamps; civil-status.md 0.10); 01/2018 Điều 10 for the counter's own books (one-stop.md B.8). No form was seen.
"""

from procedures.rules.points import Point, Sort

_NO_FORM = "Luật nêu phải ghi gì, không có mẫu dòng khóa sổ; lời văn của phần mềm."


def _label(name: str, place: str, value: str) -> Point:
    return Point(f"book_close.{name}", place, value, _NO_FORM, daily=True)


PAGES = _label("pages", "Dòng khóa sổ: tổng số trang", "Tổng số trang đã ghi")
EVENTS = _label("events", "Dòng khóa sổ hộ tịch: tổng số việc", "Tổng số sự kiện hộ tịch đã đăng ký, đã cấp")
NUMBERS = _label("numbers", "Dòng khóa sổ khác: tổng số giấy", "Tổng số giấy đã cấp")
OFFICER = _label("officer", "Khóa sổ: dòng trên chữ ký bên trái", "NGƯỜI THỰC HIỆN")
HEAD_OF_COUNTER = Point(
    "book_close.head_of_counter",
    "Khóa sổ phiếu của quầy: do lãnh đạo xã ký thay người đứng đầu Bộ phận Một cửa",
    "yes",
    "Thông tư 01/2018 ghi người đứng đầu Bộ phận Một cửa ký, đóng dấu. “Không”: để trống dòng chức danh, ký tay.",
    Sort.YES_NO,
    daily=True,
)
BOOKS = (PAGES, EVENTS, NUMBERS, OFFICER, HEAD_OF_COUNTER)
