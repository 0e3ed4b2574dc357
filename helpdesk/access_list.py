"""Who may read the tickets of a helpdesk, by which function, and who read which of them: never what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import RoleGrant
from basins.rights import ROLE_RIGHTS, Right, Role
from helpdesk.models import TicketRead

HEADINGS = [
    *(_("Name"), _("E-mail"), _("Function"), _("Basin"), _("Function since"), _("Function until")),
    *(_("Ticket"), _("Times read"), _("Last read")),
]


def lines(basin: str) -> Iterator[list[Any]]:
    """For each function that opens the tickets of a basin, now or before: its holder, and what they read.

    Who read nothing has one line as well; who read without a function that is known (an account that was deleted, a
    role of the past) stands at the end. Two queries.
    """
    roles = [role for role, rights in ROLE_RIGHTS.items() if Right.ANSWER_TICKETS in rights]
    grants = RoleGrant.objects.filter(Q(basin__code=basin) | Q(basin=None), role__in=roles).select_related("user")
    reads: dict[int | None, list[tuple[str, int, Any]]] = {}
    rows = TicketRead.objects.filter(ticket__basin__code=basin).order_by()
    counted = rows.values("reader", "ticket__code").annotate(times=Count("pk"), last=Max("read_at"))
    people: dict[int | None, tuple[str, str]] = {}
    named = counted.values_list("reader", "reader__name", "reader__email", "ticket__code", "times", "last")
    for reader, name, email, code, times, last in named.order_by("reader", "ticket__code").iterator():
        people[reader] = (name or "", email or "")
        reads.setdefault(reader, []).append((code, times, last))
    seen: set[int] = set()
    for grant in grants.order_by("user__email", "granted_at", "pk"):
        seen.add(grant.user_id)
        who = [grant.user.name, grant.user.email, str(Role(grant.role).label), basin, _day(grant.granted_at)]
        for code, times, last in reads.get(grant.user_id) or [("", 0, None)]:
            yield [*who, _day(grant.ended_at), code, times, _moment(last)]
    for other, found in reads.items():
        if other not in seen:
            name, email = people[other]
            for code, times, last in found:
                yield [name, email, "", basin, "", "", code, times, _moment(last)]


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
