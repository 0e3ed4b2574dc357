"""The form of our log lines: without mail addresses and signed links, whoever wrote them."""

from __future__ import annotations

import logging
import re

_ADDRESS = re.compile(r"[\w.+'%=/-]+@[\w-]+(?:\.[\w-]+)+")


# A token of core.signing: its kind, what it carries, when and by whom it was signed.
_TOKEN = re.compile(r"\b[us][\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}")


class DiscreetFormatter(logging.Formatter):
    """Takes mail addresses and signed tokens out of the finished line, traces included.

    Our own records name nobody. This is for what we do not write: a library's message, or the last
    line of a trace, where a database or a mail server quotes what it was given.
    """

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("…", _ADDRESS.sub("…@…", super().format(record)))
