"""What the slip of a fee says: its unconfirmed words, and an amount in words. No database."""

from __future__ import annotations

from procedures.rules.points import Point
from procedures.wordings.numbers import Style, in_words

_NO_FORM = "Chưa có mẫu của xã: biên lai thu phí là chứng từ quản lý riêng, phiếu này chỉ ghi nhận số tiền đã thu."

TITLE = Point("fee_slip.title", "Phiếu thu phí, lệ phí: tên phiếu", "PHIẾU THU PHÍ, LỆ PHÍ", _NO_FORM)
SYMBOL = Point("fee_slip.symbol", "Phiếu thu phí, lệ phí: ký hiệu sau số", "PTP-TTPVHCC", _NO_FORM)
PAYER = Point("fee_slip.payer_line", "Phiếu thu phí, lệ phí: dòng trên chữ ký bên trái", "NGƯỜI NỘP TIỀN", _NO_FORM)
TAKER = Point("fee_slip.taker_line", "Phiếu thu phí, lệ phí: dòng trên chữ ký bên phải", "NGƯỜI THU TIỀN", _NO_FORM)

MONEY = Style(four="bốn")

POINTS = (TITLE, SYMBOL, PAYER, TAKER)


def amount_in_words(amount: int) -> str:
    """`24000` → `Hai mươi bốn nghìn đồng`; below a thousand million."""
    if not 0 <= amount < 1_000_000_000:
        raise ValueError(amount)
    words: list[str] = []
    for size, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group = amount // size % 1_000
        if group:
            # behind a larger group the hundreds are always spoken: `một triệu không trăm linh năm nghìn`
            said = in_words(1_000 + group, MONEY).removeprefix("một nghìn ") if words else in_words(group, MONEY)
            words.append(f"{said} {name}".strip())
    text = " ".join(words) or "không"
    return f"{text[0].upper()}{text[1:]} đồng"
