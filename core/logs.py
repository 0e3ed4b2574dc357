"""The form of our log lines: without mail addresses, whoever wrote them."""

from __future__ import annotations

import logging
import re

_ADDRESS = re.compile(r"[\w.+'%=/-]+@[\w-]+(?:\.[\w-]+)+")


class DiscreetFormatter(logging.Formatter):
    """Takes mail addresses out of the finished line, traces included.

    Our own records name nobody. This is for what we do not write: a library's message, or the last
    line of a trace, where a database or a mail server quotes what it was given.
    """

    def format(self, record: logging.LogRecord) -> str:
        return _ADDRESS.sub("…@…", super().format(record))
