"""What others made is served exactly as it was taken, and nothing foreign stands beside it (S-44)."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
LEDGER = VENDOR / "vendor.toml"
FILES: list[dict[str, Any]] = tomllib.loads(LEDGER.read_text(encoding="utf-8"))["file"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["path"])
def test_a_vendored_file_is_the_one_in_the_ledger(entry: dict[str, Any]) -> None:
    found = hashlib.sha256((VENDOR / entry["path"]).read_bytes()).hexdigest()

    assert found == entry["sha256"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["path"])
def test_a_vendored_file_says_what_it_is_and_under_which_licence(entry: dict[str, Any]) -> None:
    assert all(entry[key] for key in ("name", "version", "licence"))
    assert (VENDOR / entry["licence_text"]).stat().st_size > 0


def test_no_foreign_file_is_missing_from_the_ledger() -> None:
    known = {LEDGER.name} | {entry["path"] for entry in FILES} | {entry["licence_text"] for entry in FILES}

    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}

    assert found == known
