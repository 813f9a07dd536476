"""Passwords that anyone who knows the office would try first (S-09)."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from citizens.names import search_key
from oneshop.models import CommuneName, Officer

HOUSE_WORDS = ("motcua", "hanhchinhcong", "dichvucong", "uyban", "ubnd", "quocoai", "hanoi", "matkhau", "congchuc")


class NothingOfTheHouse:
    """Refuses a password that is nothing but names of the person, the commune or the office, and digits."""

    def validate(self, password: str, user: Any = None) -> None:
        left = _bare(password)
        known = list(HOUSE_WORDS) + [_bare(name) for name in CommuneName.objects.values_list("name", flat=True)]
        if isinstance(user, Officer):
            known += [_bare(user.username), _bare(user.full_name)]
            known += [_bare(word) for word in user.full_name.split() if len(word) > 2]
        for word in sorted(filter(None, known), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < 6:
            raise ValidationError("Mật khẩu dễ đoán: đừng chỉ ghép tên người, tên xã, tên cơ quan và chữ số.")

    def get_help_text(self) -> str:
        return "Đừng dùng tên người, tên xã hay tên cơ quan."


def _bare(text: str) -> str:
    """Letters alone, without marks: `Trần Văn Mới 2026` → `tranvanmoi`."""
    return re.sub(r"[^a-z]", "", search_key(text))
