"""Guided ways: “this problem → these services”, and whom to call now, at this hour, in this place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory import ways
from directory.enums import CrisisKind
from directory.search.places import places
from directory.web.addresses import directory_url, encoded, pairs_of
from directory.web.cards import card


@require_safe
def way_list(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """All ways of this site, crises first and apart."""
    rows = [(row, directory_url("way", basin, problem=row.slug)) for row in ways.ways_for(basin)]
    context = {
        "crises": [each for each in rows if each[0].crisis],
        "others": [each for each in rows if not each[0].crisis],
        "search_url": directory_url("search", basin),
    }
    return render(request, "directory/ways/list.html", context)


@require_safe
def way(request: HttpRequest, problem: str, basin: str | None = None) -> HttpResponse:
    """One way, for this hour; with a postcode, for this place."""
    row = get_object_or_404(ways.ways_for(basin), slug=problem)
    written = request.GET.get("near", "").strip()
    near = written if written in places().by_postcode else ""
    now = timezone.now()
    views = ways.steps_of(row, basin=basin, near=near, user=request.user, now=now)
    steps = [
        {
            "view": each,
            "cards": [(card(service, basin=basin), is_open) for service, is_open in each.services],
            "all_url": f"{directory_url('search', basin)}?{encoded(pairs_of(each.question))}" if each.question else "",
            "next_url": _next_url(each, basin),
        }
        for each in views
    ]
    context = {
        "way": row,
        "steps": steps,
        "now": now,
        "near": near,
        "near_written": written,
        "near_unknown": bool(written) and not near,
        "has_search": any(each.question for each in views),
        "says_112": bool(row.crisis) and row.crisis != CrisisKind.DANGER_TO_LIFE,
        "list_url": directory_url("ways", basin),
        "missing_url": directory_url("missing", basin),
    }
    return render(request, "directory/ways/way.html", context)


def _next_url(view: ways.StepView, basin: str | None) -> str:
    """The page a step leads to, where it is published."""
    following = view.step.leads_to
    return directory_url("way", basin, problem=following.slug) if following and following.is_published else ""
