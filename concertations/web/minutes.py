"""Minutes as they are read: approved ones by everybody, sent ones by the link in the mail; an action by its owner's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from basins.addresses import page_url
from basins.web.desk import shown_or_sent
from basins.web.desk_forms import StaffForm
from concertations import figures_minutes, jobs_minutes, queries_minutes
from concertations.enums_minutes import ActionState, MinutesState
from concertations.links import meeting_page
from concertations.models import Action, Minutes
from concertations.rules import actions
from core import signing
from core.bilingual import current_language
from core.errors import RuleError
from core.http import private_page


class DoneForm(StaffForm):
    """What the owner says of an action, in the language of the page."""

    decision = forms.ChoiceField(label=gettext_lazy("How far is it?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("A word on it"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Everybody who reads the minutes sees it. Nothing that identifies a beneficiary."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def minutes_context(minutes: Minutes, *, public: bool) -> dict[str, Any]:
    """What the page and the paper take."""
    meeting = minutes.meeting
    return {
        "minutes": minutes,
        "meeting": meeting,
        "series": meeting.series,
        "sections": queries_minutes.sections_of(minutes),
        "figures": figures_minutes.figures(minutes, public=public),
        "is_approved": minutes.state == MinutesState.APPROVED,
    }


@require_safe
def minutes(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """The approved minutes of a meeting; the team sees its own in every state."""
    row = _shown(request, slug, meeting, basin)
    return render(request, "concertations/minutes/page.html", minutes_context(row, public=True))


@shown_or_sent
def minutes_pdf(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Approved minutes as PDF, drawn by the worker; a GET leads to the minutes."""
    row = _shown(request, slug, meeting, basin)
    if request.method != "POST" or row.state != MinutesState.APPROVED:
        return HttpResponseRedirect(meeting_page(row.meeting, "minutes"))
    job = jobs_minutes.minutes_on_paper(row, current_language())
    return HttpResponseRedirect(page_url("job", basin, uuid=job.uuid))


@private_page
@require_safe
def minutes_sent(request: HttpRequest, token: str, basin: str | None = None) -> HttpResponse:
    """The minutes as they were sent to who was registered, before or after they are approved."""
    try:
        row = queries_minutes.minutes_by_link(token)
    except signing.BadToken as error:
        return _gone(request, error)
    return render(request, "concertations/minutes/page.html", {**minutes_context(row, public=True), "by_link": True})


@private_page
@shown_or_sent
def action(request: HttpRequest, token: str, basin: str | None = None) -> HttpResponse:
    """An action, for its owner: the page shows it, sending the form says what became of it."""
    try:
        row = queries_minutes.action_by_link(token)
    except signing.BadToken as error:
        return _gone(request, error)
    form = DoneForm(request.POST or None)
    form.offer("decision", _decisions(row))
    if request.method == "POST" and form.is_valid():
        note = {f"outcome_{current_language()}": form.cleaned_data["note"]}
        try:
            actions.move(action=row, to=ActionState(form.cleaned_data["decision"]), by=None, **note)
        except RuleError as error:
            name = "note" if error.field.startswith("outcome") else None
            form.add_error(name, str(error.message))
        else:
            messages.success(request, _("Thank you: it is noted."))
            return HttpResponseRedirect(request.path)
    context = {"action": row, "meeting": row.section.minutes.meeting, "form": form}
    return render(request, "concertations/minutes/action.html", context, status=422 if form.errors else 200)


def _decisions(row: Action) -> list[tuple[str, str]]:
    if row.state != ActionState.OPEN:
        return [(ActionState.OPEN.value, _("It is to be done after all"))]
    return [
        (ActionState.DONE.value, _("It is done")),
        (ActionState.DROPPED.value, _("It cannot be done; I say why")),
    ]


def _shown(request: HttpRequest, slug: str, meeting: UUID, basin: str | None) -> Minutes:
    rows = queries_minutes.minutes_for(request.user).filter(meeting__series__slug=slug)
    rows = rows.filter(meeting__series__basin__code=basin) if basin else rows.filter(meeting__series__basin=None)
    return get_object_or_404(rows, meeting__uuid=meeting)


def _gone(request: HttpRequest, error: signing.BadToken) -> HttpResponse:
    return render(request, "concertations/minutes/link_gone.html", {"reason": error.message}, status=error.status)
