"""``{% say visit.host "description" %}``: a bilingual field, marked with its language where it is not the reader's."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.bilingual import text

register = template.Library()


@register.simple_tag
def say(obj: Any, field: str) -> str | SafeString:
    """The field's text, escaped; inside ``<span lang=…>`` when only the other language has it."""
    found = text(obj, field)
    if found.is_fallback:
        return format_html('<span lang="{}">{}</span>', found.language, found.value)
    return found.value


@register.simple_tag
def said_in(obj: Any, field: str) -> str:
    """The language the field would be said in: for a ``lang`` attribute of one's own."""
    return text(obj, field).language


@register.simple_tag
def plain(obj: Any, field: str) -> str:
    """The field's text alone, for mails in plain text, where no markup can name its language."""
    return text(obj, field).value


@register.simple_tag
def only_in(obj: Any, field: str) -> str | SafeString:
    """Says that the field's text exists in the other language alone; nothing where it has the reader's."""
    found = text(obj, field)
    if not found.is_fallback:
        return ""
    words = gettext("in French only") if found.language == "fr" else gettext("in Dutch only")
    return format_html(' <span class="tag">{}</span>', words)
