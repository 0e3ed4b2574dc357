"""The desk's figures of a period: what was asked, how long it took, how it ended. Each row opens its tickets."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from basins.models import Basin
from basins.rights import Right
from basins.rules.log import actor
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.bilingual import current_language
from core.csv_export import csv_response
from core.errors import RuleError
from core.jobs import start, under_way
from core.templatetags.look import level
from helpdesk import access, access_list, staff_queries
from helpdesk import figures as counting
from helpdesk.example_queries import page_url
from helpdesk.figures import PARTS, Delays, Figures, Part
from helpdesk.jobs import MONTH
from helpdesk.public_figures import month_before
from helpdesk.rules.reporting import refuse_month
from helpdesk.staff_queries import NONE, Tab
from helpdesk.web.staff_common import desk_url, for_desk
from helpdesk.web.staff_inbox import EVERYWHERE, day_of
from helpdesk.web.staff_words import working_span

logger = logging.getLogger(__name__)

MONTHS_BACK = 12
LONGEST = dt.timedelta(days=3 * 366)
HEADINGS = {
    "basin": gettext_lazy("Basin"),
    "theme": gettext_lazy("Theme"),
    "audience": gettext_lazy("For whom"),
    "profession": gettext_lazy("Profession"),
    "channel": gettext_lazy("How it came"),
    "kind": gettext_lazy("What is asked for"),
    "municipality": gettext_lazy("Municipality"),
    "outcome": gettext_lazy("Outcome"),
    "helped": gettext_lazy("Did it help?"),
}


@require_safe
@for_desk
def figures(request: HttpRequest, basin: str) -> HttpResponse:
    """Everything that is counted of a period, small counts included: the team alone sees it."""
    counted, asked = _counted(request, basin)
    names = counting.names_of(counted)
    period = {"since": asked["since"].isoformat(), "until": asked["until"].isoformat()}
    scope = {EVERYWHERE: "on"} if asked["everywhere"] else {}
    inbox_url = desk_url("staff_inbox", basin)
    context = {
        **asked,
        "basin": basin,
        "figures": counted,
        "median": _span(counted.delays.median),
        "ninetieth": _span(counted.delays.ninetieth),
        "tables": [
            {
                "heading": str(HEADINGS[part]),
                "rows": [
                    {
                        "label": label_of(names, part, each),
                        "number": each.number,
                        "level": level(each.number, max(other.number for other in counted.parts[part])),
                        "median": _span(each.delays.median),
                        "ninetieth": _span(each.delays.ninetieth),
                        "url": f"{inbox_url}?{urlencode({'tab': Tab.ALL.value, part: each.value, **period, **scope})}",
                    }
                    for each in counted.parts[part]
                ],
            }
            for part in PARTS
            if counted.parts[part] and not (part == "basin" and len(counted.parts[part]) == 1)
        ],
        "months": _months(),
        "public_url": page_url("public_figures", basin),
        "access_url": desk_url("staff_access_csv", basin) if access.manages_helpdesk(signed_in(request), basin) else "",
        "csv_url": f"{desk_url('staff_figures_csv', basin)}?{urlencode({**period, **scope})}",
        "back_url": inbox_url,
    }
    return render(request, "helpdesk/staff/figures.html", context)


@require_safe
@for_desk
def figures_csv(request: HttpRequest, basin: str) -> HttpResponseBase:
    """The same as a table; delays in minutes of working time."""
    counted, asked = _counted(request, basin)
    headings = [
        *(_("Part"), _("Of which"), _("Tickets"), _("Answered")),
        *(_("Median delay, working minutes"), _("Nine of ten within, working minutes")),
    ]
    word = _("helpdesk-figures")
    name = f"{word}-{asked['since']}-{asked['until']}.csv"
    return csv_response(name, headings, lines(counted))


@require_POST
@for_desk
def paper(request: HttpRequest, basin: str) -> HttpResponse:
    """Make the paper of a month that is over, for everybody; the one that there is stays."""
    month = day_of(f"{request.POST.get('month', '')}-01") or month_before(timezone.localdate())
    try:
        refuse_month(basin=Basin.objects.get(code=basin), month=month, by=signed_in(request))
    except RuleError as error:
        messages.error(request, str(error.message))
        return HttpResponseRedirect(desk_url("staff_figures", basin))
    params = {"basin": basin, "month": month.isoformat()}
    language = current_language()
    job = under_way(MONTH, params=params, language=language) or start(
        MONTH, params=params, by=signed_in(request), scope=basin, language=language
    )
    return HttpResponseRedirect(reverse("job", kwargs={"basin": basin, "uuid": job.uuid}))


@require_safe
@staff_required(Right.MANAGE_HELPDESK)
def access_csv(request: HttpRequest, basin: str) -> HttpResponseBase:
    """Who may read the tickets and who read which: for whoever answers for the helpdesk. Being asked for is noted."""
    logger.info("%s took the access list of the helpdesk of %s", actor(signed_in(request)), basin)
    word = _("helpdesk-access")
    name = f"{word}-{basin}-{timezone.localdate()}.csv"
    return csv_response(name, [str(heading) for heading in access_list.HEADINGS], access_list.lines(basin))


def lines(counted: Figures) -> Iterator[list[Any]]:
    """One line per part and value, the whole first."""
    names = counting.names_of(counted)
    yield [_("All tickets"), "", counted.number, *_cells(counted.delays)]
    for part in PARTS:
        for each in counted.parts[part]:
            yield [HEADINGS[part], label_of(names, part, each), each.number, *_cells(each.delays)]


def _cells(delays: Delays) -> list[Any]:
    return [delays.answered, *("" if value is None else value for value in (delays.median, delays.ninetieth))]


def label_of(names: dict[str, dict[str, str]], part: str, each: Part) -> str:
    """What a value is called; a state that nobody filled in is said to be so."""
    if each.value == NONE:
        return {"outcome": _("not closed yet"), "helped": _("nobody said")}.get(part, _("not said"))
    return names[part].get(each.value, each.value)


def _counted(request: HttpRequest, basin: str) -> tuple[Figures, dict[str, Any]]:
    user = signed_in(request)
    today = timezone.localdate()
    since = day_of(request.GET.get("since", "")) or today.replace(month=1, day=1)
    until = day_of(request.GET.get("until", "")) or today
    since, until = min(since, until), max(since, until)
    since = max(since, until - LONGEST)
    has_more_desks = len(staff_queries.helpdesks(user)) > 1
    everywhere = has_more_desks and EVERYWHERE in request.GET
    counted = counting.of_period(user, None if everywhere else basin, since, until)
    return counted, {"since": since, "until": until, "everywhere": everywhere, "has_more_desks": has_more_desks}


def _months() -> list[tuple[str, str]]:
    """The months that are over, the last one first."""
    last = month_before(timezone.localdate())
    found = [last - relativedelta(months=back) for back in range(MONTHS_BACK)]
    return [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in found]


def _span(minutes: int | None) -> str:
    return "–" if minutes is None else working_span(minutes)
