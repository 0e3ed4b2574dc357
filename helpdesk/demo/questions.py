"""Forty believable questions, in both languages and all five basins, in every state.

Answers name records that the demo's directory has, frozen as an answer's are.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Mapping

from django.utils import timezone

from basins.models import User
from core.spoken import BRUSSELS
from directory import access
from directory.models import Service
from directory.search.finder import find
from directory.search.questions import Question
from helpdesk.demo.cast import FACTS, Cast
from helpdesk.enums import (
    Channel,
    EventKind,
    Helped,
    MessageKind,
    Outcome,
    TicketState,
)
from helpdesk.models import AnswerRecord, Asker, Message, Ticket, TicketEvent, WaitingPause
from helpdesk.rules.asking import title_of
from helpdesk.rules.clock import due_at
from helpdesk.rules.handling import close
from helpdesk.rules.indexing import index
from helpdesk.rules.routing import route
from helpdesk.rules.targets import due_of
from helpdesk.snapshots import freeze

FILE = FACTS / "demo_tickets.csv"
DAAN = "daan@example.org"
DAANS = (1, 3)  # the rows that he asked
NAMES = {
    "fr": "Amina B. · Camille D. · Élise R. · Gilles L. · Karim H. · Nadia S. · Olivier M. · Yasmine T.".split(" · "),
    "nl": "Bart P. · Dries V. · Fatima A. · Joris W. · Leen C. · Petra J. · Sofie G. · Wim D.".split(" · "),
}
ORGANISATIONS = {
    "fr": ["Maison médicale de l’Exemple", "Service social du Modèle", "Centre de l’Essai asbl", "Soins du Quartier"],
    "nl": ["Voorbeeldhuis vzw", "Thuiszorg Het Model", "Dienstencentrum De Proef", "Wijkgezondheidscentrum Model"],
}
# Two situations that nobody could answer, and what the basins lack.
NO_ANSWER = {
    "emergency-shelter": "Crisisopvang voor gezinnen",
    "finding-housing": "Logements adaptés aux chaises roulantes",
}


# Told anew as examples: these were answered, whatever the others came to.
EXAMPLES = (1, 5, 9, 12, 18, 29, 39)


def seed(cast: Cast) -> list[Ticket]:
    """The forty, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [_ticket(row, number=number, cast=cast) for number, row in enumerate(csv.DictReader(file))]


def _ticket(row: Mapping[str, str], *, number: int, cast: Cast) -> Ticket:
    rng, today, terms, agents = cast.rng, cast.today, cast.terms, cast.agents
    language, state = row["language"], TicketState(row["state"])
    asked_at = _moment(today, int(row["days"]), rng)
    routed = route(postcode=row["postcode"], chosen=None, page=None)
    agent = agents[routed.basin.code]
    name = NAMES[language][number % len(NAMES[language])]
    asker = Asker.objects.create(
        name="Daan" if number in DAANS else name,
        email=DAAN if number in DAANS else f"demo{number}@example.org",
        organisation=ORGANISATIONS[language][number % 4],
        profession=row["profession"],
        language=language,
    )
    ticket = Ticket.objects.create(
        basin=routed.basin,
        postcode=row["postcode"],
        municipality=routed.municipality,
        routing=routed.reason,
        channel=row["channel"],
        kind=row["kind"],
        theme=terms[("themes", row["theme"])],
        audience=terms[("audiences", row["audience"])],
        subject=title_of(row["body"]),
        language=language,
        asker=asker,
        received_at=asked_at,
        is_incomplete=state == TicketState.OPEN and row["channel"] == Channel.PHONE,
    )
    _said(ticket, MessageKind.FROM_ASKER, row["body"], asked_at, channel=row["channel"], by=None)
    _event(ticket, EventKind.ASKED, asked_at, after=ticket.basin.code)
    if agent is not None and state != TicketState.NEW:
        _go_on(ticket, row, state, agent, rng)
    if number in EXAMPLES:
        ticket.outcome = Outcome.SOLVED
    ticket.due_at = due_of(ticket)
    ticket.save()
    index(ticket)
    return ticket


