"""What every template of the site loads: icons, levels, dates, hours, phones, languages.

``{% icon %}`` and ``{{ languages|badges }}`` stand hundreds of times in one page: the first becomes
plain text when the template is compiled, the second is looked up in a cache.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop

from core import spoken
from core.bilingual import current_language
from core.widgets import escaped

register = template.Library()

# Ink on white and on dark paper, for what knows no custom properties.
INK = ("#14212b", "#e8eef1")

LANGUAGE_WORDS = {
    "fr": gettext_noop("in French"),
    "nl": gettext_noop("in Dutch"),
    "en": gettext_noop("in English"),
    "de": gettext_noop("in German"),
    "lsfb": gettext_noop("in French Belgian sign language"),
    "vgt": gettext_noop("in Flemish sign language"),
}


# --- Icons ---------------------------------------------------------------------------------------
@cache
def icon_markup(name: str, extra: str = "") -> SafeString:
    """The ``<svg>`` that points to ``#i-<name>`` in the sprite; decorative, the words stand beside it."""
    classes = f"ic {extra}".strip()
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        classes,
        static("core/icons.svg"),
        name,
    )


class IconNode(Node):
    """An icon whose name is only known when the page is rendered."""

    def __init__(self, arguments: list[FilterExpression]) -> None:
        self.arguments = arguments

    def render(self, context: template.Context) -> SafeString:
        values = [str(argument.resolve(context) or "") for argument in self.arguments]
        return icon_markup(*values) if values[0] else mark_safe("")


@register.tag("icon")
def icon_tag(parser: Parser, token: Token) -> Node:
    """``{% icon "check" %}``, ``{% icon mission.icon "pic" %}``: name, and a further class if need be."""
    arguments = token.split_contents()[1:]
    if len(arguments) not in {1, 2}:
        raise template.TemplateSyntaxError("icon takes a name and, if need be, one class")
    if all(argument[0] == argument[-1] == '"' for argument in arguments):
        return TextNode(icon_markup(*(argument.strip('"') for argument in arguments)))
    return IconNode([parser.compile_filter(argument) for argument in arguments])


@cache
def _drawings() -> Mapping[str, str]:
    """The inside of every symbol of the sprite by name."""
    found = re.findall(r'<symbol id="i-([\w-]+)"[^>]*>(.*?)</symbol>', _static_text("core/icons.svg"), re.DOTALL)
    return dict(found)


@register.simple_tag
@cache
def drawn_icon(name: str, alt: str, extra: str = "") -> SafeString:
    """The same icon drawn in place, for paper: ``{% drawn_icon "wheel" wheel_words %}``.

    The PDF engine follows no link into another file and applies no style sheet to a drawing. Its title is
    the text alternative, which PDF/UA asks of every picture.
    """
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="#14212b" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><title>{}</title>{}</svg>',
        f"ic {extra}".strip(),
        alt,
        mark_safe(_drawings()[name].replace("currentColor", INK[0])),  # our own file  # noqa: S308
    )


