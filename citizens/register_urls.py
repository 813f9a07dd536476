from django.urls import path, register_converter

from citizens.register import EventKind
from citizens.views import register
from procedures.views.desks import copy_book


class KindConverter:
    """A view receives a kind of event, not a string; an unknown one is no address."""

    regex = "[a-z_]+"

    def to_python(self, value: str) -> EventKind:
        return EventKind(value)

    def to_url(self, value: EventKind | str) -> str:
        return str(value)


register_converter(KindConverter, "event")

urlpatterns = [
    path("", register.room, name="register"),
    path("nhap/<event:event>", register.enter, name="register_enter"),
    path("ban-sao", copy_book.copy_book, name="copy_book"),
    path("<int:pk>", register.entry, name="register_entry"),
    path("<int:pk>/sua", register.correct, name="register_correct"),
    path("<int:pk>/ghi-chu", register.note, name="register_note"),
    path("<int:pk>/doi-chieu", register.confirm, name="register_confirm"),
    path("<int:pk>/huy", register.strike, name="register_strike"),
    path("<int:pk>/nguoi/<int:person>", register.link, name="register_link"),
]
