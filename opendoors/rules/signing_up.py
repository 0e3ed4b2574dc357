"""One form, one press: seats where there are some, a place in line where there are none, both or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from basins.models import PartnerKey, User
from core import mail
from opendoors.errors import NothingChosen, SeveralEditions
from opendoors.models import BookedVisit, Booking, Edition, Visit, WaitingRequest, Wish
from opendoors.rules import addresses, waiting
from opendoors.rules import booking as booking_rules
from opendoors.rules import seats as seat_rules


@dataclass(frozen=True, slots=True)
class SignUp:
    """What became of it; ``None`` for what was not asked."""

    booking: Booking | None
    request: WaitingRequest | None


def sign_up(
    *,
    visits: Sequence[UUID],
    waits: Sequence[UUID],
    wanted: int,
    seats: int,
    name: str,
    email: str,
    language: str,
    by: User | None,
    organisation: str = "",
    sector: str = "",
    access_needs: bool = False,
    companions: str = "",
    network: str = "",
    key: PartnerKey | None = None,
    within: Edition | None = None,
    known: Mapping[UUID, Visit] | None = None,
) -> SignUp:
    """Book ``visits`` and stand in line for ``wanted`` of ``waits``, both or neither, and one letter says both.

    ``wanted`` counts only with ``waits``. Raises what :func:`booking.book` and :func:`waiting.join` raise.
    """
    who: dict[str, Any] = {
        "seats": seats, "name": name, "email": email, "language": language, "by": by, "organisation": organisation,
        "sector": sector, "access_needs": access_needs, "companions": companions, "network": network, "key": key,
        "within": within, "known": known,
    }  # fmt: skip
    if not visits and not waits:
        raise NothingChosen
    if not waits:
        return SignUp(booking_rules.book(visits=visits, **who), None)
    if not visits:
        return SignUp(None, waiting.join(visits=waits, wanted=wanted, **who))
    return _both(visits=visits, waits=waits, wanted=wanted, who=who)


@transaction.atomic
def change_and_wait(
    *,
    booking: Booking,
    visits: Sequence[UUID],
    waits: Sequence[UUID],
    wanted: int,
    seats: int | None,
    companions: str,
    by: User | None,
    check: Callable[[], None],
) -> WaitingRequest:
    """By the link in the mail: make ``visits`` the visitor's and wait for others, both or neither.

    As `booking.change` and `waiting.join` do, and raises what they raise. Who waits is who booked, for as many
    people; the link proves the address.
    """
    visitor = seat_rules.relocked_visitor(booking.visitor_id)
    edition = visitor.edition
    check()
    held = [row.visit for row in seat_rules.confirmed(visitor)]
    arriving = set(visits) - {visit.uuid for visit in held}
    party = seats or booking_rules.party_of(booking)
    conditions: dict[str, Any] = {"seats": party, "companions": companions, "within": edition}
    lines = waiting.look(visits=waits, wanted=wanted, **conditions)
    gave_way = addresses.wishes_giving_way(visitor, lines, proven=True)
    seat_rules.lock_visits([*held, *lines, *Visit.objects.filter(uuid__in=arriving)])
    request = waiting.join(
        visits=waits,
        wanted=wanted,
        name=booking.name,
        email=visitor.email,
        language=visitor.language,
        organisation=booking.organisation,
        sector=booking.sector,
        access_needs=booking.access_needs,
        by=by,
        from_mailbox=True,
        tell=False,
        **conditions,
    )
    booking_rules.change(
        booking=booking,
        visits=visits,
        seats=seats,
        companions=companions,
        by=by,
        whole_visitor=True,
        also=waiting.joined_params(request, gave_way),
    )
    return request


@transaction.atomic
def _both(*, visits: Sequence[UUID], waits: Sequence[UUID], wanted: int, who: dict[str, Any]) -> SignUp:
    """One of the two alone is a transaction already: in a rush nobody pays for a second one around it."""
    booked_before, asked_before = _lock_both(visits=visits, waits=waits, wanted=wanted, who=who)
    booking = booking_rules.book(visits=visits, tell=False, **who)
    request = waiting.join(visits=waits, wanted=wanted, tell=False, **who)
    _tell(booking, request, who, gave_way=booked_before, gave_way_in_line=asked_before)
    return SignUp(booking, request)


def _lock_both(
    *, visits: Sequence[UUID], waits: Sequence[UUID], wanted: int, who: dict[str, Any]
) -> tuple[list[BookedVisit], list[Wish]]:
    """All visits at once: locked first for the one, then for the other, they would not come in order of key.

    Gives what gives way to it: seats and places in line that nobody confirmed.
    """
    conditions = {name: who[name] for name in ("seats", "companions", "key", "within", "known")}
    chosen = booking_rules.look(visits=visits, **conditions)
    lines = waiting.look(visits=waits, wanted=wanted, **conditions)
    edition = chosen[0].edition
    if lines[0].edition != edition:
        raise SeveralEditions
    visitor = seat_rules.locked_visitor(edition, who["email"], who["language"])
    proven = addresses.is_proven(edition, who["email"], by=who["by"], key=who["key"])
    giving_way = addresses.giving_way(visitor, chosen, proven=proven)
    seat_rules.lock_visits([*chosen, *lines, *(row.visit for row in giving_way)])
    return giving_way, addresses.wishes_giving_way(visitor, lines, proven=proven)


def _tell(
    booking: Booking,
    request: WaitingRequest,
    who: dict[str, Any],
    *,
    gave_way: Sequence[BookedVisit],
    gave_way_in_line: Sequence[Wish],
) -> None:
    kind = "opendoors.booked_and_waiting"
    params = {"booking": str(booking.uuid), **waiting.joined_params(request, gave_way_in_line)}
    if gave_way:
        params["gave_way"] = [str(row.uuid) for row in gave_way]
    mail.post(
        kind,
        to=who["email"].strip().lower(),
        language=who["language"],
        params=params,
        key=f"{kind}:{booking.uuid}:{timezone.now():%Y%m%dT%H%M%S%f}",
        scope=request.visitor.edition.basin.code,
    )
