"""What somebody asked, in their own space; and what waits for who answers at a helpdesk.

Who is signed in has proven the address by a code in a mail: what the links in mails open, this opens too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from basins.missions import AgendaItem, MySection, Task
from basins.models import Basin, User
from basins.rights import Right
from core.bilingual import Text, current_language, text
from helpdesk import queries
from helpdesk.enums import ON_THE_DESK, HeldState, TicketState
from helpdesk.models import HeldMail, Ticket

LISTED = 12


def sections_of(user: User) -> Iterator[MySection]:
    """One's questions, the last first; those that were merged stand where they went."""
    mine = queries.tickets_of(user.email).filter(merged_into=None, anonymised_at=None)
    items = [_item(ticket) for ticket in mine.order_by("-received_at")[:LISTED]]
    if items:
        yield MySection(_("My questions to the helpdesk"), items)


def _item(ticket: Ticket) -> AgendaItem:
    return AgendaItem(
        uid=f"helpdesk-{ticket.code}",
        title=Text(ticket.subject, ticket.language, is_fallback=ticket.language != current_language()),
        starts=ticket.received_at,
        ends=ticket.received_at,
        url=queries.ticket_url(ticket.asker),
        kind=_("A question"),
        basin_code=ticket.basin.code,
        place=str(TicketState(ticket.state).label),
    )


def tasks_of(user: User) -> Iterator[Task]:
    """What the helpdesk waits for: as who asked, and as who answers."""
    for ticket in queries.tickets_of(user.email).filter(state=TicketState.WAITING, merged_into=None):
        yield Task(_("The helpdesk asks you something: %(subject)s") % {"subject": ticket.subject}, _url(ticket))
    codes = user.basins_with(Right.ANSWER_TICKETS)
    if not codes:
        return
    waiting = (
        Ticket.objects.filter(basin__code__in=codes, state__in=ON_THE_DESK)
        .order_by()
        .values("basin__code")
        .annotate(number=Count("pk"), first=Min("due_at"))
    )
    by_code = {row["basin__code"]: (row["number"], row["first"]) for row in waiting}
    held = dict(
        HeldMail.objects.filter(state=HeldState.WAITING, basin__code__in=codes)
        .order_by()
        .values_list("basin__code")
        .annotate(number=Count("pk"))
    )
    for basin in Basin.objects.filter(code__in={*by_code, *held}):
        yield from _of_basin(basin, by_code.get(basin.code), held.get(basin.code, 0))


def _of_basin(basin: Basin, waiting: tuple[int, dt.datetime | None] | None, held: int) -> Iterator[Task]:
    name = str(text(basin, "name"))
    url = reverse("helpdesk:staff_inbox", kwargs={"basin": basin.code})
    if waiting is not None:
        number, due = waiting
        words = ngettext(
            "Helpdesk %(basin)s: %(number)d question waits for an answer",
            "Helpdesk %(basin)s: %(number)d questions wait for an answer",
            number,
        )
        yield Task(words % {"basin": name, "number": number}, url, due)
    if held:
        words = ngettext(
            "Helpdesk %(basin)s: %(number)d mail waits to be looked at",
            "Helpdesk %(basin)s: %(number)d mails wait to be looked at",
            held,
        )
        yield Task(words % {"basin": name, "number": held}, url)


def _url(ticket: Ticket) -> str:
    return queries.ticket_url(ticket.asker)
