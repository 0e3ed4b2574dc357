"""The public figures: of one week once it is evaluated, and of all editions side by side."""

from __future__ import annotations

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.bilingual import current_language
from opendoors import figure_charts, queries, queries_answers
from opendoors import figures as counting
from opendoors.access import may_manage_edition
from opendoors.editions_beside import EditionBeside, side_by_side
from opendoors.staff_queries import edition_url

KEPT_FOR = 300  # seconds: of all readers one in five minutes waits for all editions to be counted


@require_safe
def figures(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """What became of a week, for everybody: charts, quotes. Before the evaluation there is no such page."""
    found = queries_answers.evaluated(queries.editions_for(request.user, basin))
    edition = get_object_or_404(found, slug=slug)
    counted = counting.for_everybody(counting.of_edition(edition))
    answers = [queries_answers.published_answers(each) for each in queries_answers.answer_figures(edition)]
    context = {
        "edition": edition,
        "figures": counted,
        "charts": figure_charts.charts_of(counted),
        "answer_charts": [chart for each in answers for chart in figure_charts.answer_charts(each)],
        "quotes": queries_answers.quotes(edition),
        "desk_url": edition_url(edition) if may_manage_edition(request.user, edition) else "",
    }
    return render(request, "opendoors/figures/edition.html", context)


@require_safe
def figures_all(request: HttpRequest, basin: str) -> HttpResponse:
    """Editions of all basins side by side; what nobody counted is said, never drawn as zero."""
    rows = _kept_rows()
    context = {
        "rows": list(reversed(rows)),
        "chart": figure_charts.editions_chart(rows) if rows else None,
        "sources": [row for row in rows if row.source],
    }
    return render(request, "opendoors/figures/all.html", context)


def _kept_rows() -> list[EditionBeside]:
    key = f"opendoors-editions-beside-{current_language()}"
    return list(caches["shared"].get_or_set(key, side_by_side, KEPT_FOR) or [])
