"""Addresses of the common pages, and bilingual texts that a template looks at before it shows them."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from core.bilingual import Text, text

register = template.Library()


@register.simple_tag
def common_page(name: str, basin: str | None, **kwargs: Any) -> str:
    """``{% common_page "agenda" site.code %}``: a page that every site has; without a basin the Region's."""
    return reverse(name, kwargs={**({"basin": basin} if basin else {}), **kwargs})


@register.simple_tag
def said(obj: Any, field: str) -> Text:
    """``{% said item "summary" as summary %}``: the text with its language; empty where there is none."""
    return text(obj, field)
