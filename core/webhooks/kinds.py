"""Which kinds of events there are, and which scope lets a key hear of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise

TEST = "webhook.test"  # asked for by the owner, to any endpoint
_NAME = re.compile(r"[a-z][a-z_]*(?:\.[a-z][a-z_]*)+")


@dataclass(frozen=True, slots=True)
class EventKind:
    """``scope``: what the owner's key must carry. ``says``: the sentence that tells when it is sent."""

    name: str
    scope: str
    says: Promise | str


_kinds: dict[str, EventKind] = {}


def event(name: str, *, scope: str, says: Promise | str) -> str:
    """Register a kind of event, parted by full stops, in ``<app>/hooks.py``. Returns its name."""
    if not _NAME.fullmatch(name) or name == TEST:
        raise ValueError(f"{name!r} is no name for a kind of event.")
    _kinds[name] = EventKind(name, scope, says)
    return name


def kind_of(name: str) -> EventKind:
    """``LookupError`` where nobody registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"No kind of event is registered under {name!r}.") from None


def all_types() -> list[EventKind]:
    """Every kind there is, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def types_for(scopes: Collection[str]) -> list[str]:
    """The names that a key with these scopes may hear of."""
    return [kind.name for kind in all_types() if kind.scope in scopes]
