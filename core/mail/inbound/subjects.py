"""Subjects without what mail programs put in front of them."""

from __future__ import annotations

import re

# Replies and forwards of the programs in use here: English, French, Dutch, and neighbours' German and Italian.
_PREFIX = re.compile(
    r"""\s*
    (?:\[(?:EXT|EXTERN|EXTERNE|EXTERNAL|SPAM)\]\s*:?
      | (?:RE|R[ÉE]P|R[ÉE]F|FWD?|FYI|TR|BETR|BETREFT|ANTW|ANTWOORD|DOORST|DOORGEST|DOORGESTUURD|TRANSF|VS|VB|AW|WG)
        \s*\.?\s*
        (?:\[\s*\d{1,3}\s*\]|\(\s*\d{1,3}\s*\)|\^\d{1,3}|\*\d{1,3})?
        \s*[:：]
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_FORWARD = re.compile(r"\s*(?:FWD?|TR|DOORST|DOORGEST|DOORGESTUURD|TRANSF|WG|VB)\b", re.IGNORECASE)


def bare(subject: str) -> str:
    """``"RE: Betr.: TR : Re[2]: lit"`` → ``"lit"``. A subject that is nothing but prefixes becomes ``""``."""
    position = 0
    while found := _PREFIX.match(subject, position):
        position = found.end()
    return subject[position:].strip()


def is_forward(subject: str) -> bool:
    """Whether somebody passes on what another person wrote."""
    return bare(subject) != subject.strip() and _FORWARD.match(subject) is not None
