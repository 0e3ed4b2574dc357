"""The helpdesk with 1,000 tickets and with 100,000: what the inbox, a search in it and the figures cost."""

from __future__ import annotations

import time
from collections.abc import Mapping

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from basins.enums import BasinCode
from basins.models import Basin
from benchmarks.growth import CONTROL, FIRST_KEY, ROUNDS, copies, costs, signed_in
from benchmarks.report import Table
from benchmarks.scene import Scene
from directory.models import TaxonomyTerm
from helpdesk.enums import Channel, Outcome, Profession
from helpdesk.models import Asker, Message, Ticket, WaitingPause
from helpdesk.rules import asking
from helpdesk.rules.asking import AskerData, RequestData

FEW, MANY = 1_000, 100_000
DAYS = 1_000  # over which they came, the few as the many
AT_MOST = 1.5
DESK = BasinCode.SUD_EST


def measure(scene: Scene) -> list[Table]:
    """Each page's time beside that of a page without data, with few tickets and with a hundred times as many."""
    with override("fr"):
        pages = _pages()
    _ask_one()
    client = signed_in("helpdesk@bench.example")
    _grow(0, FEW)
    before, first_before = costs(client, pages), _first_count(client, pages)
    _grow(FEW, MANY - FEW)
    after, first_after = costs(client, pages), _first_count(client, pages)
    table = Table(
        "The helpdesk with a hundred times as many tickets",
        ("page", f"ms with {FEW:,}", f"ms with {MANY:,}", "growth"),
        f"Tickets of five basins over {DAYS:,} days, 2 in 100 of them open (and 200 of the first), two messages each. "
        f"Medians of {ROUNDS} requests in turn; growth is that of the ratio to a page without data. Figures are "
        f"counted once in five minutes: that request took {first_before:.0f} ms with {FEW:,}, {first_after:.0f} ms "
        f"with {MANY:,}.",
    )
    for name in pages:
        if name == CONTROL:
            continue
        growth = (after[name] / after[CONTROL]) / (before[name] / before[CONTROL])
        table.add(name, f"{before[name]:.1f}", f"{after[name]:.1f}", f"{growth:.2f}")
        table.goal(f"{name}: at most {AT_MOST} × what it costs with {FEW:,}", growth <= AT_MOST)
    return [table]


def _pages() -> Mapping[str, str]:
    where = {"basin": DESK}
    inbox = reverse("helpdesk:staff_inbox", kwargs=where)
    return {
        CONTROL: reverse(CONTROL, kwargs=where),
        "inbox: to answer": inbox,
        "inbox: closed": f"{inbox}?tab=closed",
        "inbox: all tickets": f"{inbox}?tab=all",
        "search: a rare word": f"{inbox}?tab=all&q=palliatif",
        "search: a word of two in five": f"{inbox}?tab=all&q=psycholog",
        "search: two words of many": f"{inbox}?tab=all&q=psycholog+domicile",
        "figures of this month": reverse("helpdesk:staff_figures", kwargs=where),
    }


def _first_count(client: Client, pages: Mapping[str, str]) -> float:
    """Milliseconds of the request that counts, while nothing is kept."""
    caches["shared"].clear()
    started = time.perf_counter()
    client.get(pages["figures of this month"], secure=True)
    return (time.perf_counter() - started) * 1000


def _ask_one() -> None:
    """The row that all others are copies of."""
    asking.ask(
        asker=AskerData(name="Bench", email="asker@bench.example", language="fr", profession="nurse"),
        request=RequestData(body="Un soutien psychologique à domicile.", page=Basin.objects.get(code=DESK)),
        channel=Channel.WEB,
    )


def _one_of(values: list[str]) -> str:
    return f"(ARRAY[{', '.join(values)}])[1 + mod(n, {len(values)})]"


def _words(values: list[str]) -> str:
    return _one_of([f"'{value}'" for value in values])


def _grow(first: int, number: int) -> None:
    """So many tickets more, numbered from ``first``, with who asks, what was said and pauses, in SQL."""
    key = str(FIRST_KEY)
    # By a hash: a day has tickets of every basin and with every word, as days have.
    came = f"now() - mod(abs(hashint8(n)), {DAYS}) * interval '1 day' - mod(n, 7) * interval '1 hour'"
    # n / 5: in each basin as in the others. A page of the inbox is full with few tickets, too: it is not what grows.
    is_open = f"(mod(n / 5, 50) = 0 OR (n < {FEW} AND mod(n / 5, 5) = 0))"
    theme = "CASE WHEN n < 15 THEN 'palliatif' WHEN mod(n / 5, 5) > 2 THEN 'psychologique' ELSE 'logement' END"
    place = "CASE WHEN mod(n / 5, 2) = 0 THEN ' domicile' ELSE ' service' END"
    words = f"'mot' || mod(n, 9973) || 'x ' || {theme} || {place}"
    copies(
        Asker,
        number,
        {"email": "'asker' || n || '@bench.example'", "profession": _words([str(each) for each in Profession])},
        first=first,
    )
    terms = [str(each) for each in TaxonomyTerm.objects.order_by("pk").values_list("pk", flat=True)[:12]]
    basins = [str(each) for each in Basin.objects.order_by("pk").values_list("pk", flat=True)]
    outcomes = [str(each) for each in (Outcome.SOLVED, Outcome.REFERRED, Outcome.NO_ANSWER, Outcome.SILENT)]
    copies(
        Ticket,
        number,
        {
            "code": "'G' || n",
            "basin_id": _one_of(basins),
            "asker_id": f"{key} + n",
            "subject": words,
            "theme_id": _one_of(terms),
            "channel": _words([str(each) for each in Channel]),
            "state": f"CASE WHEN {is_open} THEN 'open' ELSE 'closed' END",
            "received_at": came,
            "due_at": f"CASE WHEN {is_open} THEN now() + mod(n, 90) * interval '1 hour' END",
            "first_answered_at": f"CASE WHEN NOT ({is_open}) THEN {came} + mod(n, 90) * interval '1 hour' END",
            "closed_at": f"CASE WHEN NOT ({is_open}) THEN now() END",
            "outcome": f"CASE WHEN {is_open} THEN '' ELSE {_words(outcomes)} END",
            "modified": came,
            "search_vector": f"to_tsvector('simple', 'g' || n || ' ' || {words})",
        },
        first=first,
    )
    said = {"said_at": came, "message_id": "''", "body": words}
    copies(Message, number, {"ticket_id": f"{key} + n", **said}, first=first)
    copies(
        Message, number, {"id": f"{key} * 2 + n", "ticket_id": f"{key} + n", "kind": "'answer'", **said}, first=first
    )
    _pauses(first, number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _pauses(first: int, number: int) -> None:
    """One ticket in twenty waited a day for who asked."""
    table = connection.ops.quote_name(WaitingPause._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (ticket_id, started_at, ended_at)"  # noqa: S608 - the name of our own model
            " SELECT id, received_at, received_at + interval '1 day' FROM helpdesk_ticket"
            " WHERE id BETWEEN %s AND %s AND mod(id, 20) = 1",
            [FIRST_KEY + first, FIRST_KEY + first + number - 1],
        )
