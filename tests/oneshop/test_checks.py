"""What stops the start, where no other test of its part says it."""

from __future__ import annotations

from typing import Any

import pytest

from oneshop import checks


@pytest.mark.parametrize("name", ["SMS_ADDRESS", "ZALO_ADDRESS", "CSC_ADDRESS", "TSA_ADDRESS"])
@pytest.mark.parametrize(
    ("address", "starts"),
    [
        ("", True),
        ("https://gateway.example.vn/send", True),
        ("http://127.0.0.1:8080/send", True),
        ("http://gateway.example.vn/send", False),
        ("http://127.0.0.1.example.vn/send", False),
        ("ftp://127.0.0.1/send", False),
    ],
)
def test_what_leaves_the_house_leaves_it_encrypted(name: str, address: str, starts: bool, settings: Any) -> None:
    setattr(settings, name, address)

    assert [fault.id for fault in checks.whom_we_call_is_called_by_tls(None)] == ([] if starts else ["oneshop.E020"])
