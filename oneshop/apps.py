from typing import Any

from django.apps import AppConfig
from django.core import validators

PLAIN: dict[Any, str] = {
    validators.MinValueValidator: "Ít nhất %(limit_value)s.",
    validators.MaxValueValidator: "Nhiều nhất %(limit_value)s.",
    validators.MaxLengthValidator: "Dài quá: nhiều nhất %(limit_value)d ký tự, đang có %(show_value)d.",
    validators.ProhibitNullCharactersValidator: "Có ký tự ẩn (dán từ nơi khác): xóa rồi gõ lại.",
}
"""What every form says of these, in words of the counter instead of Django's translation."""


class House(AppConfig):
    name = "oneshop"

    def ready(self) -> None:
        from oneshop import checks  # noqa: F401  (registers itself; needs the apps to be loaded)

        for validator, words in PLAIN.items():
            validator.message = words
