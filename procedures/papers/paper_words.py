"""What two papers say differently, in words: their lines side by side, with the pieces that are not alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

BLOCK_ENDS = re.compile(r"</(?:p|h[1-6]|li|td|th|tr|dd|dt|caption)>|<br\s*/?>", re.IGNORECASE)
NOT_READ = re.compile(r"<head\b.*?</head>|<svg\b.*?</svg>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Piece:
    """A stretch of a line; `differs` where the other paper says something else, or nothing."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Difference:
    """What the old paper says at one place, and the new one; empty where that one says nothing there."""

    old: Sequence[Piece]
    new: Sequence[Piece]


def lines_of(html: str) -> list[str]:
    """What is read on a paper, line by line of its layout."""
    body = NOT_READ.sub("", html)
    lines = (" ".join(unescape(TAGS.sub("", part)).split()) for part in BLOCK_ENDS.split(body))
    return [line for line in lines if line]


def differences(old_html: str, new_html: str) -> list[Difference]:
    """Where the two papers part, in the order of the paper."""
    old, new = lines_of(old_html), lines_of(new_html)
    found = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = old[old_from:old_to], new[new_from:new_to]
        for place in range(max(len(gone), len(come))):
            found.append(
                _difference(gone[place] if place < len(gone) else "", come[place] if place < len(come) else "")
            )
    return found


def _difference(old: str, new: str) -> Difference:
    old_words, new_words = old.split(), new.split()
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old_words, new_words, autojunk=False
    ).get_opcodes():
        differs = tag != "equal"
        if old_from < old_to:
            left.append(Piece(" ".join(old_words[old_from:old_to]), differs))
        if new_from < new_to:
            right.append(Piece(" ".join(new_words[new_from:new_to]), differs))
    return Difference(tuple(left), tuple(right))
