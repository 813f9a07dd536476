"""`{{ day|weekday }}`: `Thứ Ba`, as lists and papers say it; Django's own says `Thứ 3`."""

from datetime import date

from django import template

from oneshop.models import OpeningHours

register = template.Library()


@register.filter
def weekday(day: date) -> str:
    return str(OpeningHours.Weekday(day.weekday()).label)
