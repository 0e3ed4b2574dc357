"""What the desk reads: its inbox, one ticket with all of it, earlier cases that are like it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, DateTimeField, ExpressionWrapper, F, Q, QuerySet, TextChoices, Value
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from basins.models import User
from basins.rights import Right
from core.spoken import BRUSSELS
from core.text import fold
from helpdesk import queries
from helpdesk.enums import ON_THE_DESK, Channel, EventKind, HeldState, TicketState
from helpdesk.models import HeldMail, Ticket, TicketEvent, TicketRead
from helpdesk.rules.indexing import CONFIG

WORDS_READ = 8


class Tab(TextChoices):
    """The parts of the inbox."""

    DESK = "desk", gettext_lazy("To answer")
    WAITING = "waiting", gettext_lazy("Waits for who asked")
    ANSWERED = "answered", pgettext_lazy("tickets", "Answered")
    CLOSED = "closed", pgettext_lazy("tickets", "Closed")
    ALL = "all", gettext_lazy("All tickets")


STATES: dict[str, frozenset[TicketState]] = {
    Tab.DESK: ON_THE_DESK,
    Tab.WAITING: frozenset({TicketState.WAITING}),
    Tab.ANSWERED: frozenset({TicketState.ANSWERED}),
    Tab.CLOSED: frozenset({TicketState.CLOSED}),
    Tab.ALL: frozenset(TicketState),
}


class Whose(TextChoices):
    """Who has a ticket in hand."""

    EVERYBODY = "", gettext_lazy("The whole desk")
    MINE = "mine", gettext_lazy("Me")
    NOBODY = "nobody", gettext_lazy("Nobody yet")


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What the inbox is narrowed to. ``exact``: columns and values, as the figures name a part of them."""

    tab: str = Tab.DESK
    whose: str = Whose.EVERYBODY
    words: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    exact: dict[str, str] = field(default_factory=dict)


# The parts that figures count by, as a column of the ticket; the first word is the parameter of the address.
EXACT: dict[str, str] = {
    "channel": "channel",
    "kind": "kind",
    "outcome": "outcome",
    "helped": "helped",
    "language": "language",
    "basin": "basin__code",
    "theme": "theme__code",
    "audience": "audience__code",
    "municipality": "municipality__nis_code",
    "profession": "asker__profession",
}


def inbox(user: User, basin: str | None, wanted: InboxFilter) -> QuerySet[Ticket]:
    """Tickets of the desk in a basin, or (None) at all helpdesks of the reader.

    What is to be answered stands by its due time, so that what is overdue comes first; the rest by when it came.
    """
    rows = queries.tickets_for(user, basin).filter(state__in=STATES[wanted.tab])
    match wanted.whose:
        case Whose.MINE:
            rows = rows.filter(assignee=user)
        case Whose.NOBODY:
            rows = rows.filter(assignee=None)
    rows = rows.filter(**_place_of(EXACT, wanted.exact), **_period(wanted))
    if wanted.words:
        rows = rows.filter(_said(wanted.words))
    if wanted.tab == Tab.DESK:
        return rows.order_by(_DUE, "received_at", "pk")
    return rows.order_by("-received_at", "-pk")


class InboxPages(Paginator):  # type: ignore[type-arg]  # generic for mypy alone
    """The inbox page by page: the keys of a page first, then its rows, so that only those are joined.

    A search counts to ``COUNTED_AT_MOST``, and turns no further. ``basin`` as for :func:`inbox`.
    """

    def __init__(self, user: User, basin: str | None, wanted: InboxFilter, per_page: int) -> None:
        self.rows, self.without_words = inbox(user, basin, wanted), inbox(user, basin, replace(wanted, words=""))
        self.said, self.is_search, self.is_desk = _said(wanted.words), bool(wanted.words), wanted.tab == Tab.DESK
        super().__init__(self.rows.values_list("pk", flat=True), per_page)

    @cached_property
    def count(self) -> int:
        if not self.is_search:
            return self.rows.order_by().count()
        return min(self._found, COUNTED_AT_MOST)

    @cached_property
    def _found(self) -> int:
        return self.rows.order_by().values("pk")[: COUNTED_AT_MOST + 1].count()

    @property
    def is_cut(self) -> bool:
        """Whether a search has more than are counted."""
        return self.is_search and self._found > COUNTED_AT_MOST

    def page(self, number: int | str) -> Page[Ticket]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = start + self.per_page
        keys = self._walked(end)[start:end] if self.is_cut and self.said and not self.is_desk else []
        if len(keys) < self.per_page:
            ordered = self.rows
            if self.is_search and not self.is_cut and not self.is_desk:
                ordered = ordered.order_by(_LATEST.desc(), "-pk")
            keys = list(ordered.values_list("pk", flat=True)[start:end])
        found = self.rows.order_by().in_bulk(keys)
        return Page([found[key] for key in keys], number, self)

    def _walked(self, number: int) -> list[int]:
        """The first tickets with words that many have, by walking from the newest on; fewer where the walk gets long.

        PostgreSQL takes two common words for a rare pair and would read every ticket that has both, to sort them.
        """
        rows = self.without_words.annotate(has_words=ExpressionWrapper(self.said, output_field=BooleanField()))
        pairs = rows.values_list("pk", "has_words")
        found: list[int] = []
        for begin in range(0, WALKED_AT_MOST, WALKED_AT_ONCE):
            found += [key for key, has_words in pairs[begin : begin + WALKED_AT_ONCE] if has_words]
            if len(found) >= number:
                break
        return found


