"""Template + facts → paper, as HTML and PDF; the only importer of WeasyPrint.

One press for the process: fonts and style sheet are read once, one paper is laid out at a time. (One font configuration
shared by threads corrupts memory; one per request would cost a fifth of the rendering.) The same facts give the same
bytes on any day and any host: no clock, no address, no font but the shipped ones.
"""

from __future__ import annotations

import gc
import hashlib
import io
import os
import signal
import threading
import tomllib
import unicodedata
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from procedures.signing import signature_pictures

if TYPE_CHECKING:
    from pydyf import PDF
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

STATIC = Path(__file__).resolve().parents[2] / "static"
FONTS = STATIC / "fonts"
FONTS_CONF = FONTS / "fonts.conf"
STYLE = STATIC / "css" / "print.css"
LONGEST = 50_000  # characters of HTML; the longest honest paper has 8,000
LONGEST_LIST = 400_000  # of one part of a list
SECONDS = 10  # for one paper (S-24); an ordinary one takes 0.05

PAGES_SHOWN = 8
ALARMS = 20  # then the paper is let go on: an alarm must not outlive it

_press_lock = threading.Lock()
_viewer_lock = threading.Lock()


class NoPaper(Exception):
    """The paper cannot be made; nothing was printed."""


class FontMissing(NoPaper):
    """A shipped font is away or is not the one we ship."""


class TooLong(NoPaper):
    """More text than a paper of the counter holds, or more than SECONDS of work."""


class Unprintable(NoPaper):
    """The text holds characters that the shipped font cannot draw; another font or an empty box is no answer."""


class ReachesOut(NoPaper):
    """The HTML asked for something outside itself: a picture, a style, an attachment (S-23)."""


@dataclass(frozen=True)
class Sheet:
    """A finished paper: `html` as it was laid out, `pdf` as it is stored and printed, `pages` counted."""

    html: str
    pdf: bytes
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.pdf).hexdigest()

    def picture(self, width_px: int) -> bytes:
        """The PDF itself as a PNG of that width: what is checked on screen is what is printed."""
        return picture_of(self.pdf, width_px)


def picture_of(pdf: bytes, width_px: int) -> bytes:
    """All pages of `pdf`, one below the other, as a grey PNG of that width; at most PAGES_SHOWN of them."""
    import pypdfium2  # type: ignore[import-untyped]
    from PIL import Image

    out = io.BytesIO()
    with _viewer_lock:  # PDFium keeps state of its own for the whole process
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = [
                page.render(scale=width_px / page.get_width(), grayscale=True).to_pil().convert("L")
                for page in (document[index] for index in range(min(len(document), PAGES_SHOWN)))
            ]
        finally:
            document.close()
    roll = Image.new("L", (width_px, sum(page.height for page in pages)), 255)
    top = 0
    for page in pages:
        roll.paste(page, (0, top))
        top += page.height
    roll.save(out, "PNG")
    return out.getvalue()


def pages_of(pdf: bytes) -> int:
    """How many leaves the printer needs for it."""
    import pypdfium2

    with _viewer_lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def paper(template: str, facts: Mapping[str, object], *, longest: int = LONGEST) -> Sheet:
    """The paper that `template` makes of `facts`; days are dates, moments aware datetimes. A list of our own may be
    `longest` characters of HTML; what citizens type may not.

    Raises FontMissing, TooLong, Unprintable or ReachesOut, and TemplateDoesNotExist; never prints something near it.
    """
    return press(render_to_string(template, dict(facts)), longest=longest)