@cache
def _static_text(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return Path(found).read_text(encoding="utf-8")


@register.simple_tag
def static_text(path: str) -> SafeString:
    """A style sheet of ours written into the page: for PDF and mail, never for the site (CSP)."""
    return mark_safe(_static_text(path))  # our own file  # noqa: S308


# --- Quantities ----------------------------------------------------------------------------------
@register.filter
def level(value: float | None, total: float) -> str:
    """Class ``v0`` to ``v10``: how full a vessel is drawn. Empty and full are drawn only when true."""
    if not value or value <= 0 or not total or total <= 0:
        return "v0"
    if value >= total:
        return "v10"
    return f"v{min(9, max(1, round(10 * value / total)))}"


# --- Languages -----------------------------------------------------------------------------------
@lru_cache(maxsize=512)
def _badges(codes: tuple[str, ...], _reader: str) -> SafeString:
    return format_html_join(
        " ",
        '<abbr class="lg" title="{}">{}</abbr>',
        ((gettext(LANGUAGE_WORDS[code]) if code in LANGUAGE_WORDS else code, code.upper()) for code in codes),
    )


@register.filter
def badges(codes: Iterable[str] | str) -> SafeString:
    """Language badges, main language first: ``{{ visit.languages|badges }}`` or ``{{ "nl"|badges }}``."""
    known = (codes,) if isinstance(codes, str) else tuple(codes)
    return _badges(tuple(code.lower() for code in known), current_language())


# --- Days and hours ------------------------------------------------------------------------------
def _said(function: Any) -> Any:
    """A filter out of a function of ``core.spoken``: says nothing where there is no date."""

    def said(value: Any, language: str | None = None) -> str:
        return str(function(value, language)) if value else ""

    said.__doc__ = function.__doc__
    return said


for _name in (
    *("day_number", "day_month", "plain_date", "long_date", "weekday_date", "short_date", "moment"),
    *("weekday", "weekday_short", "month", "month_short"),
):
    register.filter(_name, _said(getattr(spoken, _name)))


@register.filter
def hour(value: dt.time | dt.datetime | None, language: str | None = None) -> str:
    """``9 h 15`` / ``9.15 uur``. Midnight is an hour, so only None is nothing."""
    return "" if value is None else spoken.hour(value, language)


@register.filter
def duration(value: dt.timedelta | None, language: str | None = None) -> str:
    """``{{ visit.length|duration }}`` → ``1 h 30`` / ``1 uur 30 minuten``."""
    return "" if value is None else spoken.duration(value, language)


@register.simple_tag
def hours(start: dt.time | dt.datetime, end: dt.time | dt.datetime, language: str | None = None) -> str:
    """``{% hours visit.starts_at visit.ends_at %}`` → ``9 h 15 – 12 h 15`` / ``9.15 – 12.15 uur``."""
    return spoken.hours(start, end, language)


@register.simple_tag
def days(first: dt.date, last: dt.date, language: str | None = None) -> str:
    """``{% days edition.first edition.last %}`` → ``lundi 2 – vendredi 6 décembre 2024``."""
    return spoken.span_of_days(first, last, language)


@register.simple_tag
def date_block(day: dt.date | dt.datetime, language: str | None = None) -> SafeString:
    """The block of day and month at the head of a row."""
    local = day.astimezone(spoken.BRUSSELS) if isinstance(day, dt.datetime) and day.tzinfo else day
    return format_html(
        '<time class="date" datetime="{}"><b>{}</b>{}</time>',
        f"{local:%Y-%m-%d}",
        local.day,
        spoken.month_short(local, language),
    )


# --- Phones --------------------------------------------------------------------------------------
@register.filter
def phone(number: str) -> str:
    """``02 318 60 58`` with spaces that do not break."""
    return spoken.phone(number) if number else ""


@register.filter
def phone_link(number: str) -> str:
    """``tel:+3223186058``: the address of a ``href``."""
    return spoken.phone_link(number) if number else ""


@register.simple_tag
def call(number: str) -> SafeString:
    """The number as a link that dials it."""
    return format_html('<a class="nowrap" href="{}">{}</a>', spoken.phone_link(number), spoken.phone(number))


# --- Forms ---------------------------------------------------------------------------------------
@register.simple_tag
def count_problems(form: BaseForm | None, problems: Iterable[Any] | None = None) -> int:
    """How many sentences the error summary will list."""
    in_form = sum(len(errors) for errors in form.errors.values()) if form and form.is_bound else 0
    return in_form + len(list(problems or ()))


@register.simple_tag
def field_row(field: BoundField) -> SafeString:
    """A field with label, hint and error before the input. Optional is written, required is not,
    nor what is asked in one of two languages (``needs_one_of``), nor each field of a form that says it once
    (``all_optional``).
    """
    if field.is_hidden:
        return SafeString(field)
    label, target = escaped(field.label), escaped(field.id_for_label)
    hint = f'<p class="hint" id="{field.auto_id}_helptext">{escaped(field.help_text)}</p>' if field.help_text else ""
    if field.widget_type == "checkbox":
        inside = f'{_field_errors(field)}<label class="opt" for="{target}">{field} <span>{label}</span></label>{hint}'
    else:
        asked = field.field.required or getattr(field.field, "needs_one_of", False)
        aside = (
            ""
            if asked or getattr(field.form, "all_optional", False)
            else f' <span class="hint">({gettext("optional")})</span>'
        )
        inside = f'<label for="{target}">{label}{aside}</label>{hint}{_field_errors(field)}{field}'
    return mark_safe(f'<div class="field">{inside}</div>')  # each piece is escaped  # noqa: S308


@register.simple_tag
def field_rows(form: BaseForm | None) -> SafeString:
    """All fields of a form that has no groups of choices, one row under the other."""
    return mark_safe("".join(field_row(field) for field in form or ()))  # noqa: S308


def _field_errors(field: BoundField) -> str:
    """The sentences that say what to write instead."""
    if not field.errors:
        return ""
    warn = icon_markup("warn")
    sentences = "".join(f'<p class="err">{warn}<span>{escaped(error)}</span></p>' for error in field.errors)
    return f'<div id="{field.auto_id}_error">{sentences}</div>'


# --- Lists ---------------------------------------------------------------------------------------
@register.filter
def words(text: str) -> list[str]:
    """The words of a text as a list."""
    return text.split()


@register.filter
def item(values: Sequence[Any] | Mapping[str, Any], place: Any) -> Any:
    """The value at a place: ``{{ headings|item:forloop.counter0 }}``, ``{{ addresses|item:"fr" }}``."""
    return values[place]


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """First, last and the neighbours of this page; None where numbers are left out."""
    return [
        number if isinstance(number, int) else None
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
