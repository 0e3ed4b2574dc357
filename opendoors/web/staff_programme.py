"""The team's pages of a programme: hosts, their places, their visits."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core import spoken
from core.errors import RuleError
from opendoors import staff_queries
from opendoors.models import Edition, Host, Place, Visit
from opendoors.records import record_of
from opendoors.rules import hosting
from opendoors.web.host_link import who_is_told
from opendoors.web.staff_forms import SEATS_USUALLY, HostForm, NewHostForm, PlaceForm, VisitForm
from opendoors.web.staff_views import back_to, kept_edition

for_keepers = staff_required(Right.MANAGE_OPEN_DOORS)


def _to_host(host: Host) -> HttpResponseRedirect:
    return HttpResponseRedirect(staff_queries.host_url(host))


def _kept_host(request: HttpRequest, basin: str, slug: str, host: UUID) -> Host:
    return get_object_or_404(staff_queries.hosts_kept_by(signed_in(request), basin, slug), uuid=host)


# --- Hosts ---------------------------------------------------------------------------------------


@shown_or_sent
@for_keepers
def host_new(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """A host with its first place."""
    edition: Edition = kept_edition(request, basin, slug)
    form = NewHostForm(request.POST or None)

    def save() -> HttpResponse:
        made = hosting.add_host_with_place(
            edition=edition, data=form.host_for_rule(), place=form.place_for_rule(), by=signed_in(request)
        )
        messages.success(request, _("The host is there. Now its visits."))
        return _to_host(made)

    return form_page(request, form, save, title=_("New host"), back_url=staff_queries.edition_url(edition))


@require_GET
@for_keepers
def host(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """A host with its places and visits."""
    row = _kept_host(request, basin, slug, host)
    context = {
        "host": row,
        "edition": row.edition,
        "places": row.places.select_related("municipality"),
        "visits": row.visits.select_related("place__municipality"),
        "steps": row.state_changes.select_related("by").order_by("-at", "-pk"),
        "record": record_of(row, basin),
        "is_history": staff_queries.is_history(row.edition),
    }
    return render(request, "opendoors/staff/host.html", context)


@shown_or_sent
@for_keepers
def host_edit(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """Name, texts, contact of a host."""
    row = _kept_host(request, basin, slug, host)
    form = HostForm(request.POST or None, initial=HostForm.initial_of_host(row))

    def save() -> HttpResponse:
        changed = hosting.edit_host(host=row, data=form.host_for_rule(), by=signed_in(request))
        messages.success(request, _("The host is saved."))
        return _to_host(changed)

    return form_page(request, form, save, title=row.name, back_url=staff_queries.host_url(row))


@shown_or_sent
@for_keepers
def host_remove(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """Asks first; the POST takes the host out."""
    row = _kept_host(request, basin, slug, host)

    def remove() -> HttpResponse:
        hosting.remove_host(host=row, by=signed_in(request))
        messages.success(request, _("%(host)s is taken out of the programme.") % {"host": row.name})
        return back_to(row.edition)

    return ask_page(
        request,
        remove,
        question=_("Take %(host)s out of the programme?") % {"host": row.name},
        detail=_("Its places and visits go with it. This cannot be undone."),
        yes=_("Take it out"),
        back_url=staff_queries.host_url(row),
    )


# --- Places --------------------------------------------------------------------------------------


@shown_or_sent
@for_keepers
def place_new(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """One place more of a host."""
    row = _kept_host(request, basin, slug, host)
    form = PlaceForm(request.POST or None)

    def save() -> HttpResponse:
        hosting.add_place(host=row, data=form.place_for_rule(), by=signed_in(request))
        messages.success(request, _("The place is saved."))
        return _to_host(row)

    title = _("New place of %(host)s") % {"host": row.name}
    return form_page(request, form, save, title=title, back_url=staff_queries.host_url(row))


@shown_or_sent
@for_keepers
def place_edit(request: HttpRequest, basin: str, slug: str, host: UUID, place: UUID) -> HttpResponse:
    """Address, access and way there. With ``remove`` sent along, the place is taken out."""
    row = _kept_host(request, basin, slug, host)
    spot: Place = get_object_or_404(Place.objects.select_related("host__edition__basin"), host=row, uuid=place)
    form = PlaceForm(request.POST or None, initial=PlaceForm.initial_of_place(spot))
    if request.method == "POST" and "remove" in request.POST:
        try:
            hosting.remove_place(place=spot, by=signed_in(request))
        except RuleError as error:
            messages.error(request, str(error.message))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("The place is taken out."))
        return _to_host(row)

    def save() -> HttpResponse:
        hosting.edit_place(place=spot, data=form.place_for_rule(), by=signed_in(request))
        messages.success(request, _("The place is saved. Who booked here is told of a new address."))
        return _to_host(row)

    title, remove_label = _("Place of %(host)s") % {"host": row.name}, _("Take this place out")
    return form_page(request, form, save, title=title, back_url=staff_queries.host_url(row), remove_label=remove_label)


# --- Visits --------------------------------------------------------------------------------------


@shown_or_sent
@for_keepers
def visit_new(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """One opening of the door more; the first band of the day is proposed."""
    row = _kept_host(request, basin, slug, host)
    if not row.places.exists():
        messages.error(request, _("First say where this host receives visitors."))
        return HttpResponseRedirect(
            reverse("opendoors:staff_place_new", kwargs={"basin": basin, "slug": slug, "host": host})
        )
    begins, ends = row.edition.bands[0]
    language = row.name_language or "fr"
    initial = {"begins": begins, "ends": ends, "seats": SEATS_USUALLY, "language": language}
    form = VisitForm(request.POST or None, host=row, initial=initial)

    def save() -> HttpResponse:
        place = form.cleaned_data["place"]
        hosting.add_visit(host=row, place=place, data=form.visit_for_rule(), by=signed_in(request))
        messages.success(request, _("The visit is in the programme."))
        return _to_host(row)

    title = _("New visit to %(host)s") % {"host": row.name}
    return form_page(request, form, save, title=title, back_url=staff_queries.host_url(row))


@shown_or_sent
@for_keepers
def visit_edit(request: HttpRequest, basin: str, slug: str, visit: UUID) -> HttpResponse:
    """Time, place, seats, languages; people who booked are told when it moves."""
    row = get_object_or_404(staff_queries.visits_kept_by(signed_in(request), basin, slug), uuid=visit)
    row.host.edition = row.edition
    if row.is_cancelled:
        return _called_off(request, row)
    form = VisitForm(request.POST or None, host=row.host, initial=VisitForm.initial_of_visit(row))

    def save() -> HttpResponse:
        place = form.cleaned_data["place"]
        changed = hosting.edit_visit(
            visit=row,
            place=place,
            data=form.visit_for_rule(),
            by=signed_in(request),
            may_end_waiting=form.may_end_waiting,
        )
        moved = changed.sequence > row.sequence and changed.seats_taken
        told = _("The visit is saved. Those who booked it are told.")
        messages.success(request, told if moved else _("The visit is saved."))
        return back_to(row.edition)

    kwargs = {"basin": basin, "slug": slug, "visit": visit}
    return form_page(
        request,
        form,
        save,
        title=row.host.name,
        back_url=staff_queries.edition_url(row.edition),
        note=_seats_taken(row.seats_taken),
        danger_url=reverse("opendoors:staff_visit_call_off", kwargs=kwargs),
        danger_label=_("Call this visit off"),
    )


def _called_off(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The visit to look at; what was sent to change it is refused."""
    context = {
        "visit": visit,
        "back_url": staff_queries.edition_url(visit.edition),
        "host_url": staff_queries.host_url(visit.host),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "opendoors/staff/visit_off.html", context, status=status)


