"""``<basin:basin>`` in an address: the slug in the language of the page, the basin's code in Python."""

from __future__ import annotations

from django.urls import register_converter

from basins.enums import DUTCH_SLUGS, BasinCode
from core.bilingual import current_language

_CODES = {language: {code.slug(language): code for code in BasinCode} for language in ("fr", "nl")}


class BasinConverter:
    """Matches the slugs of the active language alone: ``/nl/sud-est/`` is led on (`basins.web.slugs`)."""

    regex = "|".join(sorted({*BasinCode.values, *DUTCH_SLUGS.values()}, key=len, reverse=True))

    def to_python(self, value: str) -> BasinCode:
        try:
            return _CODES[current_language()][value]
        except KeyError as error:
            raise ValueError(value) from error

    def to_url(self, value: BasinCode | str) -> str:
        return BasinCode(value).slug(current_language())


def register() -> None:
    """Make the converter known; called by the url modules that use it."""
    register_converter(BasinConverter, "basin")