def long_list(
    template: str, facts: Mapping[str, object], rows: Sequence[Sequence[str]], *, mark: int, part: int
) -> Sheet:
    """A list too long to be laid out at once, page by page without a hole, `part` rows at a time.

    Between the parts the press is free for other papers. `mark` is the column whose text no other row has: by it the
    rows of a page that is not full are found and laid out again with the next part. The template gets `rows`, `before`
    (pages so far), `begins` and `ends`. A list of one part is a paper like any other; of several, an ordinary PDF.
    Raises as `paper` does.
    """
    import pypdfium2

    pdfs: list[tuple[bytes, int]] = []
    left, before = list(rows), 0
    while True:
        chunk, rest = left[:part], left[part:]
        here = {"rows": chunk, "before": before, "begins": before == 0, "ends": not rest}
        sheet = paper(template, {**facts, **here}, longest=LONGEST_LIST)
        if not rest:
            break
        full = sheet.pages - 1
        again = _rows_on_last_page(sheet.pdf, [row[mark] for row in chunk])
        if full == 0 or again == len(chunk):
            raise TooLong("a part that does not fill a page")
        pdfs.append((sheet.pdf, full))
        left, before = chunk[len(chunk) - again :] + rest, before + full
    if not pdfs:
        return sheet
    out = io.BytesIO()
    with _viewer_lock:
        bound = pypdfium2.PdfDocument.new()
        for pdf, pages in (*pdfs, (sheet.pdf, sheet.pages)):
            source = pypdfium2.PdfDocument(pdf)
            bound.import_pages(source, list(range(pages)))
            source.close()
        bound.save(out)
        bound.close()
    return Sheet(html=sheet.html, pdf=out.getvalue(), pages=before + sheet.pages)


def _rows_on_last_page(pdf: bytes, marks: Sequence[str]) -> int:
    import pypdfium2

    with _viewer_lock:
        document = pypdfium2.PdfDocument(pdf)
        page = document[len(document) - 1]
        words = page.get_textpage()
        text = "".join(words.get_text_range().split()).replace("\ufffe", "")
        words.close()
        page.close()
        document.close()
    number = 0
    for found in reversed(marks):
        if "".join(found.split()) not in text:
            break
        number += 1
    return number


def press(html: str, *, longest: int = LONGEST) -> Sheet:
    """The HTML as PDF/A-2a and PDF/UA-1. Raises as `paper` does.

    The text is composed (NFC), and marks that print nothing are left out: what came along with a pasted text, or would
    turn the direction of reading.
    """
    if len(html) > longest:
        raise TooLong(f"{len(html)} characters of HTML, at most {longest}")
    for letter in set(html):
        if unicodedata.category(letter) in ("Cc", "Cf") and letter not in "\t\n\r":
            html = html.replace(letter, "")
    html = unicodedata.normalize("NFC", html)
    with _press_lock:
        if strange := sorted(set(html) - _letters() - set("\t\n\r")):
            raise Unprintable(", ".join(f"U+{ord(letter):04X}" for letter in strange))
        with _at_most(SECONDS):
            return _print(html)


def missing_fonts() -> list[str]:
    """The shipped fonts that are away or changed, as paths below static/fonts; with none, papers can be made (R-28)."""
    changed = [
        path
        for path, sha256 in _shipped().items()
        if not (FONTS / path).is_file() or hashlib.sha256((FONTS / path).read_bytes()).hexdigest() != sha256
    ]
    return changed if FONTS_CONF.is_file() else [*changed, FONTS_CONF.name]


def warm() -> None:
    """Load the press and print one page to nowhere, so that the first citizen of the day does not wait for it."""
    alphabet = "<p>AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY aăâbcdđeêghiklmnoôơpqrstuưvxy 0123456789</p>"
    press(f"<html lang=vi><title>–</title>{alphabet}<b>{alphabet}</b><i>{alphabet}</i></html>")
    gc.freeze()  # the press lives as long as the process: no need to look through it at each collection


@dataclass(frozen=True)
class _Press:
    html: type[HTML]
    style: CSS
    fonts: FontConfiguration
    fetcher: Any
    fatal: type[BaseException]


