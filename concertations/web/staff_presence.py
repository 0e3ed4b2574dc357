"""Who came, for the team: as it happens or from the sheet; who came unannounced; the sheet and the door's code."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from basins.web.desk import form_page, shown_or_sent
from basins.web.reader import signed_in
from concertations import jobs_people
from concertations import queries_registrations as queries
from concertations.calendar import title_of
from concertations.door_code import code_image
from concertations.enums import NotedBy, Presence
from concertations.links import meeting_page
from concertations.models import Meeting
from concertations.rules import presence as rules
from concertations.rules.presence import Note
from concertations.web.common import kept_meeting
from concertations.web.staff_people import StaffPersonForm, for_keepers
from core.bilingual import current_language
from core.errors import RuleError
from core.mail import absolute_url


@shown_or_sent
@for_keepers
def presence(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """One line per person with three buttons; the code for the door."""
    row = kept_meeting(request, basin, slug, meeting)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            _note(request, row)
        except RuleError as error:
            problems, status = [str(error.message)], error.status
        else:
            messages.success(request, _("It is noted."))
            return HttpResponseRedirect(meeting_page(row, "staff_presence"))
    rows = list(rules.expected(row.registrations.all()))
    context = {
        "meeting": row,
        "series": row.series,
        "name": title_of(row),
        "rows": rows,
        "present": sum(each.presence == Presence.PRESENT for each in rows),
        "reason": rules.why_not_noted(row, timezone.now()),
        "problems": problems,
        "code": code_image(absolute_url(queries.door_url(row))),
        "door_url": queries.door_url(row),
        "choices": Presence.choices,
    }
    return render(request, "concertations/staff/presence.html", context, status=status)


def _note(request: HttpRequest, meeting: Meeting) -> None:
    by = signed_in(request)
    by_whom = NotedBy.SHEET if request.POST.get("source") == "sheet" else NotedBy.STAFF
    rules.note_many(meeting=meeting, notes=notes_in(request.POST), by_whom=by_whom, by=by)
    if request.POST.get("all") == Presence.PRESENT:
        rules.note_all_present(meeting=meeting, by_whom=by_whom, by=by)


def notes_in(data: QueryDict) -> list[Note]:
    """What was said anew: ``p-<row>`` beside ``was-<row>``, what the page showed.

    The form sends all rows: what nobody touched must not win over what somebody else said meanwhile.
    """
    found = []
    for name, value in data.items():
        row = name.removeprefix("p-")
        if row == name or value not in Presence.values or value == data.get(f"was-{row}"):
            continue
        try:
            found.append(Note(registration=UUID(row), presence=Presence(str(value))))
        except ValueError:
            continue
    return found


class AtDoorForm(StaffPersonForm):
    """Somebody who came; the address is asked, not demanded."""

    email = forms.EmailField(
        label=gettext_lazy("Work e-mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("For the minutes and the certificate; a name is enough."),
    )

    field_order = ["name", "role", "organisation", "sector", "email", "language"]


@shown_or_sent
@for_keepers
def at_door(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Somebody came unannounced: noted as present."""
    row = kept_meeting(request, basin, slug, meeting)
    back_url = meeting_page(row, "staff_presence")
    form = AtDoorForm(request.POST or None, initial={"language": current_language()})

    def save() -> HttpResponse:
        made = rules.add_at_door(meeting=row, person=form.person(), by=signed_in(request))
        messages.success(request, _("%(name)s is noted as present.") % {"name": made.participant.name})
        return HttpResponseRedirect(back_url)

    return form_page(request, form, save, title=_("Somebody who came unannounced"), back_url=back_url)


@require_POST
@for_keepers
def sheet(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Start the PDF of the sign-in sheet and the poster for the door."""
    return jobs_people.to_sheet(kept_meeting(request, basin, slug, meeting), by=signed_in(request))
