"""Solved cases told anew for everybody, in both languages, and one that waits for a colleague."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence

from helpdesk.demo.cast import FACTS, Cast
from helpdesk.enums import ExampleState
from helpdesk.models import Example, Ticket
from helpdesk.rules import examples
from helpdesk.rules.examples import ExampleData

FILE = FACTS / "demo_examples.csv"
AFTER = dt.timedelta(days=16)  # once who asked has said whether it helped


def seed(cast: Cast, tickets: Sequence[Ticket]) -> None:
    """Written and published by the rules, each two weeks after its question; ``tickets`` are the forty."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        ticket = tickets[int(row["question"])]
        agent = cast.agents[ticket.basin.code]
        if agent is None:
            continue
        words = {name: value for name, value in row.items() if name.endswith(("_fr", "_nl"))}
        records = [each.record for each in examples.records_of(ticket)]
        example = examples.write(ticket=ticket, data=ExampleData(**words, records=records), by=agent)
        if row["state"] == ExampleState.PUBLISHED:
            # A colleague publishes; where there is none the same person may.
            Example.objects.filter(pk=example.pk).update(
                state=ExampleState.PUBLISHED, published_by=agent, published_at=ticket.received_at + AFTER
            )
