"""The values of a result alone, laid over a pre-printed blank; and the sheet by which a printer is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from procedures.blanks import ALL, KINDS, BlankKind, Place
from procedures.models import BlankLayout, Result
from procedures.papers import printing, render
from procedures.papers.printing import Sheet
from procedures.wordings.days import in_words

Offsets = Mapping[str, Sequence[float]]

SMALLEST = 0.75  # of the size of a place: below that nobody reads it
STEP = 0.5  # points
LINE_UP = 0.891  # Tinos above and below its baseline, in parts of its size
LINE_DOWN = 0.216


class NotPlaced(Exception):
    """The blank has no place for these values, or not enough of it: nothing is printed over it (F-25)."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names

    @property
    def sentence(self) -> str:
        return f"Chưa in lên phôi được: chưa có chỗ cho {', '.join(self.names)}. Báo quản trị."


@dataclass(frozen=True)
class Box:
    """One value as the template sets it; lengths in millimetres and sizes in points, as text."""

    name: str
    label: str
    left: str
    top: str
    width: str
    pitch: str
    size: str
    lines: tuple[str, ...]
    centred: bool
    bold: bool


def offsets_of(commune_id: int, kind: str, on: date) -> Offsets:
    """How far this commune prints aside on that day; nothing at all until somebody has looked at a test sheet."""
    layout = BlankLayout.objects.in_force(commune_id, kind, on)
    return layout.fields if layout else {}


def values_of(result: Result) -> dict[str, str]:
    """Field → value: what the procedure gave, and what only the signature knows: number, signer, place and day."""
    facts = result.facts
    given = {str(name): str(value) for name, value in facts.get("fields", [])}
    known = {
        "number": result.full_number,
        "place_and_day": f"{facts.get('place', '')}, {in_words(result.issued_on)}",
        "signer_title": "\n".join(facts.get("signer", {}).get("lines", [])),
        "signer_name": str(facts.get("signer", {}).get("name", "")),
    }
    kind = KINDS[result.blank]
    places = {place.name for place in kind.fields}
    return {name: value for name, value in known.items() if name in places} | given


def overprint(result: Result) -> Sheet:
    """The values of `result` at their places, as its commune prints today. Raises NotPlaced, and as `render` does."""
    kind = KINDS[result.blank]
    offsets = offsets_of(result.commune_id, kind.key, timezone.localdate())
    return render(f"overprint/{kind.key}.html", facts_of(kind, values_of(result), offsets))


def facts_of(kind: BlankKind, values: Mapping[str, str], offsets: Offsets) -> dict[str, Any]:
    """What the template of `kind` prints. Raises NotPlaced with the names or labels of all that finds no room."""
    homeless = [name for name, value in values.items() if value and kind.place(name) is None]
    boxes = []
    for place in kind.fields:
        if value := values.get(place.name, "").strip():
            box = _boxed(_shifted(place, offsets), value)
            if box is None:
                homeless.append(place.label)
            else:
                boxes.append(box)
    if homeless:
        raise NotPlaced(homeless)
    return {"kind": kind.label, "width": _mm(kind.width), "height": _mm(kind.height), "boxes": boxes} | _trial()


def sample(kind: BlankKind, offsets: Offsets) -> Sheet:
    """The test sheet: a grid in centimetres and every place with its words and its lines, to be held against a real
    blank."""
    facts: dict[str, Any] = {
        "kind": kind.label,
        "width": _mm(kind.width),
        "height": _mm(kind.height),
        "frames": [_framed(_shifted(place, offsets)) for place in kind.fields],
        "down": [{"at": _mm(x), "number": x // 10, "whole": x % 10 == 0} for x in range(5, int(kind.width), 5)],
        "across": [{"at": _mm(y), "number": y // 10, "whole": y % 10 == 0} for y in range(5, int(kind.height), 5)],
    }
    return render("overprint/test_sheet.html", facts | _trial())


def _framed(place: Place) -> dict[str, Any]:
    """What the letters of a place may take up, and the lines they stand on."""
    em = place.size * 25.4 / 72
    above, below = em * 0.75, em * LINE_DOWN
    return {
        "name": place.name,
        "label": place.label,
        "left": _mm(place.x),
        "top": _mm(place.y - above),
        "width": _mm(place.width),
        "height": _mm(above + below + (place.lines - 1) * place.pitch),
        "size": f"{min(7, place.size * 0.75):g}",
        "lines": [_mm(above + number * place.pitch) for number in range(place.lines)],
    }


def _trial() -> dict[str, bool]:
    return {"test": settings.IS_TEST}


def _shifted(place: Place, offsets: Offsets) -> Place:
    aside = [offsets.get(name, (0, 0)) for name in (ALL, place.name)]
    return replace(place, x=place.x + sum(shift[0] for shift in aside), y=place.y + sum(shift[1] for shift in aside))


def _boxed(place: Place, value: str) -> Box | None:
    """The value broken into the lines it has, as small as it must be; nothing where even that does not hold it."""
    size = place.size
    while size >= place.size * SMALLEST:
        lines = _broken(value, place, size)
        if lines is not None:
            return _box(place, lines, size)
        size -= STEP
    return None


def _broken(value: str, place: Place, size: float) -> list[str] | None:
    lines: list[str] = []
    for given in value.splitlines():
        line = ""
        for word in given.split():
            longer = f"{line} {word}".strip()
            if printing.width_of(longer, size, bold=place.bold) <= place.width:
                line = longer
            elif line and printing.width_of(word, size, bold=place.bold) <= place.width:
                lines.append(line)
                line = word
            else:
                return None
        lines.append(line)
    return lines if len(lines) <= place.lines else None


def _box(place: Place, lines: Sequence[str], size: float) -> Box:
    em = size * 25.4 / 72
    above = (place.pitch - (LINE_UP + LINE_DOWN) * em) / 2 + LINE_UP * em  # from the top of a line to its baseline
    return Box(
        name=place.name,
        label=place.label,
        left=_mm(place.x),
        top=_mm(place.y - above),
        width=_mm(place.width),
        pitch=_mm(place.pitch),
        size=f"{size:g}",
        lines=tuple(lines),
        centred=place.centred,
        bold=place.bold,
    )


def _mm(length: float) -> str:
    """With a point whatever the language: it stands in a style sheet."""
    return f"{length:.2f}".rstrip("0").rstrip(".")
