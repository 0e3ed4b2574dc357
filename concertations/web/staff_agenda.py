"""The team's pages on an agenda: items in order, with their time, who, and their papers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from basins.rights import Right
from basins.web.desk import form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations.agenda import timed
from concertations.calendar import title_of
from concertations.enums import MeetingState
from concertations.links import meeting_page
from concertations.models import Meeting
from concertations.rules import agenda as rules
from concertations.web.common import kept_meeting
from concertations.web.staff_forms import ItemForm
from core.errors import RuleError

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)


def _to_agenda(meeting: Meeting) -> HttpResponseRedirect:
    return HttpResponseRedirect(meeting_page(meeting, "staff_agenda"))


@require_GET
@for_keepers
def agenda(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """The agenda with the hours that follow from its minutes."""
    row = kept_meeting(request, basin, slug, meeting)
    context = {
        "meeting": row,
        "series": row.series,
        "name": title_of(row),
        "agenda": timed(row),
        "may_change": row.state != MeetingState.CANCELLED,
        "is_untouched": not row.items.filter(carried_key="").exists(),
    }
    return render(request, "concertations/staff/agenda.html", context)


@shown_or_sent
@for_keepers
def item_new(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """One more item."""
    row = kept_meeting(request, basin, slug, meeting)
    form = ItemForm(request.POST or None)

    def save() -> HttpResponse:
        rules.add(meeting=row, data=form.item_for_rule(), by=signed_in(request))
        messages.success(request, _("The item is on the agenda."))
        return _to_agenda(row)

    return form_page(request, form, save, title=_("New item"), back_url=meeting_page(row, "staff_agenda"))


@require_POST
@for_keepers
def usual(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Begin with what the teams usually do."""
    row = kept_meeting(request, basin, slug, meeting)
    try:
        rules.begin_with_usual(meeting=row, by=signed_in(request))
    except RuleError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The usual agenda is there. Change what is different this time."))
    return _to_agenda(row)


@shown_or_sent
@for_keepers
def item(request: HttpRequest, slug: str, meeting: UUID, item: UUID, basin: str | None = None) -> HttpResponse:
    """Rewrite an item, or take it off the agenda."""
    row = kept_meeting(request, basin, slug, meeting)
    one = get_object_or_404(row.items.select_related("meeting__series__basin"), uuid=item)
    form = ItemForm(None if "remove" in request.POST else request.POST or None, initial=ItemForm.initial_of_item(one))
    if request.method == "POST" and "remove" in request.POST:
        try:
            rules.remove(item=one, by=signed_in(request))
        except RuleError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("The item is off the agenda."))
        return _to_agenda(row)

    def save() -> HttpResponse:
        rules.edit(item=one, data=form.item_for_rule(), by=signed_in(request))
        messages.success(request, _("The item is saved."))
        return _to_agenda(row)

    note = _("It came onto this agenda by itself.") if one.carried_key else ""
    back_url = meeting_page(row, "staff_agenda")
    words = _("Take it off the agenda")
    return form_page(request, form, save, title=_("Edit the item"), back_url=back_url, note=note, remove_label=words)


@require_POST
@for_keepers
def item_move(request: HttpRequest, slug: str, meeting: UUID, item: UUID, basin: str | None = None) -> HttpResponse:
    """One place up or (``down``) down."""
    row = kept_meeting(request, basin, slug, meeting)
    one = get_object_or_404(row.items.select_related("meeting__series__basin"), uuid=item)
    try:
        rules.shift(item=one, down="down" in request.POST, by=signed_in(request))
    except RuleError as error:
        messages.error(request, str(error.message))
    return HttpResponseRedirect(f"{meeting_page(row, 'staff_agenda')}#item-{one.uuid}")
