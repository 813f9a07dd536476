"""What a paper shows of a digital signature: the hand of the leader, blue, and the seal of the office, red.

Both are PNG with a transparent ground, drawn by the page itself, so that the file stays PDF/A and PDF/UA with its
signatures (feasibility-pdf-pg.md 5). Source: one-stop.md G.5 (Nghị định 30/2020/NĐ-CP, Phụ lục I).
"""

from __future__ import annotations

import base64
import io

from PIL import Image, UnidentifiedImageError

LARGEST = 200_000  # bytes
HEAD = "data:image/png;base64"
WIDEST = 1200  # pixels: a seal of 36 mm at more than 600 dpi


class PictureRefused(Exception):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def cleaned(data: bytes) -> bytes:
    """The same picture, written anew, so that nothing else travels in the file. Raises PictureRefused."""
    if len(data) > LARGEST:
        raise PictureRefused("Tệp hình quá 200 KB.")
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as found:
            if max(found.size) > WIDEST or min(found.size) < 40:
                raise PictureRefused(f"Hình phải từ 40 đến {WIDEST} điểm ảnh mỗi chiều.")
            picture = found.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PictureRefused("Hình phải là tệp PNG.") from error
    if picture.getchannel("A").getextrema()[0] == 255:
        raise PictureRefused("Hình phải có nền trong suốt.")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def is_one(url: str) -> bool:
    """Whether an address in a page is such a picture, and nothing larger or other in its place."""
    head, _, body = url.partition(",")
    if head != HEAD:
        return False
    try:
        cleaned(base64.b64decode(body, validate=True))
    except (PictureRefused, ValueError):
        return False
    return True


def address(picture: bytes) -> str:
    """As a page takes it in; empty for no picture."""
    return f"{HEAD},{base64.b64encode(picture).decode()}" if picture else ""
