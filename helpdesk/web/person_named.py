"""What may tell who the person is, shown before anything is sent: take it out, or say that it does not.

Yes is said to what was shown: a number that was typed since is asked about again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, TypeVar

from django.http import QueryDict

from helpdesk.errors import PersonNamed
from helpdesk.rules import identity

T = TypeVar("T")

CONFIRM, TAKE_OUT = "confirm", "take_out"  # the two buttons


def digest_of(error: PersonNamed) -> str:
    """Names what was shown, without repeating it."""
    return sha256("\n".join(sorted(finding.value for finding in error.findings)).encode()).hexdigest()[:24]


def asked_first(sent: QueryDict, act: Callable[[bool], T]) -> T:
    """Call ``act(False)``, and again with True where what it found was shown before and confirmed.

    Raises ``PersonNamed`` for what nobody was asked about, and what ``act`` raises.
    """
    try:
        return act(False)
    except PersonNamed as error:
        if sent.get(CONFIRM) != digest_of(error):
            raise
    return act(True)


def without_person(sent: QueryDict, *names: str, known: set[str]) -> QueryDict:
    """What was sent, with a mask where something may tell who the person is."""
    masked = sent.copy()
    for name in names:
        if name in masked:
            masked[name] = identity.masked(str(masked[name]), known=known)
    return masked


def question_of(error: PersonNamed | None) -> Mapping[str, Any]:
    """For ``helpdesk/_person.html``: what was found, kind by kind, and what a yes is given to."""
    if error is None:
        return {}
    return {"found": [(finding.kind.label, finding.found) for finding in error.findings], "digest": digest_of(error)}
