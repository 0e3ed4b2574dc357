"""Needs that are heard at a meeting, on their way into the basin's list: from the minutes, and from the wall.

A need of the same title gets a further mention, and a person may say that two mean the same (``need``). A meeting
of the Region raises needs of the Region.
"""

from __future__ import annotations

from django.db import transaction

from basins.models import Need, User
from basins.rules.needs import raise_need
from concertations.models import Meeting
from core.bilingual import text

SOURCE = "concertations"


@transaction.atomic
def gather_need(
    *,
    meeting: Meeting,
    source_key: str,
    title: str,
    language: str,
    words: str,
    by: User | None,
    said_by: str = "",
    said_by_email: str = "",
    about: str = "",
    weight: int = 1,
    need: Need | None = None,
) -> Need:
    """Put what was said at a meeting into the list of needs of its basin; returns the need, new or known.

    ``source_key`` names the occasion (``"need:<uuid>"`` of the minutes, ``"note:<uuid>"`` of the wall): asked again
    for the same one this changes nothing. ``said_by`` is a function or a service, ``about`` who lacks it, ``weight``
    how many people said it. The day is that of the meeting. Takes the basin's lock of needs. Raises what
    ``basins.rules.needs.raise_need`` raises.
    """
    return raise_need(
        source=SOURCE,
        source_key=source_key,
        source_label=occasion_label(meeting, language, said_by),
        basin=meeting.series.basin,
        title=title,
        language=language,
        words=words,
        heard_on=meeting.day,
        by=by,
        raised_by_email=said_by_email,
        audience=about,
        weight=weight,
        need=need,
    )


def occasion_label(meeting: Meeting, language: str, said_by: str = "") -> str:
    """The meeting in words, and who said it: ``"CT Santé mentale 3 · CPAS d’Etterbeek"``."""
    name = f"{text(meeting.series, 'name', language)} {meeting.number or meeting.day.isoformat()}"
    return " · ".join(filter(None, [name, said_by]))[:200]
