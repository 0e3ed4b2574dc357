"""Texts in two languages, honestly: what is missing in the reader's language is said to be missing.

A model registers its fields with django-modeltranslation (``name`` → ``name_fr``, ``name_nl``); what
is shown goes through :func:`text`, which never passes off one language as the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

LANGUAGE_CODES: tuple[str, ...] = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Text:
    """A value, the language it is in, and whether that is not the language asked for."""

    value: str
    language: str
    is_fallback: bool

    def __str__(self) -> str:
        return self.value

    def __bool__(self) -> bool:
        return bool(self.value)


def other_language(language: str) -> str:
    """The language beside ``language``: ``fr`` for ``nl`` and the other way round."""
    return "nl" if language == "fr" else "fr"


def current_language() -> str:
    """The reader's language, ``fr`` where none is active."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return language if language in LANGUAGE_CODES else settings.LANGUAGE_CODE


def text(obj: Any, field: str, language: str | None = None) -> Text:
    """The text of ``obj.field`` in ``language`` (default: the reader's), else in the other one, marked.

    Both empty gives an empty Text in the language asked for.
    """
    wanted = language or current_language()
    value = getattr(obj, f"{field}_{wanted}") or ""
    if value:
        return Text(value, wanted, is_fallback=False)
    other = other_language(wanted)
    value = getattr(obj, f"{field}_{other}") or ""
    if value:
        return Text(value, other, is_fallback=True)
    return Text("", wanted, is_fallback=False)


def both(obj: Any, field: str) -> dict[str, str]:
    """Both texts by language code, ``""`` where missing: what the API gives."""
    return {code: getattr(obj, f"{field}_{code}") or "" for code in LANGUAGE_CODES}
