"""What the open-door weeks give to the pages that all missions share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from basins import search
from basins.missions import (
    AgendaItem,
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
from basins.territory import territory
from core.bilingual import Text, both, current_language, text
from opendoors import mine, personal, queries, queries_answers, queries_links
from opendoors.access import SCOPE_ATTENDANCE, SCOPE_BOOK
from opendoors.enums import PUBLIC_STATES, EditionState
from opendoors.figures import count, seen_at
from opendoors.models import Edition, Host, Visit
from opendoors.rules import forgetting, reminding

HOSTS_FOUND = 50
# Where the menu says that one is among the open doors.
PAGES = frozenset(
    f"opendoors:{name}"
    for name in (
        *("editions", "week", "visit", "booked", "change", "cancel", "confirm_address", "offer", "waiting"),
        *("leave_waiting", "call", "call_sent", "host", "figures", "figures_all", "evaluate", "evaluate_host"),
    )
)
# What people call a week whose name they do not know.
KINDS = (gettext_noop("Open doors"), gettext_noop("Open-door week"))


class OpenDoors(Mission):
    """Open-door weeks: *semaine portes ouvertes*, *opendeurweek*."""

    name = "opendoors"

    def menu(self, basin: Basin | None) -> Iterable[MenuEntry]:
        if basin is None:
            return []
        url = reverse("opendoors:editions", kwargs={"basin": basin.code})
        return [MenuEntry(_("Open doors"), url, PAGES)]

    def home_cards(self, basin: Basin | None) -> Iterable[HomeCard]:
        if basin is None:
            return []
        edition = queries.current_edition(basin.code)
        sentence = _("Once a year the services of the basin open their doors to colleagues for a week.")
        if edition is None:
            url = reverse("opendoors:editions", kwargs={"basin": basin.code})
            return [HomeCard(_("Meet each other"), sentence, url, _("See the open-door weeks"), "door")]
        action = _("See %(name)s") % {"name": text(edition, "name")}
        return [HomeCard(_("Meet each other"), sentence, queries.week_url(edition), action, "door")]

    def agenda(self, basin: Basin | None, period: Period) -> Iterable[AgendaItem]:
        editions = Edition.objects.filter(state__in=PUBLIC_STATES).select_related("basin")
        if basin is not None:
            editions = editions.filter(basin=basin)
        for edition in editions.filter(starts_on__lte=period.end, ends_on__gte=period.start):
            yield _agenda_item(edition)
        closing = editions.filter(state__in=[EditionState.PUBLISHED, EditionState.OPEN])
        for edition in closing:
            last_day = timezone.localtime(edition.signup_closes_at).date()
            if period.start <= last_day <= period.end:
                yield _last_day_item(edition, last_day)

    def figures(self, basin: Basin | None, period: Period) -> Iterable[Figure]:
        visits = Visit.objects.filter(
            edition__state__in=PUBLIC_STATES,
            edition__starts_on__lte=period.end,
            edition__ends_on__gte=period.start,
        )
        if basin is not None:
            visits = visits.filter(edition__basin=basin)
        counted = count(visits)
        return [
            Figure("opendoors.hosts", _("Hosts"), counted.hosts),
            Figure("opendoors.visits", _("Visits"), counted.visits),
            Figure("opendoors.visitors", _("Visitors"), counted.visitors),
            Figure("opendoors.booked", _("Booked visits"), counted.taken),
            Figure("opendoors.present", _("Attendances at visits"), seen_at(visits)),
        ]

    def search(self, words: str, basin: Basin | None) -> Iterable[SearchHit]:
        wanted = " ".join(search.words_of(words))
        if not wanted:
            return
        code = basin.code if basin else None
        for host in queries.hosts_like(wanted, code)[:HOSTS_FOUND]:
            if found := search.score(words, [host.name]):
                yield _host_hit(host, found)
        kinds = [name for kind in KINDS for name in search.in_both(kind)]
        if found := search.score(words, kinds):
            yield from _page_hits(basin, found)
        # All of them: a basin has one a year, and their names are not kept folded.
        for edition in queries.editions_for(AnonymousUser(), code):
            names = [name for name in (*both(edition, "name").values(), *kinds) if name]
            dated = [f"{name} {edition.starts_on.year}" for name in names]
            if found := search.score(words, (*names, *dated), both(edition, "intro").values()):
                yield _week_hit(edition, found)

    def tasks_for(self, user: User) -> Iterable[Task]:
        return mine.tasks_of(user)

    def desks(self, user: User) -> Iterable[Desk]:
        kept = user.basins_with(Right.MANAGE_OPEN_DOORS)
        for basin in Basin.objects.filter(code__in=kept):
            label = _("Open-door weeks of %(basin)s") % {"basin": text(basin, "name")}
            yield Desk(label, reverse("opendoors:staff_editions", kwargs={"basin": basin.code}))

    def mine(self, user: User) -> Iterable[MySection]:
        return mine.sections_of(user)

    def took_part(self, identifiers: Collection[UUID]) -> Iterable[TookPart]:
        for edition in queries_links.editions_with(identifiers):
            if edition.number:  # type: ignore[attr-defined]  # annotated
                yield _took_part(edition, edition.number)  # type: ignore[attr-defined]  # the same

    def occasion_url(self, source_key: str) -> str:
        return queries_answers.occasion_url(source_key)

    def personal_data(self, email: str) -> Iterable[PersonalRecord]:
        return personal.records_of(email)

    def forget(self, email: str) -> Forgotten:
        erased, kept_hosts = forgetting.forget(email=email)
        kept = [
            Kept(str(host), _("Contact of a host whose visits are still to come: ask the basin team first."))
            for host in kept_hosts
        ]
        return Forgotten(erased, kept)

    def forget_expired(self, today: dt.date) -> int:
        return forgetting.forget_ended_before(retention.first_kept("registrations", today).date())

    def privacy_rows(self) -> Iterable[PrivacyRow]:
        return personal.privacy_rows()

    def scopes(self) -> dict[str, str]:
        return {
            SCOPE_BOOK: _("Book open-door visits for others"),
            SCOPE_ATTENDANCE: _("Read who comes to open-door visits, and note who came"),
        }

    def remind_ahead(self, email: str) -> int:
        coming = queries.confirmed_visits(email).filter(visit__starts_at__gt=timezone.now()).first()
        if coming is None:
            return 0
        eve = timezone.localtime(coming.visit.starts_at) - dt.timedelta(days=1)
        return reminding.write_reminders(now=eve.replace(hour=20), email=email)

    def seed_demo(self, *, today: dt.date, is_new: bool) -> None:
        from opendoors import demo  # noqa: PLC0415 - the demo's data is no part of a site that runs

        demo.seed(today, is_new=is_new)

    def tie_demo(self, *, today: dt.date, is_new: bool) -> None:
        from opendoors import demo_links  # noqa: PLC0415 - the demo's data is no part of a site that runs

        demo_links.tie(is_new=is_new)


def _agenda_item(edition: Edition) -> AgendaItem:
    return AgendaItem(
        uid=f"opendoors-{edition.uuid}",
        title=text(edition, "name"),
        starts=edition.starts_on,
        ends=edition.ends_on + dt.timedelta(days=1),
        url=queries.week_url(edition),
        kind=_("Open-door week"),
        basin_code=edition.basin.code,
        action=_("Choose visits") if edition.state == EditionState.OPEN else _("See the programme"),
    )


def _took_part(edition: Edition, number: int) -> TookPart:
    return TookPart(
        title=text(edition, "name"),
        starts=edition.starts_on,
        ends=edition.ends_on,
        url=queries.week_url(edition),
        kind=_("Open-door week"),
        number=number,
        counted=ngettext("%(number)d visit", "%(number)d visits", number) % {"number": number},
        basin_code=edition.basin.code,
    )


def _last_day_item(edition: Edition, last_day: dt.date) -> AgendaItem:
    name = text(edition, "name")
    words = _("%(name)s: last day to sign up") % {"name": name}
    return AgendaItem(
        uid=f"opendoors-last-day-{edition.uuid}",
        title=Text(words, name.language, is_fallback=False),
        starts=last_day,
        ends=last_day + dt.timedelta(days=1),
        url=queries.week_url(edition),
        kind=_("Open-door week"),
        basin_code=edition.basin.code,
        action=_("Choose visits"),
    )


def _host_hit(host: Host, score: float) -> SearchHit:
    edition = host.edition
    return SearchHit(
        kind=_("Open-door visit"),
        title=Text(host.name, host.name_language, is_fallback=bool(host.name_language)),
        url=queries.week_url(edition),
        excerpt=f"{text(edition, 'name')} {edition.starts_on.year}",
        score=score,
        basin_code=edition.basin.code,
        is_over=edition.ends_on < timezone.localdate(),
    )


def _page_hits(basin: Basin | None, score: float) -> Iterable[SearchHit]:
    """The page of all weeks: the basin's, on the Region's site that of each basin."""
    for facts in territory().basins:
        if basin is None or facts.code == basin.code:
            yield SearchHit(
                kind=_("Page"),
                title=Text(_("Open doors"), current_language(), is_fallback=False),
                url=reverse("opendoors:editions", kwargs={"basin": facts.code}),
                excerpt=_("All open-door weeks of the %(basin)s basin") % {"basin": facts.name},
                score=score,
                basin_code=facts.code,
            )


def _week_hit(edition: Edition, score: float) -> SearchHit:
    return SearchHit(
        kind=_("Open-door week"),
        title=text(edition, "name"),
        url=queries.week_url(edition),
        excerpt=search.excerpt(text(edition, "intro").value),
        score=score,
        basin_code=edition.basin.code,
        is_over=edition.ends_on < timezone.localdate(),
    )


mission = OpenDoors()
