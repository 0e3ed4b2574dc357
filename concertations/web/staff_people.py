"""Who is registered for a meeting, for its team: the list, somebody on the phone, a place given back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from basins.enums import Language
from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.desk_forms import StaffForm
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations import queries_registrations as queries
from concertations.calendar import title_of
from concertations.enums import RegistrationState
from concertations.links import meeting_page
from concertations.models import Meeting, Registration
from concertations.rules import registering as rules
from concertations.rules.registering import Person, Wishes
from concertations.web.common import kept_meeting
from concertations.web.people_forms import WishesForm, sectors
from core.bilingual import current_language
from core.csv_export import csv_response
from core.widgets import PlainSelect

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)


class StaffPersonForm(StaffForm):
    """Who it is; the team may not know all of it."""

    name = forms.CharField(label=gettext_lazy("First name and name"), max_length=120)
    role = forms.CharField(label=gettext_lazy("Function"), max_length=120, required=False)
    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=160, required=False)
    sector = forms.ChoiceField(label=gettext_lazy("Field of work"), required=False, choices=sectors, widget=PlainSelect)
    email = forms.EmailField(label=gettext_lazy("Work e-mail"), max_length=254)
    language = forms.ChoiceField(label=gettext_lazy("Language of our mails"), choices=Language.choices)

    def person(self) -> Person:
        """From what is valid."""
        names = ("name", "role", "organisation", "sector", "email", "language")
        return Person(**{name: self.cleaned_data[name] for name in names})


class PhoneForm(WishesForm, StaffPersonForm):
    """Somebody calls and would like to come."""

    wait = forms.BooleanField(
        label=gettext_lazy("Put on the waiting list where no seat is left"),
        help_text=gettext_lazy("Ask the caller first: the mail says so."),
        required=False,
    )

    field_order = [
        *("name", "role", "organisation", "sector", "email", "language", "wait"),
        *("at_distance", "meal", "motivation", "expectations", "access_needs"),
    ]

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape(meeting)


@require_GET
@for_keepers
def registrations(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Who comes, who waits, who gave back; what they need; whom the team invited."""
    row = kept_meeting(request, basin, slug, meeting)
    rows = list(queries.registrations_of(row))
    coming = [each for each in rows if each.state == RegistrationState.CONFIRMED]
    context = {
        "meeting": row,
        "series": row.series,
        "name": title_of(row),
        "coming": coming,
        "line": sorted(
            (each for each in rows if each.state in {RegistrationState.WAITING, RegistrationState.OFFERED}),
            key=lambda each: (each.created, each.pk),
        ),
        "gone": [each for each in rows if each.state in {RegistrationState.CANCELLED, RegistrationState.LAPSED}],
        "meals": _meals(coming) if row.meal_offered else [],
        "invitations": row.invitations.order_by("email"),
    }
    return render(request, "concertations/staff/registrations.html", context)


def _meals(coming: list[Registration]) -> list[tuple[str, int]]:
    """How many of each meal to order."""
    counts: dict[str, int] = {}
    for row in coming:
        if row.meal:
            counts[row.get_meal_display()] = counts.get(row.get_meal_display(), 0) + 1
    return sorted(counts.items())


@require_GET
@for_keepers
def registrations_csv(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponseBase:
    """The list for a spreadsheet."""
    row = kept_meeting(request, basin, slug, meeting)
    headings = [
        *(_("Name"), _("Function"), _("Organisation"), _("Field of work"), _("E-mail"), _("Language")),
        *(_("State"), _("Presence"), _("At a distance"), _("Meal"), _("What helps to take part")),
        *(_("Motivation"), _("Expectations"), _("Reference")),
    ]
    name = _("registrations")
    return csv_response(f"{name}-{row.day:%Y-%m-%d}.csv", headings, _cells(row))


def _cells(meeting: Meeting) -> Iterator[list[str]]:
    for row in queries.registrations_of(meeting):
        person = row.participant
        yield [
            *(person.name, person.role, person.organisation, str(person.get_sector_display()), person.email),
            *(person.language, str(row.get_state_display()), str(row.get_presence_display())),
            str(_("yes")) if row.at_distance else "",
            *(str(row.get_meal_display()), row.access_needs, row.motivation, row.expectations, row.reference),
        ]


@shown_or_sent
@for_keepers
def register(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """For somebody on the phone: certain at once, and the mail goes out."""
    row = kept_meeting(request, basin, slug, meeting)
    form = PhoneForm(request.POST or None, initial={"language": current_language()}, meeting=row)
    back_url = meeting_page(row, "staff_registrations")

    def save() -> HttpResponse:
        wishes: Wishes = form.wishes()
        made = rules.register(
            meeting=row, person=form.person(), wishes=wishes, by=signed_in(request), may_wait=form.cleaned_data["wait"]
        )
        words = _("%(name)s is on the waiting list. A mail says so.")
        if made.state == RegistrationState.CONFIRMED:
            words = _("%(name)s is registered. A mail says so.")
        messages.success(request, words % {"name": made.participant.name})
        return HttpResponseRedirect(back_url)

    return form_page(request, form, save, title=_("Register somebody"), back_url=back_url)


@shown_or_sent
@for_keepers
def give_back(request: HttpRequest, slug: str, meeting: UUID, reference: str, basin: str | None = None) -> HttpResponse:
    """Asks first; then the place goes to the next in line."""
    row = kept_meeting(request, basin, slug, meeting)
    found = get_object_or_404(queries.registrations_of(row), reference=reference.upper())
    back_url = meeting_page(row, "staff_registrations")

    def act() -> HttpResponse:
        rules.cancel(registration=found, by=signed_in(request))
        messages.success(request, _("The place is given back."))
        return HttpResponseRedirect(back_url)

    return ask_page(
        request,
        act,
        question=_("Give the place of %(name)s back?") % {"name": found.participant.name},
        detail=_("It goes to the next in line; a mail tells both."),
        yes=_("Give back"),
        back_url=back_url,
    )
