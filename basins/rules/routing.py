"""From a postcode to the basins it may lie in, with the reason: a postcode alone does not decide.

A postcode does not give the municipality, nor a municipality the basin; the legal unit is the
neighbourhood. So the answer is a list of candidates that a person can correct, and where nobody
told us the basin we say that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import Basin, Municipality, PostcodeArea
from core.bilingual import Text, text
from core.errors import RuleError

_FOUR_DIGITS = re.compile(r"[0-9]{4}")


class UnknownPostcode(RuleError):
    """The postcode is none, is not one of the Region's, or is one that we have no data on."""

    code = "unknown-postcode"
    status = 404
    title = gettext_lazy("Unknown postcode")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of a postcode. ``basin`` None: nobody told us which basin serves it."""

    basin: Basin | None
    municipality: Municipality
    is_main: bool
    reason: str  # in the reader's language
    note: Text


def candidates(postcode: str) -> list[Candidate]:
    """The parts of ``postcode``, the main one first.

    Raises :class:`UnknownPostcode` with a sentence that says what to write instead.
    """
    postcode = postcode.strip()
    if not _FOUR_DIGITS.fullmatch(postcode):
        raise UnknownPostcode(gettext_lazy("Write a postcode of four digits, for example 1050."), field="postcode")
    if not "1000" <= postcode <= "1299":
        raise UnknownPostcode(
            gettext_lazy("This postcode is not in the Brussels Region, which has 1000 to 1299. No basin serves it."),
            field="postcode",
        )
    areas = list(
        PostcodeArea.objects.filter(postcode=postcode)
        .select_related("basin", "municipality")
        .order_by("-is_main", "basin__position", "pk")
    )
    if not areas:
        raise UnknownPostcode(
            gettext_lazy("We do not know this postcode. Use the one of the street where the person lives."),
            field="postcode",
        )
    return [
        Candidate(
            basin=area.basin,
            municipality=area.municipality,
            is_main=area.is_main,
            reason=_reason(area, is_alone=len(areas) == 1),
            note=text(area, "note"),
        )
        for area in areas
    ]


def _reason(area: PostcodeArea, *, is_alone: bool) -> str:
    words = {"postcode": area.postcode, "municipality": text(area.municipality, "name").value}
    if area.basin is None:
        sentence = _(
            "A part of %(postcode)s lies in the municipality of %(municipality)s. "
            "Which basin serves that part is not known to us: ask the helpdesk."
        )
        return sentence % words
    words["basin"] = text(area.basin, "name").value
    if is_alone:
        sentence = _("%(postcode)s, in the municipality of %(municipality)s, is served by the %(basin)s basin.")
    elif area.is_main:
        sentence = _("Most of %(postcode)s, in the municipality of %(municipality)s, is served by the %(basin)s basin.")
    else:
        sentence = _(
            "The %(basin)s basin serves a part of the municipality of %(municipality)s that may touch %(postcode)s: "
            "check with the helpdesk."
        )
    return sentence % words
