"""To who waits: the place in line, a seat on offer, that its time is over, that the line is; and unconfirmed seats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bilingual import text
from core.mail import Letter, absolute_url, letter
from core.spoken import moment
from opendoors import queries_waiting
from opendoors.emails.common import (
    NOT_YOU,
    Button,
    confirm_button,
    instead_of,
    rows_of,
    visitor_of,
    visits_letter,
    when_of,
)
from opendoors.enums import OPEN_WISHES, WaitingState, WishState
from opendoors.models import BookedVisit, Booking, Visit, WaitingRequest, Wish

YOURS = gettext_lazy("These visits are yours:")
WHY = gettext_lazy("You get this mail because somebody asked for a place in line with your address.")


@letter("opendoors.waiting_joined", title=gettext_lazy("Place in line"))
def waiting_joined(params: dict[str, Any]) -> Letter | None:
    """Right after joining: where one stands and why, what happens next, and the address to confirm."""
    request = request_of(params)
    if not in_line(request):
        return None
    lead = _("You are on the waiting list of %(name)s. When a seat comes free for you, we write to you at once.") % {
        "name": text(request.visitor.edition, "name")
    }
    notes = line_notes(request, params)
    button = Button(_("See my place in line"), absolute_url(queries_waiting.waiting_url(request)))
    subject = _("You are on the waiting list")
    if request.held_until is not None:
        subject = _("Please confirm your place in line")
        button = confirm_button(request.visitor)
        notes.insert(
            0,
            _("Confirm your address by %(when)s: before that no seat is offered to you, after that your place is gone.")
            % {"when": moment(request.held_until)},
        )
        notes.append(str(NOT_YOU))
    return visits_letter(
        request.visitor,
        subject,
        lead,
        rows_of(request.visitor),
        reference=request.reference,
        heading=str(YOURS),
        why=str(WHY),
        button=button,
        notes=notes,
    )


@letter("opendoors.seat_offered", title=gettext_lazy("A seat on offer"))
def seat_offered(params: dict[str, Any]) -> Letter | None:
    """A seat came free for the next in line: until when to answer, and where."""
    wish = _wish_of(params)
    if wish.state != WishState.OFFERED or wish.expires_at is None or wish.expires_at <= timezone.now():
        return None
    host, seats = wish.visit.host.name, wish.request.seats
    subject = ngettext("A seat for you: %(host)s", "%(seats)d seats for you: %(host)s", seats) % {
        "host": host,
        "seats": seats,
    }
    lead = _(
        "What you waited for has come free: %(host)s, %(when)s. Answer by %(until)s; after that the next one is asked."
    ) % {
        "host": host,
        "when": when_of(wish.visit),
        "until": moment(wish.expires_at),
    }
    notes = [_("If you can no longer come, say so on the same page: somebody else will be glad of it.")]
    rows = rows_of(wish.request.visitor)
    notes += _clash_words(wish.visit, rows)
    button = Button(_("Answer now"), absolute_url(queries_waiting.offer_url(wish)))
    return visits_letter(
        wish.request.visitor,
        subject,
        lead,
        rows,
        reference=wish.request.reference,
        heading=str(YOURS),
        why=str(WHY),
        button=button,
        notes=notes,
    )


@letter("opendoors.offer_lapsed", title=gettext_lazy("Offer of a seat over"))
def offer_lapsed(params: dict[str, Any]) -> Letter | None:
    """Nobody answered in time: the seat went on; what still waits, or that nothing does."""
    wish = _wish_of(params)
    visitor = wish.request.visitor
    lead = _("You did not answer in time, so the seat went to the next in line: %(host)s, %(when)s.") % {
        "host": wish.visit.host.name,
        "when": when_of(wish.visit),
    }
    if wish.request.state == WaitingState.WAITING:
        notes = [_("Your other places in line stay yours.")]
    else:
        notes = [_("If you still want to come, book a visit that has seats, or ask for a place in line again.")]
    return visits_letter(
        visitor,
        _("No longer on offer: %(host)s") % {"host": wish.visit.host.name},
        lead,
        rows_of(visitor),
        reference=wish.request.reference,
        heading=str(YOURS),
        why=str(WHY),
        notes=notes,
        instead=instead_of(wish.visit, rows_of(visitor), wish.request.seats),
    )


@letter("opendoors.waiting_ended", title=gettext_lazy("Waiting list over"))
def waiting_ended(params: dict[str, Any]) -> Letter | None:
    """The last line of a request is over, and not all that was wanted came of it."""
    request = request_of(params)
    rows = rows_of(request.visitor)
    missed = [wish.visit for wish in request.wishes.all() if wish.state == WishState.ENDED]
    lead = _("Your waiting is over, we are sorry: no seat came free in time at %(names)s.") % {
        "names": ", ".join(f"{visit.host.name} ({when_of(visit)})" for visit in missed)
    }
    if not missed:
        lead = _("Your waiting at %(name)s is over.") % {"name": text(request.visitor.edition, "name")}
    return visits_letter(
        request.visitor,
        _("Your place in line has ended"),
        lead,
        rows,
        reference=request.reference,
        heading=str(YOURS),
        why=str(WHY),
        instead=instead_of(missed[0], rows, request.seats) if missed else (),
    )


@letter("opendoors.waiting_called_off", title=gettext_lazy("A visit waited for is called off"))
def waiting_called_off(params: dict[str, Any]) -> Letter | None:
    """A host calls off a visit that people wait for: they are told, with what there is instead."""
    wish = _wish_of(params)
    rows = rows_of(wish.request.visitor)
    lead = _("A visit you wait for is called off: %(host)s, %(when)s. We are sorry.") % {
        "host": wish.visit.host.name,
        "when": when_of(wish.visit),
    }
    notes = [_("Your other places in line stay yours.")] if wish.request.state == WaitingState.WAITING else []
    return visits_letter(
        wish.request.visitor,
        _("Called off: %(host)s") % {"host": wish.visit.host.name},
        lead,
        rows,
        reference=wish.request.reference,
        heading=str(YOURS),
        why=str(WHY),
        notes=notes,
        instead=instead_of(wish.visit, rows, wish.request.seats),
    )


@letter("opendoors.waiting_too_large", title=gettext_lazy("A visit waited for has too few seats"))
def waiting_too_large(params: dict[str, Any]) -> Letter | None:
    """A host cuts the seats below what a group waits for: they are told, with what there is instead."""
    wish = _wish_of(params)
    rows = rows_of(wish.request.visitor)
    lead = _(
        "You wait for %(wanted)d seats at %(host)s, %(when)s. This visit has fewer seats from now on (%(seats)d), "
        "so your place in line is over. We are sorry."
    ) % {
        "wanted": wish.request.seats,
        "host": wish.visit.host.name,
        "when": when_of(wish.visit),
        "seats": wish.visit.seats,
    }
    notes = [_("Would fewer of you come? Then book, or ask for a place in line again, for that many.")]
    if wish.request.state == WaitingState.WAITING:
        notes.append(_("Your other places in line stay yours."))
    return visits_letter(
        wish.request.visitor,
        _("Too few seats for your group: %(host)s") % {"host": wish.visit.host.name},
        lead,
        rows,
        reference=wish.request.reference,
        heading=str(YOURS),
        why=str(WHY),
        notes=notes,
        instead=instead_of(wish.visit, rows, wish.request.seats),
    )


@letter("opendoors.waiting_moved", title=gettext_lazy("A visit waited for moved"))
def waiting_moved(params: dict[str, Any]) -> Letter | None:
    """A visit that people wait for has another time or place: they say whether that still suits them."""
    wish = _wish_of(params)
    if wish.state not in OPEN_WISHES:
        return None
    rows = rows_of(wish.request.visitor)
    lead = _(
        "A visit you wait for has a new time or place: %(host)s, now %(when)s, %(place)s. "
        "Your place in line stays yours."
    ) % {
        "host": wish.visit.host.name,
        "when": when_of(wish.visit),
        "place": wish.visit.place.address or _("the address follows"),
    }
    notes = _clash_words(wish.visit, rows)
    if wish.state == WishState.OFFERED and wish.expires_at is not None:
        notes.insert(0, _("A seat in it is on offer to you until %(when)s.") % {"when": moment(wish.expires_at)})
        button = Button(_("Answer now"), absolute_url(queries_waiting.offer_url(wish)))
    else:
        button = Button(_("See my place in line"), absolute_url(queries_waiting.waiting_url(wish.request)))
    return visits_letter(
        wish.request.visitor,
        _("Changed: %(host)s") % {"host": wish.visit.host.name},
        lead,
        rows,
        reference=wish.request.reference,
        heading=str(YOURS),
        why=str(WHY),
        button=button,
        notes=notes,
    )


@letter("opendoors.unconfirmed_released", title=gettext_lazy("Seats given back, not confirmed"))
def unconfirmed_released(params: dict[str, Any]) -> Letter | None:
    """Nobody confirmed the address in time: what was held goes to others, and how to have it after all."""
    visitor = visitor_of(params)
    bookings = Booking.objects.filter(uuid__in=params["bookings"])
    gone = BookedVisit.objects.filter(booking__in=bookings).select_related("visit__host").order_by("visit__starts_at")
    waited = Wish.objects.filter(request__uuid__in=params["requests"]).select_related("visit__host")
    visits = list(dict.fromkeys([*(row.visit for row in gone), *(wish.visit for wish in waited)]))
    lead = _(
        "Your address was not confirmed in time, so what was held for you went to others: %(names)s. "
        "If it was not you who booked, you need do nothing."
    ) % {"names": "; ".join(f"{visit.host.name}, {when_of(visit)}" for visit in visits)}
    notes = [_("If it was you: book again, and confirm by the link in the mail that follows.")]
    return visits_letter(
        visitor, _("Not confirmed: your seats were given back"), lead, rows_of(visitor), heading=str(YOURS), notes=notes
    )


def in_line(request: WaitingRequest) -> list[Wish]:
    """What a request still waits for, or has on offer."""
    return [wish for wish in request.wishes.all() if wish.state in OPEN_WISHES]


def line_notes(request: WaitingRequest, params: dict[str, Any]) -> list[str]:
    """Where one stands and why, how many of the visits one wants, what gave way to it (of the letter's ``params``)."""
    wishes = in_line(request)
    notes = [_line_words(wish, place) for wish, place in _placed(wishes)]
    if len(wishes) > 1:
        wanted = ngettext(
            "You want one of these visits: once you accept it, the others go to the next in line.",
            "You want %(number)d of these visits: once you accepted them, the others go to the next in line.",
            request.wanted,
        )
        notes.append(wanted % {"number": request.wanted})
    return notes + _gave_way_words(params.get("gave_way_in_line", ()))


def request_of(params: dict[str, Any]) -> WaitingRequest:
    """The request a letter is about, with its wishes, as `queries_waiting.waiting_of` gives it."""
    uuid = params["request"]
    visitor = WaitingRequest.objects.select_related("visitor").get(uuid=uuid).visitor
    return queries_waiting.waiting_of(visitor).get(uuid=uuid)


def _wish_of(params: dict[str, Any]) -> Wish:
    return Wish.objects.select_related(
        "request__visitor__edition__basin", "visit__host", "visit__place__municipality", "visit__edition__basin"
    ).get(uuid=params["wish"])


def _placed(wishes: list[Wish]) -> list[tuple[Wish, queries_waiting.LinePlace]]:
    places = queries_waiting.places_in_line(wishes)
    return [(wish, places[wish.pk]) for wish in wishes]


def _gave_way_words(wishes: Sequence[str]) -> list[str]:
    """What stood in these lines with the address and was never confirmed."""
    if not wishes:
        return []
    gone = Wish.objects.filter(uuid__in=wishes).select_related("visit__host").order_by("visit__starts_at")
    names = ", ".join(wish.visit.host.name for wish in gone)
    return [
        _("Asked for before with your address and never confirmed; this request takes its place: %(names)s.")
        % {"names": names}
    ]


def _line_words(wish: Wish, place: queries_waiting.LinePlace) -> str:
    return f"{wish.visit.host.name}, {when_of(wish.visit)} — {place.reason}"


def _clash_words(visit: Visit, rows: list[BookedVisit]) -> list[str]:
    """What accepting would give back."""
    clashing = [
        row.visit.host.name
        for row in rows
        if row.visit.starts_at < visit.ends_at and visit.starts_at < row.visit.ends_at
    ]
    if not clashing:
        return []
    return [_("At that time you have %(names)s: it is given back when you accept.") % {"names": ", ".join(clashing)}]
