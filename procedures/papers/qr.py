"""A link or an offline code as a QR code, drawn as one SVG path. No database."""

from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around the code (ISO/IEC 18004; U-23)


def svg(text: str, title: str, level: Literal["M", "Q"] = "Q") -> SafeString:
    """The QR code of `text`; `title` is read out instead of the picture.

    Of level Q a quarter may be lost (F-26); M, an eighth, is for the long offline code, whose modules would else be too
    small at 25 mm (feasibility-pdf-pg.md 6).

    The style sheet sets the size. Of the whole width 8 modules are quiet zone, at most a quarter from version 2 on, so
    33 mm carry at least 25 mm of code and 27 mm at least 20. One stroke per run of dark modules: a quarter of the bytes
    of the package's own SVG, and quick to lay out. `<title>` is the only text WeasyPrint hands to a screen reader.
    """
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

    code = QRCode(error_correction={"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}[level], border=QUIET)
    code.add_data(text)
    matrix = code.get_matrix()
    path = "".join(
        f"M{start} {row}h{end - start}" for row, modules in enumerate(matrix) for start, end in _dark_runs(modules)
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" role="img"><title>{1}</title>'
        '<path d="{2}" transform="translate(0 .5)" stroke="#000"/></svg>',
        len(matrix),
        title,
        path,
    )


def _dark_runs(modules: list[bool]) -> list[tuple[int, int]]:
    """`[False, True, True, False]` → `[(1, 3)]`: first and one past the last module of each dark run."""
    edges = [at for at in range(len(modules) + 1) if _at(modules, at) != _at(modules, at - 1)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _at(modules: list[bool], at: int) -> bool:
    return 0 <= at < len(modules) and modules[at]
