"""What a newcomer of the demo finds at the helpdesk: questions, calls, experts, examples, months, mail to look at.

Most of it goes in by a bulk path of its own: letters about what was asked weeks ago would fill the demo's mailbox, and
what was asked weeks ago was answered then. Where the rows stand keeps the rules' promises: states with their moments,
pauses, history. All is invented; the same day gives the same data.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from basins.models import Basin, User
from basins.rights import Right
from directory.models import TaxonomyTerm
from helpdesk.demo import calls, desk, examples, experts, questions
from helpdesk.demo.cast import Cast
from helpdesk.models import Ticket


@transaction.atomic
def seed(today: dt.date) -> None:
    """All of it, once."""
    if Ticket.objects.exists():
        return
    basins = {basin.code: basin for basin in Basin.objects.all()}
    cast = Cast(
        today=today,
        basins=basins,
        terms={(term.taxonomy.code, term.code): term for term in TaxonomyTerm.objects.select_related("taxonomy")},
        agents={code: _agent_of(basin) for code, basin in basins.items()},
    )
    desk.prepare(cast)
    tickets = questions.seed(cast)
    calls.seed(cast)
    examples.seed(cast, tickets)
    experts.seed(cast, tickets)
    desk.hold_mails(cast, tickets)
    calls.publish_months(cast)


def _agent_of(basin: Basin) -> User | None:
    """Somebody who answers there: of its own team before the Region's."""
    people = [user for user in User.objects.order_by("pk") if user.has_right(Right.ANSWER_TICKETS, basin.code)]
    own = [user for user in people if user.grants.filter(basin=basin, ended_at=None).exists()]
    return next(iter([*own, *people]), None)
