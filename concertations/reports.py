"""The agenda and the list of dates on paper. Tagged, fonts inside, both languages at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from basins.models import Basin
from concertations.agenda import timed
from concertations.calendar import title_of
from concertations.enums import DocumentAudience
from concertations.models import Meeting
from concertations.rules.window import link_is_public
from concertations.save_the_date import sides
from core.bilingual import LANGUAGE_CODES, both
from core.pdf import render_pdf


def render_agenda(meeting: Meeting, *, language: str) -> bytes:
    """The agenda as it is now, French and Dutch beside each other; ``language`` is that of the title.

    Papers are named where everybody may open them.
    """
    with override(language):
        title = _("Agenda: %(name)s") % {"name": title_of(meeting)}
    agenda = timed(meeting, audiences=frozenset({DocumentAudience.PUBLIC}))
    context = {
        **_common(title, meeting.series.basin),
        "meeting": meeting,
        "series": meeting.series,
        "names": _in_each(lambda: str(title_of(meeting))),
        "places": _in_each(lambda: meeting.address),
        "agenda": agenda,
        "online_url": meeting.online_url if link_is_public(meeting) else "",
        "rows": [(row, both(row.item, "title"), both(row.item, "description")) for row in agenda.rows],
    }
    return render_pdf("concertations/print/agenda.html", context, language=language)


def render_save_the_date(meetings: Iterable[Meeting], basin: Basin | None, *, language: str) -> bytes:
    """One sheet as wide as a slide (16:9), French on the left, Dutch on the right; smaller where there is much."""
    with override(language):
        title = _("Save the date")
    context = {**_common(title, basin), "sides": sides(meetings)}
    return render_pdf(
        "concertations/print/save_the_date.html", context, language=language, densities=("", "dense", "packed")
    )


def _common(title: str, basin: Basin | None) -> dict[str, Any]:
    return {
        "title": title,
        "basin": basin,
        "basin_names": both(basin, "name") if basin else {},
        "languages": LANGUAGE_CODES,
    }


def _in_each(say: Any) -> dict[str, str]:
    found = {}
    for code in LANGUAGE_CODES:
        with override(code):
            found[code] = say()
    return found
