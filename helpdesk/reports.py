"""The figures of a month on paper: French first, then Dutch, tagged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from basins.models import Basin, User
from core.bilingual import LANGUAGE_CODES, both
from core.pdf import render_pdf
from helpdesk import public_figures
from helpdesk.models import MonthReport
from helpdesk.rules import reporting
from helpdesk.web.staff_words import working_span

LANGUAGE = "fr"  # of the document as a whole; the Dutch half is marked as such


def make(basin: Basin, month: dt.date, *, by: User | None) -> MonthReport:
    """Count, draw and keep a month; the one that is there already stays. Raises what ``refuse_month`` does."""
    reporting.refuse_month(basin=basin, month=month, by=by)
    known = MonthReport.objects.filter(basin=basin, month=month).first()
    if known is not None:
        return known
    figures = public_figures.of_month(basin, month)
    return reporting.keep(basin=basin, month=month, figures=figures, pdf=render_month(basin, month, figures), by=by)


def render_month(basin: Basin, month: dt.date, figures: dict[str, Any]) -> bytes:
    """One language after the other, each beginning on a page of its own."""
    sides = []
    for code in LANGUAGE_CODES:
        with override(code):
            sides.append({"code": code, "tables": public_figures.tables_of(figures), **spans_of(figures)})
    with override(LANGUAGE):
        title = _("The helpdesk in figures")
    context = {
        "title": title,
        "basin": basin,
        "basin_names": both(basin, "name"),
        "month": month,
        "figures": figures,
        "sides": sides,
    }
    return render_pdf("helpdesk/print/month.html", context, language=LANGUAGE, sheets_at_most=99)


def spans_of(figures: dict[str, Any]) -> dict[str, str]:
    """The delays in words; "" where they are not shown."""
    return {name: "" if figures[name] is None else working_span(figures[name]) for name in ("median", "ninetieth")}
