"""Where somebody stands in line, as pages show it: each wish with its place in words, offers with the way to answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from opendoors import queries_waiting
from opendoors.enums import OPEN_WISHES, WaitingState, WishState
from opendoors.models import Visit, WaitingRequest, Wish


@dataclass(frozen=True, slots=True)
class WishLine:
    """One visit of a request. ``offer_url`` only for who came by the link in the mail."""

    wish: Wish
    words: str
    offer_url: str

    @property
    def visit(self) -> Visit:
        return self.wish.visit

    @property
    def is_offered(self) -> bool:
        return self.wish.state == WishState.OFFERED


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request with its visits; ``leave_url`` is empty when there is nothing left to leave."""

    request: WaitingRequest
    wishes: list[WishLine]
    leave_url: str


def request_lines(requests: Collection[WaitingRequest], *, from_mailbox: bool) -> list[RequestLine]:
    """The requests of `queries_waiting.waiting_of` and the like. Places are read in one query for all."""
    places = queries_waiting.places_in_line([wish for request in requests for wish in request.wishes.all()])
    lines = []
    for request in requests:
        wishes = [
            WishLine(
                wish,
                places[wish.pk].reason,
                queries_waiting.offer_url(wish) if from_mailbox and wish.state == WishState.OFFERED else "",
            )
            for wish in request.wishes.all()
        ]
        lines.append(RequestLine(request, wishes, _leave_url(request)))
    return lines


def open_lines(requests: Collection[WaitingRequest], *, from_mailbox: bool) -> list[RequestLine]:
    """The same of those that still wait."""
    waiting = [request for request in requests if request.state == WaitingState.WAITING]
    return request_lines(waiting, from_mailbox=from_mailbox) if waiting else []


def _leave_url(request: WaitingRequest) -> str:
    if not any(wish.state in OPEN_WISHES for wish in request.wishes.all()):
        return ""
    kwargs = {"basin": request.visitor.edition.basin.code, "token": queries_waiting.waiting_link(request)}
    return reverse("opendoors:leave_waiting", kwargs=kwargs)