def _go_on(ticket: Ticket, row: Mapping[str, str], state: TicketState, agent: User, rng: random.Random) -> None:
    """Taken, asked back or answered, closed: each with its moment, within working hours."""
    taken_at = due_at(ticket.received_at, rng.randrange(20, 180)) or ticket.received_at
    ticket.assignee = agent
    _event(ticket, EventKind.ASSIGNED, taken_at, by=agent, after=str(agent.uuid))
    _step(ticket, TicketState.OPEN, taken_at, agent)
    answered_at = due_at(taken_at, rng.randrange(15, 400)) or taken_at
    if state == TicketState.WAITING:
        _said(ticket, MessageKind.QUESTION_BACK, row["answer"], answered_at, channel=Channel.WEB, by=agent)
        _step(ticket, TicketState.WAITING, answered_at, agent)
        WaitingPause.objects.create(ticket=ticket, started_at=answered_at)
    elif row["answer"]:
        said = _said(ticket, MessageKind.ANSWER, row["answer"], answered_at, channel=Channel.WEB, by=agent)
        _records(said, row["query"], row["postcode"], agent)
        ticket.first_answered_at = answered_at
        _step(ticket, TicketState.ANSWERED, answered_at, agent)
    if state == TicketState.CLOSED:
        _end(ticket, row, agent, rng)


def _end(ticket: Ticket, row: Mapping[str, str], agent: User, rng: random.Random) -> None:
    if row["theme"] in NO_ANSWER:
        ticket.asker.email, email = "", ticket.asker.email  # the letter of long ago is not written today
        ticket.asker.save()
        ticket.save()
        closed = close(ticket=ticket, outcome=Outcome.NO_ANSWER, by=agent, need_title=NO_ANSWER[row["theme"]])
        ticket.state, ticket.outcome, ticket.need = closed.state, closed.outcome, closed.need
        ticket.asker.email = email
        ticket.asker.save()
    else:
        _step(ticket, TicketState.CLOSED, ticket.received_at + dt.timedelta(days=12), agent)
        ticket.outcome = Outcome.REFERRED if rng.random() < 0.25 else Outcome.SOLVED
        ticket.helped = rng.choice([Helped.YES, Helped.YES, Helped.PARTLY, Helped.NO])
        ticket.helped_at = ticket.received_at + dt.timedelta(days=15)
    ticket.closed_at = ticket.received_at + dt.timedelta(days=12)


def _records(said: Message, query: str, postcode: str, agent: User) -> None:
    found = find(Question(words=query, near=postcode, visible=access.visible_to(agent), per_page=3))
    rows = Service.objects.filter(pk__in=[hit.service for hit in found.hits]).values_list("uuid", flat=True)
    for place, snapshot in enumerate(freeze(list(rows), language=said.language, by=agent) or []):
        AnswerRecord.objects.create(
            message=said,
            kind=snapshot["kind"],
            record=snapshot["record"],
            snapshot={**snapshot, "at": said.said_at.isoformat()},
            position=place,
        )


def _said(
    ticket: Ticket, kind: MessageKind, body: str, moment: dt.datetime, *, channel: str, by: User | None
) -> Message:
    return Message.objects.create(
        ticket=ticket, kind=kind, channel=channel, author=by, language=ticket.language, body=body, said_at=moment
    )


def _step(ticket: Ticket, state: TicketState, moment: dt.datetime, by: User) -> None:
    _event(ticket, EventKind.STATE, moment, by=by, before=ticket.state, after=state)
    ticket.state = state


def _event(
    ticket: Ticket, kind: EventKind, moment: dt.datetime, *, by: User | None = None, before: str = "", after: str = ""
) -> None:
    TicketEvent.objects.create(ticket=ticket, kind=kind, at=moment, by=by, before=before, after=after)


def _moment(today: dt.date, days: int, rng: random.Random) -> dt.datetime:
    """Some hour of that day, never in the future."""
    day = today - dt.timedelta(days=days)
    clock = dt.time(rng.randrange(8, 18), rng.choice([5, 12, 20, 34, 47, 55]))
    return min(dt.datetime.combine(day, clock, tzinfo=BRUSSELS), timezone.now() - dt.timedelta(minutes=10))
