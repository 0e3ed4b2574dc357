"""On paper: the sign-in sheet of a meeting with the code for its door, and the certificate of a participant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from concertations import queries_registrations as queries
from concertations.door_code import code_image
from concertations.models import Meeting, Membership, Participant, Registration, Series
from concertations.rules.presence import expected
from core.bilingual import LANGUAGE_CODES, both, text
from core.mail import absolute_url
from core.pdf import render_pdf, render_pdfs


def render_sheet(meeting: Meeting, *, language: str) -> bytes:
    """Who is expected, with a place to sign, both languages; the poster for the door is the last page."""
    with override(language):
        title = _("Sign-in sheet")
    context = _of_meeting(meeting, title) | {"rows": list(expected(meeting.registrations.all()))}
    parts: list[tuple[str, Mapping[str, Any]]] = [
        ("concertations/print/sheet.html", context),
        ("concertations/print/poster.html", context | {"codes": _codes(meeting)}),
    ]
    return render_pdfs(parts, language=language)


def render_certificate(
    participant: Participant, rows: Sequence[Registration], memberships: Sequence[Membership], *, language: str
) -> bytes:
    """That the person came to the meetings of ``rows``, hour by hour, in ``language``."""
    with override(language):
        title = _("Certificate of attendance")
    context = {
        **_common(participant.series, title),
        "participant": participant,
        "rows": [(row, length_of(row.meeting)) for row in rows],
        "length": queries.time_of(rows),
        "memberships": [row for row in memberships if row.committed_at],
        "today": timezone.localdate(),
    }
    return render_pdf("concertations/print/certificate.html", context, language=language)


def length_of(meeting: Meeting) -> dt.timedelta | None:
    """How long a meeting was; ``None`` where its hours are not known."""
    return None if meeting.is_whole_day else meeting.ends_at - meeting.starts_at


def _common(series: Series, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "series": series,
        "both": {code: str(text(series, "name", code)) for code in LANGUAGE_CODES},
        "basin": series.basin,
        "basin_names": both(series.basin, "name") if series.basin else {},
        "languages": LANGUAGE_CODES,
    }


def _of_meeting(meeting: Meeting, title: str) -> dict[str, Any]:
    addresses = {}
    for code in LANGUAGE_CODES:
        with override(code):
            addresses[code] = meeting.address
    return {**_common(meeting.series, title), "meeting": meeting, "addresses": addresses}


def _codes(meeting: Meeting) -> dict[str, str]:
    """The code of the page at the door, by language: who scans it reads their own."""
    codes = {}
    for code in LANGUAGE_CODES:
        with override(code):
            codes[code] = code_image(absolute_url(queries.door_url(meeting)))
    return codes
