"""What an expert reads of a ticket: the situation, never who asks, and nothing that tells who the person is."""

from __future__ import annotations

import re

from helpdesk.models import Asker
from helpdesk.rules import identity
from helpdesk.rules.identity import MASK

_SHORTEST = 3  # letters: what is shorter stands in other words
_PARTICLES = frozenset("van den der des del les ten ter von".split())


def for_expert(words: str, asker: Asker) -> str:
    """``words`` with a mask over the asker's name, address and number, and over what may tell who the person is."""
    for told in (asker.email, asker.phone, asker.name):
        if len(told) >= _SHORTEST:
            words = re.sub(rf"(?<!\w){re.escape(told)}(?!\w)", MASK, words, flags=re.IGNORECASE)
    for part in _parts(asker.name):
        # As a name is written: « rose » the flower stays, Rose goes.
        words = re.sub(rf"(?<!\w)(?:{re.escape(part.capitalize())}|{re.escape(part.upper())})(?!\w)", MASK, words)
    return identity.masked(words)


def names_asker(words: str, asker: Asker) -> bool:
    """Whether the asker's own name, address or number stands in ``words``."""
    return for_expert(words, asker) != identity.masked(words)


def _parts(name: str) -> list[str]:
    parts = re.findall(r"[^\W\d_]+", name)
    return [part for part in parts if len(part) >= _SHORTEST and part.lower() not in _PARTICLES]
