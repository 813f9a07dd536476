"""`{% form_key %}`: the hidden key by which a form is answered once."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oneshop.keys import new_form_key

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    return format_html('<input type="hidden" name="form_key" value="{}">', new_form_key())
