"""Unconfirmed points of what hangs where everyone sees it: the public pages and the poster of a commune."""

from procedures.rules.points import Point, Sort

CONDUCT = Point(
    key="public.conduct",
    place="Trang công khai, tờ niêm yết: cán bộ cam kết gì với người dân (mỗi ý cách nhau dấu chấm phẩy)",
    value="Xin chào, xin lỗi, xin cảm ơn, xin phép; Luôn mỉm cười, luôn nhẹ nhàng, luôn thấu hiểu, luôn giúp đỡ; "
    "Nói rõ một lần cần giấy gì, không đòi thêm giấy; Trễ hẹn thì có phiếu xin lỗi và giờ hẹn mới",
    doubt="“4 xin, 4 luôn” dùng ở nhiều quầy, lời văn chưa đối chiếu; quy tắc ứng xử của Hà Nội "
    "(Quyết định 522/QĐ-UBND năm 2017) chưa đọc được nguyên văn.",
    daily=True,
)
COMPLAINT_PLACES = Point(
    key="public.complaint_places",
    place="Trang công khai, tờ niêm yết: nơi nhận phản ánh, kiến nghị (mỗi nơi cách nhau dấu chấm phẩy)",
    value="Nói ngay với cán bộ tại quầy hoặc lãnh đạo xã; Gửi thư đến Ủy ban nhân dân xã; "
    "Gửi trên Cổng Dịch vụ công quốc gia, mục Phản ánh, kiến nghị",
    doubt="Chưa rõ xã giao ai nhận, ở phòng nào và địa chỉ nào.",
    daily=True,
)
HOTLINE = Point(
    key="public.hotline",
    place="Trang công khai, tờ niêm yết: số điện thoại nhận phản ánh, kiến nghị",
    value="",
    doubt="Chưa có nguồn nào ghi số của xã hoặc của thành phố; để trống thì không in.",
    may_be_empty=True,
    daily=True,
)
ANSWER_DAYS = Point(
    key="public.answer_days",
    place="Trang công khai, tờ niêm yết: trả lời phản ánh, kiến nghị trong số ngày làm việc",
    value="15",
    doubt="Theo cách tính điểm của Bộ chỉ số 766; chưa đối chiếu với quy định về phản ánh, kiến nghị.",
    sort=Sort.NUMBER,
    daily=True,
)
PUBLIC = (CONDUCT, COMPLAINT_PLACES, HOTLINE, ANSWER_DAYS)
