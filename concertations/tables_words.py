"""A seating explained in words: what was aimed at, what came of it, and why it could not be better."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concertations.allocating.guests import SAME_ORGANISATION, SAME_SECTOR, SAT_TOGETHER
from concertations.enums_tables import AT_TABLES, SeatingKind
from concertations.models import Seating


def results(seating: Seating) -> list[str]:
    """What came of it, one sentence each; empty before it is drawn."""
    figures: dict[str, Any] = seating.account
    if not seating.is_drawn:
        return []
    if seating.kind in AT_TABLES:
        found = _tables(figures)
    elif seating.kind == SeatingKind.ROUNDS:
        found = _rounds(figures, seating.rounds)
    else:
        found = _pairs(figures)
    if figures.get("by_hand"):
        found.append(_("Seats were changed by hand since they were drawn; the figures are those of now."))
    return found


def method(seating: Seating) -> list[str]:
    """How seats are found, for whoever asks why they sit where they sit."""
    if seating.kind in AT_TABLES:
        found = [
            _(
                "A pair at one table weighs %(organisation)d if the two are of one organisation, %(met)d more if they "
                "sat together last time, %(sector)d more if they are of one sector. Two people change seats as long "
                "as the whole gets lighter: at the end no change of two people makes it better."
            )
            % {"organisation": SAME_ORGANISATION, "met": SAT_TOGETHER, "sector": SAME_SECTOR}
        ]
        if seating.kind == SeatingKind.SWAP:
            found.append(
                _(
                    "First everybody is divided into two groups of one mixture, "
                    "then each group sits at mixed tables of its own."
                )
            )
    elif seating.kind == SeatingKind.ROUNDS:
        found = [
            _(
                "As few people as possible get a workshop they did not choose; then the last choice gives way before "
                "the first. No other division does better. Who chose first counts for nothing."
            ),
            _("The people of a workshop are spread evenly over the rounds, so that each round has room."),
        ]
    else:
        found = [
            _(
                "Two circles face each other. After each round the outer circle moves on by one place; nobody meets "
                "the same person twice. Colleagues stand in the same circle as far as it goes."
            )
        ]
    return [*found, _("The same people and the same seed give the same seats: whoever doubts can draw them again.")]


def _tables(figures: dict[str, Any]) -> list[str]:
    return [
        _alike(
            figures["organisation_pairs"],
            figures["organisation_at_least"],
            _("No two colleagues of one organisation sit together."),
            lambda number: ngettext(
                "%(number)d pair of colleagues of one organisation sits together.",
                "%(number)d pairs of colleagues of one organisation sit together.",
                number,
            ),
        ),
        _alike(
            figures["sector_pairs"],
            figures["sector_at_least"],
            _("No two people of one sector sit together."),
            lambda number: ngettext(
                "%(number)d pair of people of one sector sits together.",
                "%(number)d pairs of people of one sector sit together.",
                number,
            ),
        ),
        *_met(figures),
    ]


def _alike(number: int, at_least: int, none: str, some: Any) -> str:
    if not number:
        return none
    words = str(some(number)) % {"number": number}
    if number == at_least:
        why = _("With so many tables there cannot be fewer.")
    elif at_least:
        why = _("By this alone there could be %(number)d.") % {"number": at_least}
    else:
        return words
    return f"{words} {why}"


def _met(figures: dict[str, Any]) -> list[str]:
    if "last_time" not in figures:
        return []
    if not figures["met_pairs"]:
        return [_("Everybody sits with other people than last time.")]
    words = ngettext(
        "%(number)d pair sat together last time already.",
        "%(number)d pairs sat together last time already.",
        figures["met_pairs"],
    )
    return [words % {"number": figures["met_pairs"]}]


def _rounds(figures: dict[str, Any], rounds: int) -> list[str]:
    missed = {int(number): people for number, people in figures.get("missed", {}).items()}
    if not missed:
        return [_("Nobody said what they would like: the workshops are filled evenly.")]
    chose = sum(missed.values())
    found = [
        _("%(number)d of the %(people)d people who chose have all they chose.")
        % {"number": missed.get(0, 0), "people": chose}
    ]
    for number, people in sorted(missed.items()):
        if number:
            words = ngettext(
                "%(people)d person has %(missed)d workshop in place of one they chose.",
                "%(people)d people have %(missed)d in place of what they chose.",
                people,
            )
            found.append(words % {"people": people, "missed": min(number, rounds)})
    return found


def _pairs(figures: dict[str, Any]) -> list[str]:
    alike = figures.get("alike", 0)
    words = ngettext("%(number)d pair is of one organisation.", "%(number)d pairs are of one organisation.", alike)
    found = [words % {"number": alike} if alike else _("No colleagues of one organisation meet.")]
    if figures.get("breaks"):
        found.append(_("The number is odd: in each round one person takes a break, each time another."))
    return found
