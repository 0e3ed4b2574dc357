"""Addresses of the common pages, bilingual texts that a template looks at before it shows them, and hues."""

from __future__ import annotations

from typing import Any

from django import template

from basins.addresses import page_url
from core.bilingual import Text, text
from core.templatetags.look import INK

register = template.Library()

HUES = {
    # code: (on white paper, on dark paper); the same values as in tokens.css, for mails and PDF,
    # which know no custom properties.
    "nord": ("#1d3f94", "#98bffe"),
    "nord-est": ("#8a5608", "#d6bd5c"),
    "centre-ouest": ("#8246cf", "#a87eeb"),
    "sud": ("#6b1d3c", "#e3839a"),
    "sud-est": ("#0d7377", "#76f1d3"),
}


# ``{% common_page "agenda" site.code %}``: a page that every site has; without a basin the Region's.
register.simple_tag(page_url, name="common_page")


@register.simple_tag
def said(obj: Any, field: str) -> Text:
    """``{% said item "summary" as summary %}``: the text with its language; empty where there is none."""
    return text(obj, field)


@register.filter
def hue(code: str | None, paper: str = "light") -> str:
    """The hue of a basin where custom properties do not reach, ink without one: ``{{ basin.code|hue:"dark" }}``."""
    return HUES.get(str(code or ""), INK)[1 if paper == "dark" else 0]
