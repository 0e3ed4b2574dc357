"""What the helpdesk gives to the pages that all missions share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from basins import search
from basins.missions import (
    Desk,
    Figure,
    Forgotten,
    HomeCard,
    Kept,
    MenuEntry,
    Mission,
    MySection,
    Period,
    PersonalRecord,
    PrivacyRow,
    SearchHit,
    Task,
    TookPart,
)
from basins.models import Basin, User
from basins.rights import Right
from basins.rules import retention
from core.bilingual import Text, current_language, text
from core.small_counts import shown
from core.spoken import BRUSSELS
from helpdesk import example_queries, expert_queries, mine, named, personal, queries
from helpdesk.access import SCOPE_ASK
from helpdesk.enums import Outcome
from helpdesk.models import Ticket
from helpdesk.rules import forgetting, pool
from helpdesk.rules.handling import OCCASION

# Where the menu says that one is at the helpdesk.
PAGES = frozenset(
    {"helpdesk:ask", "helpdesk:ticket", "helpdesk:helped", "helpdesk:place", "helpdesk:document"}
    | {"helpdesk_region:ask"}
) | {
    f"{space}:{name}"
    for space in ("helpdesk", "helpdesk_region")
    for name in ("examples", "example", "public_figures", "volunteer")
}
# What people call it who look for it.
KINDS = (gettext_noop("Helpdesk"), gettext_noop("Ask the helpdesk"), gettext_noop("A question"))


class Helpdesk(Mission):
    """The helpdesk: an orientation line for professionals who accompany somebody in a complex situation."""

    name = "helpdesk"

    def menu(self, basin: Basin | None) -> Iterable[MenuEntry]:
        return [MenuEntry(_("Helpdesk"), _ask_url(basin), PAGES)]

    def home_cards(self, basin: Basin | None) -> Iterable[HomeCard]:
        sentence = _(
            "A complex situation, and you do not know who can help? We look with you; the person stays unnamed."
        )
        return [HomeCard(_("Find help for somebody"), sentence, _ask_url(basin), _("Ask the helpdesk"), "phone")]

    def ask_url(self, basin: str | None, words: str, postcode: str) -> str:
        given = {name: value for name, value in (("q", words), ("near", postcode)) if value}
        url = queries.desk_url("ask", basin)
        return f"{url}?{urlencode(given)}" if given else url

    def figures(self, basin: Basin | None, period: Period) -> Iterable[Figure]:
        start = dt.datetime.combine(period.start, dt.time.min, tzinfo=BRUSSELS)
        end = dt.datetime.combine(period.end + dt.timedelta(days=1), dt.time.min, tzinfo=BRUSSELS)
        tickets = Ticket.objects.filter(received_at__gte=start, received_at__lt=end, merged_into=None)
        if basin is not None:
            tickets = tickets.filter(basin=basin)
        counted = {
            "asked": (_("Questions to the helpdesk"), tickets.count()),
            "answered": (_("Questions answered"), tickets.exclude(first_answered_at=None).count()),
            "no_answer": (_("Questions to which no answer exists"), tickets.filter(outcome=Outcome.NO_ANSWER).count()),
        }
        for key, (label, number) in counted.items():
            if (told := shown(number)) is not None:
                yield Figure(f"helpdesk.{key}", label, told)

    def search(self, words: str, basin: Basin | None) -> Iterable[SearchHit]:
        if not words.strip():
            return
        if found := search.score(words, [name for kind in KINDS for name in search.in_both(kind)]):
            yield SearchHit(
                kind=_("Page"),
                title=Text(_("Ask the helpdesk"), current_language(), is_fallback=False),
                url=_ask_url(basin),
                excerpt=_("We look with you for the right help; the person stays unnamed."),
                score=found,
                basin_code=basin.code if basin else None,
            )
        yield from example_queries.search_hits(words, basin)

    def tasks_for(self, user: User) -> Iterable[Task]:
        return mine.tasks_of(user)

    def desks(self, user: User) -> Iterable[Desk]:
        for basin in Basin.objects.filter(code__in=user.basins_with(Right.ANSWER_TICKETS)):
            label = _("Helpdesk of %(basin)s") % {"basin": text(basin, "name")}
            yield Desk(label, reverse("helpdesk:staff_inbox", kwargs={"basin": basin.code}))

    def mine(self, user: User) -> Iterable[MySection]:
        return mine.sections_of(user)

    def took_part(self, identifiers: Collection[UUID]) -> Iterable[TookPart]:
        return named.in_answers(identifiers)

    def occasion_url(self, source_key: str) -> str:
        if not source_key.startswith(OCCASION):
            return ""
        ticket = Ticket.objects.filter(uuid=source_key.removeprefix(OCCASION)).select_related("basin").first()
        if ticket is None:
            return ""
        return reverse("helpdesk:staff_ticket", kwargs={"basin": ticket.basin.code, "code": ticket.code})

    def personal_data(self, email: str) -> Iterable[PersonalRecord]:
        yield from personal.records_of(email)
        yield from expert_queries.experts_personal_data(email)

    def forget(self, email: str) -> Forgotten:
        erased, kept = forgetting.forget(email=email)
        reason = _("A question that is not closed: close it first, or ask the helpdesk.")
        return Forgotten(erased + pool.forget_expert(email), [Kept(ticket.code, reason) for ticket in kept])

    def forget_expired(self, today: dt.date) -> int:
        return forgetting.forget_closed_before(retention.first_kept("helpdesk", today))

    def privacy_rows(self) -> Iterable[PrivacyRow]:
        return [*personal.privacy_rows(), expert_queries.experts_privacy_row()]

    def scopes(self) -> dict[str, str]:
        return {SCOPE_ASK: _("Ask the helpdesk, and follow what was asked with the key")}

    def tie_demo(self, *, today: dt.date, is_new: bool) -> None:
        """Answers name records of the directory: they are there once all missions have their data."""
        if is_new:
            from helpdesk import demo  # noqa: PLC0415 - the demo's data is no part of a site that runs

            demo.seed(today)


def _ask_url(basin: Basin | None) -> str:
    return queries.desk_url("ask", basin.code if basin else None)


mission = Helpdesk()