@cache
def _the_press() -> _Press:
    """Import takes half a second, mostly cffi reading its declarations; hence here and once."""
    if missing := missing_fonts():
        raise FontMissing(", ".join(missing))
    with _only_shipped_fonts():
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher

        class NothingOutside(URLFetcher):  # type: ignore[misc]
            """A paper is whole in itself. Whatever it asks for stops the press instead of leaving a hole."""

            def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
                if signature_pictures.is_one(url):  # a hand or a seal, in the page itself
                    return super().fetch(url, headers)
                raise ReachesOut(url[:200])

        fonts = FontConfiguration()
    fetcher = NothingOutside(fail_on_errors=True)
    style = CSS(string=STYLE.read_text(encoding="utf-8"), font_config=fonts, url_fetcher=fetcher)
    return _Press(HTML, style, fonts, fetcher, FatalURLFetchingError)


def _print(html: str) -> Sheet:
    press = _the_press()
    try:
        document = press.html(string=html, url_fetcher=press.fetcher).render(
            font_config=press.fonts, stylesheets=[press.style], pdf_variant="pdf/a-2a"
        )
        pdf = document.write_pdf(finisher=_also_pdf_ua, pdf_variant="pdf/a-2a")
    except press.fatal as error:
        raise ReachesOut(str(error.__cause__)) from error
    return Sheet(html=html, pdf=pdf, pages=len(document.pages))


# PDF/A knows no PDF/UA: the part number needs the extension schema that declares it (ISO 19005-2, 6.6.2.3).
_PDF_UA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def _also_pdf_ua(document: object, pdf: PDF) -> None:
    """Say in the metadata that the file is PDF/UA-1 too; WeasyPrint writes one standard at a time.

    And say of each heading of a table that it heads its column: WeasyPrint names the headings of each cell instead, and
    loses count under a heading over two columns.
    """
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("S") == "/TH":
            item["A"]["Scope"] = "/Column"
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [part.replace(b"</rdf:RDF>", _PDF_UA + b"</rdf:RDF>") for part in metadata.stream]
    metadata.compress = False  # readable without a PDF reader: the link that a paper claims to be (paper_check.py)


@cache
def _shipped() -> dict[str, str]:
    """path below static/fonts → sha256."""
    vendored = tomllib.loads((FONTS / "vendor.toml").read_text(encoding="utf-8"))
    return {file["path"]: file["sha256"] for file in vendored["file"]}


def width_of(text: str, points: float, *, bold: bool = False) -> float:
    """How wide `text` is printed, in millimetres: the shipped face without kerning, as print.css sets it."""
    widths, units = _widths("Bold" if bold else "Regular")
    letters = unicodedata.normalize("NFC", text)
    return sum(widths.get(ord(letter), units) for letter in letters) / units * points * 25.4 / 72


@cache
def _widths(weight: str) -> tuple[dict[int, int], int]:
    """Letter → width, and how many of its units make one em."""
    if missing := missing_fonts():
        raise FontMissing(", ".join(missing))
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    font = TTFont(FONTS / "tinos" / f"Tinos-{weight}.ttf", lazy=True)
    return {code: font["hmtx"][name][0] for code, name in font.getBestCmap().items()}, font["head"].unitsPerEm


@cache
def _letters() -> frozenset[str]:
    """What every shipped font draws."""
    if missing := missing_fonts():
        raise FontMissing(", ".join(missing))
    from fontTools.ttLib import TTFont

    return frozenset.intersection(
        *(frozenset(map(chr, TTFont(FONTS / path, lazy=True).getBestCmap())) for path in _shipped())
    )


@contextmanager
def _only_shipped_fonts() -> Iterator[None]:
    """Fontconfig reads its list of fonts from here while the press is set up; what we start later keeps the host's."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTS_CONF)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # how WeasyPrint says that Fontconfig found no font at all
            yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop after that many seconds with TooLong. Only a main thread can be stopped: commands and sync workers. In the
    threads of a gthread worker LONGEST alone bounds the work, to about three seconds."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    alarms = 0

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal alarms
        alarms += 1
        if alarms == ALARMS:
            signal.setitimer(signal.ITIMER_REAL, 0)
        raise TooLong(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    # More than once: raised inside a callback of the C libraries or of the collector an alarm is lost there.
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
