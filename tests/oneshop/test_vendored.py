"""What others made is served exactly as it was taken, and nothing foreign stands beside it (S-44)."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
SHELVES = [STATIC / "vendor", STATIC / "fonts"]
OURS = {"vendor.toml", "fonts.conf"}
FILES: list[tuple[Path, dict[str, Any]]] = [
    (shelf, entry)
    for shelf in SHELVES
    for entry in tomllib.loads((shelf / "vendor.toml").read_text(encoding="utf-8"))["file"]
]


@pytest.mark.parametrize(("shelf", "entry"), FILES, ids=lambda value: value["path"] if isinstance(value, dict) else "")
def test_a_vendored_file_is_the_one_in_the_ledger(shelf: Path, entry: dict[str, Any]) -> None:
    found = hashlib.sha256((shelf / entry["path"]).read_bytes()).hexdigest()

    assert found == entry["sha256"]


@pytest.mark.parametrize(("shelf", "entry"), FILES, ids=lambda value: value["path"] if isinstance(value, dict) else "")
def test_a_vendored_file_says_what_it_is_and_under_which_licence(shelf: Path, entry: dict[str, Any]) -> None:
    assert all(entry[key] for key in ("name", "version", "licence"))
    assert (shelf / entry["licence_text"]).stat().st_size > 0


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.name)
def test_no_foreign_file_is_missing_from_the_ledger(shelf: Path) -> None:
    entries = [entry for where, entry in FILES if where == shelf]
    known = OURS | {entry["path"] for entry in entries} | {entry["licence_text"] for entry in entries}

    found = {path.relative_to(shelf).as_posix() for path in shelf.rglob("*") if path.is_file()}

    assert found <= known
    assert known - found <= OURS
