"""The headers of a mail: asked for by name, whatever their case, and only so many of them."""

from __future__ import annotations

import re
from email.message import Message

_ID = re.compile(r"<[^<>\s]{1,900}>")
_LONGEST = 20_000
_MOST = 1000


class Headers:
    """Raw values by name; what Python calls a surrogate is a byte nobody encoded."""

    def __init__(self, message: Message) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in list(message.raw_items())[:_MOST]:
            self._values.setdefault(name.lower(), []).append(str(value)[:_LONGEST])

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._values

    def first(self, name: str) -> str:
        return self._values.get(name.lower(), [""])[0]

    def all(self, *names: str) -> list[str]:
        return [value for name in names for value in self._values.get(name.lower(), [])]

    def count(self, name: str) -> int:
        return len(self._values.get(name.lower(), []))


def ids_in(value: str) -> list[str]:
    """Message-IDs in a header: ``<…@…>`` each, in their order; a bare one without brackets counts too."""
    found = _ID.findall(value.encode("ascii", "replace").decode())
    if not found and "@" in value and len(value.split()) == 1:
        found = [f"<{value.strip().strip('<>')}>"]
    return list(dict.fromkeys(found))
