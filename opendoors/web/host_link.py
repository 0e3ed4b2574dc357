"""A host's own pages, opened by the link in its mail: its texts, its visits, and its word taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from basins.web.desk import ask_page, form_page
from core import signing, spoken
from core.errors import RuleError
from core.http import private_page
from opendoors import queries_hosts
from opendoors.enums import HOST_TRANSITIONS, HostState, VisitState
from opendoors.models import Host, Place, Visit
from opendoors.rules import answering, by_host, validating
from opendoors.web.host_forms import OwnHostForm
from opendoors.web.links import host_link_gone
from opendoors.web.staff_forms import SEATS_USUALLY, PlaceForm, VisitForm

shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])


def for_host(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the host whose link stands in the address, or say why the link opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str, **kwargs: Any) -> HttpResponse:
        try:
            host = queries_hosts.host_by_link(token, basin)
        except (signing.BadToken, signing.StaleToken) as error:
            return host_link_gone(request, error, basin)
        return view(request, host, token, **kwargs)

    return opened


def _url(name: str, host: Host, token: str, **kwargs: Any) -> str:
    return reverse(f"opendoors:{name}", kwargs={"basin": host.edition.basin.code, "token": token, **kwargs})


def _home(host: Host, token: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(_url("host", host, token))


def _refused(request: HttpRequest, host: Host, token: str, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return _home(host, token)


@private_page
@require_safe
@for_host
def host(request: HttpRequest, host: Host, token: str) -> HttpResponse:
    """Where a host stands: the team's word, its visits with the seats taken, what it may change."""
    visits = list(host.visits.select_related("place__municipality", "edition__basin").order_by("starts_at", "pk"))
    locked = by_host.why_not_editable(host)
    context = {
        "host": host,
        "edition": host.edition,
        "token": token,
        "locked": locked,
        "places": host.places.select_related("municipality").order_by("pk"),
        "rows": [
            {
                "visit": visit,
                "may_change": not locked and not by_host.why_not_movable(visit),
                "sheet_url": _url("sheet", host, token, visit=visit.uuid) if visit.state == VisitState.PLANNED else "",
            }
            for visit in visits
        ],
        "evaluate_url": "" if answering.why_host_cannot(host) else _url("evaluate_host", host, token),
        "may_propose_again": HostState.PROPOSED in HOST_TRANSITIONS[HostState(host.state)],
        "may_withdraw": not locked and HostState.WITHDRAWN in HOST_TRANSITIONS[HostState(host.state)],
    }
    return render(request, "opendoors/host.html", context)


@private_page
@shown_or_sent
@for_host
def host_edit(request: HttpRequest, host: Host, token: str) -> HttpResponse:
    """Name, texts, contact."""
    if reason := by_host.why_not_editable(host):
        return _refused(request, host, token, reason)
    form = OwnHostForm(request.POST or None, initial=OwnHostForm.initial_of_host(host))

    def save() -> HttpResponse:
        saved = by_host.edit_host(host=host, data=form.host_for_rule())
        if saved.contact_email.lower() == host.contact_email.lower():
            messages.success(request, _("Saved."))
            return _home(host, token)
        words = _("Saved. A new link is on its way to %(email)s; the one you used opens nothing any more.")
        messages.success(request, words % {"email": saved.contact_email})
        return HttpResponseRedirect(reverse("opendoors:editions", kwargs={"basin": host.edition.basin.code}))

    return form_page(request, form, save, title=_("What we say of you"), back_url=_url("host", host, token))


@private_page
@shown_or_sent
@for_host
def host_place(request: HttpRequest, host: Host, token: str, place: UUID) -> HttpResponse:
    """Address, access, way there; who booked is told of a new address."""
    if reason := by_host.why_not_editable(host):
        return _refused(request, host, token, reason)
    spot: Place = get_object_or_404(Place.objects.select_related("host__edition__basin"), host=host, uuid=place)
    form = PlaceForm(request.POST or None, initial=PlaceForm.initial_of_place(spot))

    def save() -> HttpResponse:
        by_host.edit_place(host=host, place=spot, data=form.place_for_rule())
        messages.success(request, _("The place is saved. Who booked here is told of a new address."))
        return _home(host, token)

    title = _("Where visitors are received")
    return form_page(request, form, save, title=title, back_url=_url("host", host, token))


@private_page
@shown_or_sent
@for_host
def host_visit_new(request: HttpRequest, host: Host, token: str) -> HttpResponse:
    """One visit more, which waits for the team's word."""
    if reason := by_host.why_not_editable(host):
        return _refused(request, host, token, reason)
    begins, ends = host.edition.bands[0]
    language = host.name_language or host.contact_language
    initial = {"begins": begins, "ends": ends, "seats": SEATS_USUALLY, "language": language}
    form = VisitForm(request.POST or None, host=host, initial=initial)

    def save() -> HttpResponse:
        by_host.add_visit(host=host, place=form.cleaned_data["place"], data=form.visit_for_rule())
        messages.success(request, _("The visit is proposed. The team writes to you."))
        return _home(host, token)

    note = _("The team reads it first; then it is in the programme.")
    return form_page(request, form, save, title=_("One more visit"), back_url=_url("host", host, token), note=note)


