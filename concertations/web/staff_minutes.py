"""The team's page of a meeting's minutes, and the steps they take: begun, sent, taken back, approved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from basins.addresses import page_url
from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations import figures_minutes, jobs_minutes, queries_minutes
from concertations.calendar import title_of
from concertations.enums_minutes import MinutesState
from concertations.links import meeting_page
from concertations.models import Meeting, Minutes
from concertations.rules import minutes as rules
from concertations.web.common import kept_meeting
from concertations.web.staff_minutes_forms import ApproveForm, SectionForm
from core.bilingual import current_language
from core.errors import RuleError
from core.spoken import long_date

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)


def kept_minutes(request: HttpRequest, slug: str, meeting: UUID, basin: str | None) -> Minutes:
    """The minutes of a meeting the reader keeps; else 404."""
    return get_object_or_404(
        Minutes.objects.select_related("meeting__series__basin", "meeting__series__theme", "approved_in__series"),
        meeting=kept_meeting(request, basin, slug, meeting),
    )


def back(meeting: Meeting, fragment: str = "") -> HttpResponseRedirect:
    """To the page of the minutes."""
    return HttpResponseRedirect(meeting_page(meeting, "staff_minutes") + (f"#{fragment}" if fragment else ""))


@require_GET
@for_keepers
def minutes(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """What stands in the minutes, by heading, with what one can still do; before they are begun, the button."""
    row = kept_meeting(request, basin, slug, meeting)
    found = Minutes.objects.select_related("meeting__series__basin", "approved_in__series").filter(meeting=row).first()
    context: dict[str, Any] = {"meeting": row, "series": row.series, "name": title_of(row), "minutes": found}
    if found is not None:
        context |= {
            "sections": queries_minutes.sections_of(found),
            "figures": figures_minutes.figures(found, public=False),
            "is_draft": found.state == MinutesState.DRAFT,
            "may_approve": found.state == MinutesState.SENT and rules.approvable_in(found).exists(),
            "log": found.steps.select_related("by"),
        }
    return render(request, "concertations/staff/minutes.html", context)


@require_POST
@for_keepers
def begin(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """A heading for each item of the agenda."""
    row = kept_meeting(request, basin, slug, meeting)
    return _done(request, row, lambda: rules.begin(meeting=row, by=signed_in(request)), _("The minutes are begun."))


@require_POST
@for_keepers
def headings(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """The headings of items that came onto the agenda since."""
    row = kept_minutes(request, slug, meeting, basin)
    return _done(
        request,
        row.meeting,
        lambda: rules.refresh_headings(minutes=row, by=signed_in(request)),
        _("Every item of the agenda has its heading."),
    )


@shown_or_sent
@for_keepers
def heading_new(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """A heading that was on no agenda."""
    row = kept_minutes(request, slug, meeting, basin)
    form = SectionForm(request.POST or None)

    def save() -> HttpResponse:
        made = rules.add_section(minutes=row, by=signed_in(request), **form.cleaned_data)
        return back(row.meeting, f"s-{made.uuid}")

    return form_page(request, form, save, title=_("New heading"), back_url=meeting_page(row.meeting, "staff_minutes"))


@require_POST
@for_keepers
def heading_remove(
    request: HttpRequest, slug: str, meeting: UUID, section: UUID, basin: str | None = None
) -> HttpResponse:
    """Takes away an empty heading."""
    row = kept_minutes(request, slug, meeting, basin)
    found = get_object_or_404(row.sections.select_related("minutes"), uuid=section)
    return _done(
        request,
        row.meeting,
        lambda: rules.remove_section(section=found, by=signed_in(request)),
        _("The heading is out."),
    )


@shown_or_sent
@for_keepers
def send(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Says first what happens; the POST sends the minutes."""
    row = kept_minutes(request, slug, meeting, basin)

    def act() -> HttpResponse:
        number = rules.send(minutes=row, by=signed_in(request))
        words = ngettext("The minutes go to %(number)d person.", "The minutes go to %(number)d people.", number) % {
            "number": number
        }
        messages.success(request, words if number else _("The minutes are out. Nobody had left an address."))
        return back(row.meeting)

    return ask_page(
        request,
        act,
        question=_("Send the minutes?"),
        detail=_(
            "Everybody who was registered reads them by a link in a mail. Needs that were raised go to the list of "
            "needs, and open actions onto the next agenda, with the approval of these minutes."
        ),
        yes=_("Send the minutes"),
        back_url=meeting_page(row.meeting, "staff_minutes"),
        danger=False,
    )


@shown_or_sent
@for_keepers
def take_back(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Says first what happens; the POST makes a draft of sent minutes again."""
    row = kept_minutes(request, slug, meeting, basin)

    def act() -> HttpResponse:
        rules.take_back(minutes=row, by=signed_in(request))
        messages.success(request, _("The minutes are a draft again."))
        return back(row.meeting)

    return ask_page(
        request,
        act,
        question=_("Put something right in the minutes?"),
        detail=_("They are closed to everybody until you send them again; then everybody gets a new mail."),
        yes=_("Take them back"),
        back_url=meeting_page(row.meeting, "staff_minutes"),
        danger=False,
    )


@shown_or_sent
@for_keepers
def approve(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """At which meeting the minutes were approved; from then on they stand."""
    row = kept_minutes(request, slug, meeting, basin)
    possible = {str(each.uuid): each for each in rules.approvable_in(row)}
    form = ApproveForm(request.POST or None, initial={"meeting": next(iter(possible), "")})
    form.offer("meeting", [(uuid, long_date(each.day)) for uuid, each in possible.items()])

    def save() -> HttpResponse:
        rules.approve(minutes=row, meeting=possible[form.cleaned_data["meeting"]], by=signed_in(request))
        messages.success(request, _("The minutes are approved: from now on they stand, and everybody reads them."))
        return back(row.meeting)

    return form_page(
        request,
        form,
        save,
        title=_("The minutes were approved"),
        back_url=meeting_page(row.meeting, "staff_minutes"),
        note=_("Approved minutes cannot be changed by anybody."),
        submit=_("They were approved"),
    )


@shown_or_sent
@for_keepers
def pdf(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """The minutes on paper in the state they are in, drawn by the worker; a GET leads to their page."""
    row = kept_minutes(request, slug, meeting, basin)
    if request.method != "POST":
        return back(row.meeting)
    job = jobs_minutes.draft_on_paper(row, current_language(), signed_in(request))
    return HttpResponseRedirect(page_url("job", basin, uuid=job.uuid))


def _done(request: HttpRequest, meeting: Meeting, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except RuleError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, words)
    return back(meeting)
