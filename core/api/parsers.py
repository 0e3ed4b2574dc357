"""JSON as the API takes it: plain text that the database can store and every reader can show."""

from __future__ import annotations

from collections.abc import Iterator
from json import JSONDecodeError
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import JSONParser


class PlainJSONParser(JSONParser):
    """Refuses NUL characters and halves of surrogate pairs, wherever they stand in the body."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        try:
            data: dict[str, Any] = super().parse(stream, media_type, parser_context)
            refused = next(_not_plain(data, ()), None)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except ParseError as error:
            raise ParseError(_what_is_wrong(error.__context__)) from error
        if refused is not None:
            field = ".".join(name.replace("\x00", "").encode("utf-8", "replace").decode() for name in refused)
            raise ValidationError(
                {field: [ErrorDetail(_("This text holds characters that cannot be stored."), "characters")]}
            )
        return data


def _what_is_wrong(cause: BaseException | None) -> str:
    """Why a body is no JSON, as a sentence: Python's own is English and names its functions."""
    match cause:
        case JSONDecodeError():
            words = _("This is not JSON: look at line %(line)s, character %(column)s.")
            return words % {"line": cause.lineno, "column": cause.colno}
        case UnicodeDecodeError():
            return _("The body is not text in the encoding that it names (UTF-8 if it names none).")
    return _("JSON knows no NaN and no Infinity: send a number or null.")


def _not_plain(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, str):
        if not is_plain(value):
            yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not is_plain(name):
                yield (*path, name)
            yield from _not_plain(inner, (*path, name))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _not_plain(inner, (*path, str(position)))


def is_plain(text: str) -> bool:
    """Whether PostgreSQL can store ``text`` and UTF-8 can carry it."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