def _own_visit(host: Host, visit: UUID) -> Visit:
    row: Visit = get_object_or_404(
        host.visits.select_related("edition__basin", "place__municipality", "host__edition__basin"), uuid=visit
    )
    return row


@private_page
@shown_or_sent
@for_host
def host_visit(request: HttpRequest, host: Host, token: str, visit: UUID) -> HttpResponse:
    """Time, place, seats, languages of a visit; people who booked are told when it moves."""
    row = _own_visit(host, visit)
    if reason := by_host.why_not_editable(host) or by_host.why_not_movable(row):
        return _refused(request, host, token, reason)
    form = VisitForm(request.POST or None, host=host, initial=VisitForm.initial_of_visit(row))

    def save() -> HttpResponse:
        place = form.cleaned_data["place"]
        changed = by_host.edit_visit(
            visit=row, place=place, data=form.visit_for_rule(), may_end_waiting=form.may_end_waiting
        )
        moved = changed.sequence > row.sequence and changed.seats_taken
        told = _("The visit is saved. Those who booked it are told.")
        messages.success(request, told if moved else _("The visit is saved."))
        return _home(host, token)

    return form_page(
        request,
        form,
        save,
        title=_("Your visit, %(when)s") % {"when": spoken.moment(row.starts_at)},
        back_url=_url("host", host, token),
        note=_seats_taken(row.seats_taken),
        danger_url=_url("host_visit_call_off", host, token, visit=row.uuid),
        danger_label=_("Call this visit off"),
    )


def _seats_taken(number: int) -> str:
    if not number:
        return ""
    words = ngettext(
        "%(number)d seat is taken. Who holds it is told when time or place changes.",
        "%(number)d seats are taken. Who holds them is told when time or place changes.",
        number,
    )
    return words % {"number": number}


@private_page
@shown_or_sent
@for_host
def host_visit_call_off(request: HttpRequest, host: Host, token: str, visit: UUID) -> HttpResponse:
    """Asks first and says how many people are told; the POST calls the visit off."""
    row = _own_visit(host, visit)
    if reason := by_host.why_not_editable(host) or by_host.why_not_movable(row):
        return _refused(request, host, token, reason)

    def call_off() -> HttpResponse:
        told = by_host.call_off(visit=row)
        words = ngettext(
            "The visit is called off. %(number)d person is told.",
            "The visit is called off. %(number)d people are told.",
            told,
        )
        messages.success(request, words % {"number": told} if told else _("The visit is off the programme."))
        return _home(host, token)

    return ask_page(
        request,
        call_off,
        question=_("Call off your visit of %(when)s?") % {"when": spoken.moment(row.starts_at)},
        detail=who_is_told([row]),
        yes=_("Call it off"),
        back_url=_url("host_visit", host, token, visit=row.uuid),
    )


def who_is_told(visits: Sequence[Visit]) -> str:
    """What follows from calling these visits off, before one does it: who holds a seat, and who waits for one."""
    held, waiting = queries_hosts.people_holding(visits), queries_hosts.people_waiting(visits)
    if not held and not waiting:
        return _("Nobody holds a seat. This cannot be undone.")
    said = []
    if held:
        words = ngettext("%(number)d person holds a seat.", "%(number)d people hold a seat.", held)
        said.append(words % {"number": held})
    if waiting:
        words = ngettext("%(number)d person waits for a seat.", "%(number)d people wait for a seat.", waiting)
        said.append(words % {"number": waiting})
    return " ".join([*said, _("They are told by mail. This cannot be undone.")])


@private_page
@shown_or_sent
@for_host
def host_withdraw(request: HttpRequest, host: Host, token: str) -> HttpResponse:
    """Asks first and says how many people are told; the POST takes the host's word back."""
    if reason := by_host.why_not_editable(host):
        return _refused(request, host, token, reason)

    def withdraw() -> HttpResponse:
        validating.withdraw(host=host, by=None)
        messages.success(request, _("You no longer take part. A mail says so."))
        return _home(host, token)

    return ask_page(
        request,
        withdraw,
        question=_("No longer open your door at %(name)s?") % {"name": str(host.edition.name)},
        detail=who_is_told(queries_hosts.coming_visits(host)),
        yes=_("Withdraw"),
        back_url=_url("host", host, token),
    )


@private_page
@require_POST
@for_host
def host_again(request: HttpRequest, host: Host, token: str) -> HttpResponse:
    """Send the proposal to the team once more."""
    try:
        validating.propose_again(host=host)
    except RuleError as error:
        return _refused(request, host, token, str(error.message))
    messages.success(request, _("Thank you: the team reads your proposal again."))
    return _home(host, token)