_DUE = F("due_at").asc(nulls_last=True)
COUNTED_AT_MOST = 1_000
WALKED_AT_ONCE, WALKED_AT_MOST = 250, 2_000
# The same order by an expression: else PostgreSQL, for a page of a search, walks through all tickets by date instead
# of taking those that have the words, a hundred times slower for a rare one.
_LATEST = ExpressionWrapper(F("received_at") + Value(dt.timedelta(0)), output_field=DateTimeField())

NONE = "none"  # the part of the figures that nobody filled in


def _place_of(columns: dict[str, str], exact: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in exact.items():
        column = columns[name]
        if value != NONE:
            found[column] = value
        elif "__" in column and name != "profession":
            found[f"{column.partition('__')[0]}__isnull"] = True
        else:
            found[column] = ""
    return found


def _period(wanted: InboxFilter) -> dict[str, dt.datetime]:
    found = {}
    if wanted.since is not None:
        found["received_at__gte"] = dt.datetime.combine(wanted.since, dt.time(0), tzinfo=BRUSSELS)
    if wanted.until is not None:
        found["received_at__lt"] = dt.datetime.combine(wanted.until + dt.timedelta(days=1), dt.time(0), tzinfo=BRUSSELS)
    return found


def _said(words: str) -> Q:
    """All the words stand in subject or thread, the last letters of each left out at will; a code is one of them."""
    return Q(search_vector=_asked(words)) if re.search(r"\w", fold(words)) else Q()


def _asked(words: str) -> SearchQuery:
    tokens = re.findall(r"\w+", fold(words))[:WORDS_READ]
    return SearchQuery(" & ".join(f"{token}:*" for token in tokens), config=CONFIG, search_type="raw")


def counts(user: User, basin: str | None) -> dict[str, int]:
    """How many tickets wait in each part of the inbox; closed ones are not counted, they only grow."""
    states = [state for state in TicketState if state != TicketState.CLOSED]
    rows = queries.tickets_for(user, basin).filter(state__in=states).order_by()
    by_state = dict(rows.values_list("state").annotate(number=Count("pk")))
    return {tab: sum(by_state.get(state, 0) for state in STATES[tab]) for tab in (Tab.DESK, Tab.WAITING, Tab.ANSWERED)}


def overdue(user: User, now: dt.datetime | None = None) -> QuerySet[Ticket]:
    """What is late at the helpdesks of the reader."""
    late = queries.tickets_for(user).filter(state__in=ON_THE_DESK, due_at__lte=now or timezone.now())
    return late.order_by("due_at", "pk")


def one(user: User, code: str) -> Ticket | None:
    """A ticket of the reader's helpdesks with what its page shows."""
    rows = queries.tickets_for(user).select_related("answering_by", "merged_into__basin", "need", "key", "example")
    return rows.filter(code=code.upper()).first()


def history(ticket: Ticket) -> QuerySet[TicketEvent]:
    """What happened to it, the first thing first."""
    return ticket.events.select_related("by").order_by("at", "pk")


def readers(ticket: Ticket, at_most: int = 30) -> list[TicketRead]:
    """Who read it, the last first."""
    return list(ticket.reads.select_related("reader")[:at_most])


# --- Earlier cases -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Similar:
    """An earlier ticket, and in which ways it is like this one."""

    ticket: Ticket
    why: list[str]


_TOO_SHORT = 4  # letters: what is shorter says nothing of a question
_EMPTY = frozenset(
    "avec pour dans elle sans plus cette leur sont mais aussi fait peut depuis quel quelle quels faut chez tout tous "
    "deux comme bien avoir etre encore nous vous votre notre merci bonjour madame monsieur personne cherche besoin "
    "quelque quelqu aide voor niet naar door deze haar zijn maar meer geen kunnen heeft worden over onze jullie graag "
    "hulp zoek zoekt iemand mevrouw meneer persoon vraag nodig alleen kan wordt omdat goed dank dag beste".split()
)
SIMILAR_AT_MOST, CANDIDATES = 5, 200
SAME_AT_MOST = 8


def telling_words(words: str) -> list[str]:
    """The words of a question that say what it is about, in their order, each once."""
    tokens = re.findall(r"[^\W\d_]+", fold(words))
    told = [token for token in tokens if len(token) >= _TOO_SHORT and token not in _EMPTY]
    return list(dict.fromkeys(told))


def similar(user: User, ticket: Ticket) -> list[Similar]:
    """Earlier answered cases of the reader's helpdesks, the most alike first, each with why.

    Counted: the same theme 3, the same audience 2, the same municipality 1, each shared word 1. Of the last cases
    that share anything, so that a common word does not read through all there ever were. Two queries.
    """
    words = telling_words(f"{ticket.subject}\n{first_words(ticket)}")[:20]
    said = Q(search_vector=SearchQuery(" | ".join(words), config=CONFIG, search_type="raw")) if words else Q(pk__in=[])
    alike = said | Q(theme=ticket.theme_id) if ticket.theme_id is not None else said
    mine = queries.tickets_for(user)
    answered = mine.filter(alike, first_answered_at__isnull=False, anonymised_at=None, merged_into=None)
    last = answered.exclude(pk=ticket.pk).order_by(_LATEST.desc(), "-pk").values("pk")[:CANDIDATES]
    rows = mine.filter(pk__in=last).annotate(has_words=ExpressionWrapper(said, output_field=BooleanField()))
    found = [(_points(ticket, other, words), other) for other in rows]
    ranked = sorted(found, key=lambda each: (each[0][0], each[1].received_at), reverse=True)
    return [Similar(other, why) for (points, why), other in ranked[:SIMILAR_AT_MOST] if points >= 2]


def is_askers_own(ticket: Ticket) -> bool:
    """Whether the subject stands as who asked wrote it: no colleague noted the call, or put it right since."""
    return ticket.channel != Channel.PHONE and not ticket.events.filter(kind=EventKind.COMPLETED).exists()


def asked_by_the_same(user: User, ticket: Ticket) -> QuerySet[Ticket]:
    """What the same address asked at the reader's helpdesks and is not closed: what a ticket may be merged into."""
    if not ticket.asker.email:
        return Ticket.objects.none()
    mine = queries.tickets_for(user).filter(asker__email=ticket.asker.email, merged_into=None)
    return mine.exclude(pk=ticket.pk).exclude(state=TicketState.CLOSED).order_by("-received_at", "-pk")[:SAME_AT_MOST]


def first_words(ticket: Ticket) -> str:
    """What was said first."""
    return ticket.messages.order_by("said_at", "pk").values_list("body", flat=True).first() or ""


def _points(ticket: Ticket, other: Ticket, words: list[str]) -> tuple[int, list[str]]:
    points = 0
    why: list[str] = []
    if ticket.theme_id is not None and other.theme_id == ticket.theme_id:
        points, why = points + 3, [*why, _("same theme")]
    if ticket.audience_id is not None and other.audience_id == ticket.audience_id:
        points, why = points + 2, [*why, _("same audience")]
    if ticket.municipality_id is not None and other.municipality_id == ticket.municipality_id:
        points, why = points + 1, [*why, _("same municipality")]
    shared = [word for word in words if word in set(telling_words(other.subject))]
    if shared:
        points, why = points + len(shared), [*why, _("words: %(words)s") % {"words": ", ".join(shared[:4])}]
    elif getattr(other, "has_words", False):
        points, why = points + 1, [*why, _("words of the question")]
    return points, why


# --- Choices -------------------------------------------------------------------------------------


def helpdesks(user: User) -> list[str]:
    """The basins at whose helpdesk the reader answers."""
    return user.basins_with(Right.ANSWER_TICKETS)


def held_mails(user: User, basin: str) -> QuerySet[HeldMail]:
    """Mails to a basin's helpdesk that nobody has decided on yet, and those that name no basin: any desk sees these."""
    if basin not in user.basins_with(Right.ANSWER_TICKETS):
        return HeldMail.objects.none()
    of_desk = Q(basin__code=basin) | Q(basin=None)
    return HeldMail.objects.filter(of_desk, state=HeldState.WAITING).select_related("basin", "ticket__basin")
