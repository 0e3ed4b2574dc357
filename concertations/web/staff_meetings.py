"""The team's pages on a meeting: written, announced, held, called off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations import staff_queries
from concertations.calendar import title_of
from concertations.enums import MeetingState
from concertations.links import meeting_page, series_page
from concertations.models import Meeting
from concertations.rules import meetings as rules
from concertations.rules.window import why_closed
from concertations.web.common import kept_meeting, kept_series
from concertations.web.staff_forms import CallOffForm, HeldMeetingForm, MeetingForm
from core.bilingual import current_language
from core.calendar import public_holidays
from core.errors import RuleError

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)


def to_meeting(meeting: Meeting) -> HttpResponseRedirect:
    """To the team's page of a meeting."""
    return HttpResponseRedirect(meeting_page(meeting, "staff_meeting"))


@require_GET
@for_keepers
def meeting(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Where a meeting stands: its state and next steps, registrations, place and dates."""
    row = kept_meeting(request, basin, slug, meeting)
    context = {
        "meeting": row,
        "series": row.series,
        "name": title_of(row),
        "steps": rules.steps(row),
        "changes": row.state_changes.select_related("by").order_by("-at", "-pk"),
        "figures": staff_queries.registration_figures(row),
        "closed": why_closed(row),
        "holidays": public_holidays(row.day, row.day, current_language()),
    }
    return render(request, "concertations/staff/meeting.html", context)


@shown_or_sent
@for_keepers
def meeting_new(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """A new meeting, as a draft; place and hours of the one before are proposed."""
    series = kept_series(request, basin, slug)
    initial = MeetingForm.initial_of_new(series, rules.next_number(series))
    form = MeetingForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        made = rules.create(series=series, data=form.meeting_for_rule(), by=signed_in(request))
        messages.success(request, _("The meeting is there, as a draft. Now its agenda."))
        return to_meeting(made)

    return form_page(request, form, save, title=_("New meeting"), back_url=series_page(series, "staff_series"))


@shown_or_sent
@for_keepers
def meeting_held(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """A meeting that was held before anybody wrote it here."""
    series = kept_series(request, basin, slug)
    initial = MeetingForm.initial_of_new(series, rules.next_number(series))
    form = HeldMeetingForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        made = rules.record_held(series=series, data=form.meeting_for_rule(), by=signed_in(request))
        messages.success(request, _("The meeting is noted as held."))
        return to_meeting(made)

    title = _("A meeting that was held")
    return form_page(request, form, save, title=title, back_url=series_page(series, "staff_series"))


@shown_or_sent
@for_keepers
def meeting_edit(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Subject, time, place, registration of a meeting; of one that was held also who came."""
    row = kept_meeting(request, basin, slug, meeting)
    kind = HeldMeetingForm if row.state == MeetingState.HELD else MeetingForm
    form = kind(request.POST or None, initial=kind.initial_of_meeting(row))

    def save() -> HttpResponse:
        kept = {name: getattr(row, name) for name in rules.MeetingData.__dataclass_fields__ if name not in form.fields}
        for name in ("starts_at", "ends_at"):
            kept.pop(name, None)
        changed = rules.edit(meeting=row, data=form.meeting_for_rule(**kept), by=signed_in(request))
        messages.success(request, _said_after(row, changed))
        return to_meeting(changed)

    more: dict[str, Any] = {}
    if row.state == MeetingState.DRAFT:
        more = {"danger_url": meeting_page(row, "staff_meeting_remove"), "danger_label": _("Remove the draft")}
    elif row.state == MeetingState.ANNOUNCED and rules.still_in(row):
        more = {"note": _("Who registered gets a mail when the time or the place changes.")}
    back_url = meeting_page(row, "staff_meeting")
    return form_page(request, form, save, title=_("Edit the meeting"), back_url=back_url, **more)


def _said_after(before: Meeting, now: Meeting) -> str:
    number = rules.still_in(now)
    if now.sequence == before.sequence or now.state != MeetingState.ANNOUNCED or not number:
        return _("The meeting is saved.")
    return ngettext(
        "The meeting is saved. %(number)d person is told.",
        "The meeting is saved. %(number)d people are told.",
        number,
    ) % {"number": number}


@require_POST
@for_keepers
def step(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Take a meeting one step on; a refusal comes back as a message."""
    row = kept_meeting(request, basin, slug, meeting)
    to = request.POST.get("to", "")
    if to in MeetingState.values:
        try:
            moved = rules.move(meeting=row, to=MeetingState(to), by=signed_in(request))
        except RuleError as error:
            messages.error(request, str(error.message))
        else:
            label = MeetingState(moved.state).label
            messages.success(request, _("State of the meeting: %(state)s.") % {"state": label})
    return to_meeting(row)


@shown_or_sent
@for_keepers
def call_off(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Why it is called off; the POST does it and tells everybody who registered."""
    row = kept_meeting(request, basin, slug, meeting)
    form = CallOffForm(request.POST or None)
    number = rules.still_in(row)

    def save() -> HttpResponse:
        words = {"note_fr": form.cleaned_data["cancel_note_fr"], "note_nl": form.cleaned_data["cancel_note_nl"]}
        rules.call_off(meeting=row, **words, by=signed_in(request))
        messages.success(request, _("The meeting is called off."))
        return to_meeting(row)

    told = ngettext(
        "%(number)d person has registered and is told by mail, with the reason. This cannot be undone.",
        "%(number)d people have registered and are told by mail, with the reason. This cannot be undone.",
        number,
    ) % {"number": number}
    note = told if number else _("Nobody has registered yet. This cannot be undone.")
    back_url = meeting_page(row, "staff_meeting")
    title = _("Call off %(name)s") % {"name": title_of(row)}
    return form_page(request, form, save, title=title, back_url=back_url, note=note, submit=_("Call the meeting off"))


@shown_or_sent
@for_keepers
def meeting_remove(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Asks first; the POST takes a draft away."""
    row = kept_meeting(request, basin, slug, meeting)

    def remove() -> HttpResponse:
        rules.remove(meeting=row, by=signed_in(request))
        messages.success(request, _("The draft is removed."))
        return HttpResponseRedirect(series_page(row.series, "staff_series"))

    return ask_page(
        request,
        remove,
        question=_("Remove the draft of %(name)s?") % {"name": title_of(row)},
        detail=_("Its agenda and its documents go with it. This cannot be undone."),
        yes=_("Remove the draft"),
        back_url=meeting_page(row, "staff_meeting"),
    )