def _seats_taken(number: int) -> str:
    if not number:
        return ""
    words = ngettext(
        "%(number)d seat is taken. Who holds it is told when time or place changes.",
        "%(number)d seats are taken. Who holds them is told when time or place changes.",
        number,
    )
    return words % {"number": number}


@shown_or_sent
@for_keepers
def visit_call_off(request: HttpRequest, basin: str, slug: str, visit: UUID) -> HttpResponse:
    """Asks first. The POST calls a booked visit off and tells people; one that nobody booked is removed."""
    row = get_object_or_404(staff_queries.visits_kept_by(signed_in(request), basin, slug), uuid=visit)
    row.host.edition = row.edition
    if row.is_cancelled:
        return _called_off(request, row)

    def call_off() -> HttpResponse:
        told = hosting.withdraw_visit(visit=row, by=signed_in(request))
        words = ngettext(
            "The visit is called off. %(number)d person is told.",
            "The visit is called off. %(number)d people are told.",
            told,
        )
        messages.success(request, words % {"number": told} if told else _("The visit is off the programme."))
        return back_to(row.edition)

    when = {"host": row.host.name, "when": spoken.moment(row.starts_at)}
    return ask_page(
        request,
        call_off,
        question=_("Call off %(host)s, %(when)s?") % when,
        detail=who_is_told([row]),
        yes=_("Call it off"),
        back_url=reverse("opendoors:staff_visit", kwargs={"basin": basin, "slug": slug, "visit": visit}),
    )
