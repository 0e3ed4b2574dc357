"""Errors that rules raise and that web and API word for the reader."""

from __future__ import annotations

from typing import Any


class RuleError(Exception):
    """Something that may not be done, with the reason in words.

    ``code`` is stable and machine-readable (it ends the ``type`` of the API's problem details),
    ``message`` a lazily translated sentence for the reader, ``field`` the input it concerns or ``""``,
    ``status`` the HTTP status the API gives, ``extra`` further members of the problem details.
    """

    code = "rule"
    status = 409
    title: Any = ""

    def __init__(self, message: Any, *, field: str = "", **extra: Any) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
        self.extra = extra
