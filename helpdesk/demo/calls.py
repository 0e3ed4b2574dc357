"""Calls of the two months before, and those months in figures, as the calendar would have published them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from basins.enums import BasinCode, Language
from basins.models import PostcodeArea, User
from core import jobs as long_jobs
from core.spoken import BRUSSELS
from core.text import fold
from helpdesk import public_figures
from helpdesk.demo.cast import FACTS, Cast
from helpdesk.enums import Channel, EventKind, Helped, MessageKind, Outcome, RoutingReason, TicketState
from helpdesk.jobs import MONTH
from helpdesk.models import Asker, Message, Ticket, TicketEvent
from helpdesk.rules.asking import title_of
from helpdesk.rules.clock import DAY_MINUTES, due_at
from helpdesk.rules.indexing import CONFIG

FILE = FACTS / "demo_calls.csv"
MONTHS = 2
WORKING_DAYS = 18  # of every month
OF_THE_PILOT, OF_OTHERS = 34, 16  # calls in a month; fewer than five of a kind are shown nowhere


class Call(NamedTuple):
    """A ticket that is not stored yet, the words of who called and who answered, and when that was."""

    ticket: Ticket
    asked: str
    answered: str
    answered_at: dt.datetime
    closed_at: dt.datetime


def seed(cast: Cast) -> None:
    """Short calls that were answered the same day, in each basin where somebody answers."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    weights = [int(row["weight"]) for row in rows]
    first = public_figures.month_before(cast.today) - relativedelta(months=MONTHS - 1)
    made: list[Call] = []
    for code, basin in cast.basins.items():
        agent = cast.agents[code]
        if agent is None:
            continue
        places = list(PostcodeArea.objects.filter(basin=basin).select_related("municipality").order_by("pk"))
        number = OF_THE_PILOT if code == BasinCode.SUD_EST else OF_OTHERS
        for month in (first + relativedelta(months=each) for each in range(MONTHS)):
            drawn = cast.rng.choices(rows, weights, k=number)
            made += [_call(row, cast.rng.choice(places), agent, month, cast) for row in drawn]
    _store(made)


def _call(row: Mapping[str, str], place: PostcodeArea, agent: User, month: dt.date, cast: Cast) -> Call:
    rng, language = cast.rng, cast.rng.choice(Language.values)
    begin = dt.datetime.combine(month, dt.time(9), tzinfo=BRUSSELS)
    came = due_at(begin, rng.randrange(5, WORKING_DAYS * DAY_MINUTES)) or begin
    answered = due_at(came, rng.choice([2, 4, 5, 8, 15, 40, 90, 180, 420])) or came
    closed = answered + dt.timedelta(days=8)
    opinion = rng.choice([Helped.YES, Helped.YES, Helped.YES, Helped.PARTLY, ""])
    ticket = Ticket(
        basin=place.basin,
        postcode=place.postcode,
        municipality=place.municipality,
        routing=RoutingReason.ONLY,
        channel=Channel.PHONE if rng.random() < 0.7 else Channel.WEB,
        theme=cast.terms["themes", row["theme"]],
        audience=cast.terms["audiences", row["audience"]],
        subject=title_of(row[language]),
        language=language,
        asker=Asker(profession=row["profession"], language=language),
        state=TicketState.CLOSED,
        assignee=agent,
        received_at=came,
        first_answered_at=answered,
        closed_at=closed,
        outcome=Outcome.SOLVED if rng.random() < 0.8 else Outcome.REFERRED,
        helped=opinion,
        helped_at=closed if opinion else None,
        search_vector=SearchVector(Value(fold(f"{row[language]}\n{row[f'{language}_answer']}")), config=CONFIG),
    )
    return Call(ticket, row[language], row[f"{language}_answer"], answered, closed)


def _store(calls: Sequence[Call]) -> None:
    """All in five statements: a demo should begin at once."""
    tickets = [call.ticket for call in calls]
    Asker.objects.bulk_create(ticket.asker for ticket in tickets)
    Ticket.objects.bulk_create(tickets)
    said, happened = [], []
    for ticket, asked, answered, answered_at, closed_at in calls:
        for kind, body, author, at in (
            (MessageKind.FROM_ASKER, asked, None, ticket.received_at),
            (MessageKind.ANSWER, answered, ticket.assignee, answered_at),
        ):
            said.append(
                Message(
                    ticket=ticket, kind=kind, channel=ticket.channel, author=author, body=body,
                    language=ticket.language, said_at=at,
                )
            )  # fmt: skip
        steps = [TicketState.NEW, TicketState.ANSWERED, TicketState.CLOSED]
        moments = [answered_at, closed_at]
        happened.append(
            TicketEvent(ticket=ticket, kind=EventKind.ASKED, at=ticket.received_at, after=ticket.basin.code)
        )
        happened += [
            TicketEvent(ticket=ticket, kind=EventKind.STATE, at=at, by=ticket.assignee, before=before, after=after)
            for before, after, at in zip(steps[:-1], steps[1:], moments, strict=True)
        ]
    Message.objects.bulk_create(said)
    TicketEvent.objects.bulk_create(happened)


def publish_months(cast: Cast) -> None:
    """The last month of every basin and the one before of the pilot: drawn by the worker, so that the demo begins."""
    last = public_figures.month_before(cast.today)
    wanted = [(code, last) for code in cast.basins]
    wanted.append((BasinCode.SUD_EST, public_figures.month_before(last)))
    for code, month in wanted:
        params = {"basin": str(code), "month": month.isoformat()}
        long_jobs.start(MONTH, params=params, by=None, scope=str(code), language=Language.FR)
