"""What the open-door weeks show somebody of their own, and what of it waits for them.

Who is signed in has proven the address by a code in a mail: what the links in mails open, this opens too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Count, Min, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from basins.missions import AgendaItem, MySection, Task
from basins.models import User
from basins.rights import Right
from core.bilingual import Text, text
from core.spoken import BRUSSELS
from opendoors import queries, queries_answers, queries_hosts, queries_waiting, staff_queries
from opendoors.enums import (
    OPEN_WISHES,
    BookedState,
    EditionState,
    HostState,
    VisitState,
    WaitingState,
    WishState,
)
from opendoors.models import BookedVisit, Edition, Host, Visit, Visitor, Wish
from opendoors.queries import LINK_LIVES_ON
from opendoors.rules.answering import CAME, last_day

HOSTING = (HostState.PROPOSED, HostState.CHANGES, HostState.ACCEPTED)


# --- What is mine --------------------------------------------------------------------------------


def sections_of(user: User) -> Iterator[MySection]:
    """Visits booked, lines one stands in, doors one opens: what is to come, each with the page to change it."""
    now = timezone.now()
    yield from _booked(user, now)
    yield from _waiting(user, now)
    yield from _hosted(user, now)


def _booked(user: User, now: dt.datetime) -> Iterator[MySection]:
    weeks: dict[int, list[BookedVisit]] = {}
    for row in queries.confirmed_visits(user.email):
        if row.visit.ends_at >= now:
            weeks.setdefault(row.visit.edition_id, []).append(row)
    for rows in weeks.values():
        edition = rows[0].visit.edition
        url = queries.visitor_url(rows[0].booking.visitor, edition.basin.code)
        items = [visit_item(row.visit) for row in rows]
        yield MySection(_of_week(_("My open-door visits"), edition), items, url)


def _waiting(user: User, now: dt.datetime) -> Iterator[MySection]:
    """One section per week; each visit with the place in its line, or until when it is on offer."""
    wishes = (
        Wish.objects.filter(request__visitor__email=user.email.lower(), state__in=OPEN_WISHES, visit__ends_at__gte=now)
        .select_related("request__visitor", "visit__edition__basin", "visit__host", "visit__place__municipality")
        .order_by("visit__starts_at", "pk")
    )
    weeks: dict[int, list[Wish]] = {}
    for wish in wishes:
        weeks.setdefault(wish.visit.edition_id, []).append(wish)
    if not weeks:
        return
    places = queries_waiting.places_in_line([wish for rows in weeks.values() for wish in rows])
    for rows in weeks.values():
        edition = rows[0].visit.edition
        url = queries.visitor_url(rows[0].request.visitor, edition.basin.code)
        items = [replace(visit_item(wish.visit), place=places[wish.pk].reason) for wish in rows]
        yield MySection(_of_week(_("My place on the waiting list"), edition), items, url)


def _hosted(user: User, now: dt.datetime) -> Iterator[MySection]:
    """One section per service, with the page by which the host keeps its visits."""
    visits = Visit.objects.filter(ends_at__gte=now).select_related("place__municipality").order_by("starts_at", "pk")
    hosts = (
        queries.hosts_of_contact(user.email)
        .filter(state__in=HOSTING, edition__ends_on__gte=timezone.localdate(now))
        .exclude(edition__state=EditionState.DRAFT)
        .prefetch_related(Prefetch("visits", queryset=visits))
    )
    for host in hosts:
        opens = _("My service opens its door")
        items = [_hosted_item(host, visit) for visit in host.visits.all()]
        yield MySection(f"{opens} · {host.name}", items, queries_hosts.host_url(host))


def _of_week(words: str, edition: Edition) -> str:
    return f"{words} · {text(edition, 'name')} {edition.starts_on.year}"


def _hosted_item(host: Host, visit: Visit) -> AgendaItem:
    """A visit as its host sees it: with the seats that are taken. What is not in the programme yet has no page."""
    visit.host, visit.edition = host, host.edition
    words = _("Seats taken: %(taken)d of %(seats)d") % {"taken": visit.seats_taken, "seats": visit.seats}
    is_public = visit.state != VisitState.PROPOSED and host.edition.state != EditionState.CALL
    item = replace(visit_item(visit), place=words, cancelled=visit.is_cancelled)
    return item if is_public else replace(item, place=str(VisitState(visit.state).label), url="")


def visit_item(visit: Visit) -> AgendaItem:
    """A visit as an entry of the agenda."""
    return AgendaItem(
        uid=f"opendoors-visit-{visit.uuid}",
        title=Text(visit.host.name, visit.host.name_language, is_fallback=bool(visit.host.name_language)),
        starts=visit.starts_at,
        ends=visit.ends_at,
        url=queries.visit_url(visit),
        kind=_("Open-door visit"),
        basin_code=visit.edition.basin.code,
        place=visit.place.address,
    )


# --- What waits for me ---------------------------------------------------------------------------


def tasks_of(user: User) -> Iterator[Task]:
    """What somebody is asked for: as a visitor, as a host, as a member of a team."""
    yield from _offers(user)
    yield from _unconfirmed(user)
    yield from _questions(user)
    yield from _of_team(user)


def _offers(user: User) -> Iterator[Task]:
    wishes = Wish.objects.filter(
        request__visitor__email=user.email.lower(), state=WishState.OFFERED, expires_at__gt=timezone.now()
    ).select_related("request__visitor", "visit__edition__basin", "visit__host")
    for wish in wishes.order_by("expires_at"):
        label = _("A seat came free: %(host)s. Take it or leave it.") % {"host": wish.visit.host.name}
        yield Task(label, queries_waiting.offer_url(wish), wish.expires_at)


def _unconfirmed(user: User) -> Iterator[Task]:
    """Seats and places in line that wait for the address: one task per week."""
    now = timezone.now()
    held = Q(bookings__held_until__gt=now, bookings__booked__state=BookedState.CONFIRMED)
    asked = Q(waiting__held_until__gt=now, waiting__state=WaitingState.WAITING)
    visitors = (
        Visitor.objects.filter(held | asked, email=user.email.lower())
        .select_related("edition__basin")
        .annotate(until=Min("bookings__held_until"), asked_until=Min("waiting__held_until"))
    )
    for visitor in visitors:
        kwargs = {"basin": visitor.edition.basin.code, "token": queries.visitor_link(visitor)}
        label = _("Confirm your address for %(name)s, or the seats go to others") % {
            "name": text(visitor.edition, "name")
        }
        due = min(each for each in (visitor.until, visitor.asked_until) if each is not None)
        yield Task(label, reverse("opendoors:confirm_address", kwargs=kwargs), due)


def _questions(user: User) -> Iterator[Task]:
    """The questionnaire, as long as it is open and not answered."""
    now = timezone.now()
    oldest = timezone.localdate(now) - LINK_LIVES_ON
    visitors = (
        Visitor.objects.filter(
            email=user.email.lower(),
            answer=None,
            edition__ends_on__gte=oldest,
            bookings__booked__state=BookedState.CONFIRMED,
            bookings__booked__attendance__in=CAME,
            bookings__booked__visit__state=VisitState.PLANNED,
            bookings__booked__visit__ends_at__lte=now,
        )
        .distinct()
        .select_related("edition__basin")
    )
    for visitor in visitors:
        label = _("Say how %(name)s was: one minute") % {"name": text(visitor.edition, "name")}
        yield Task(label, queries_answers.evaluate_url(visitor), _end_of(last_day(visitor.edition)))
    hosts = (
        queries.hosts_of_contact(user.email)
        .filter(
            answer=None,
            state=HostState.ACCEPTED,
            edition__ends_on__gte=oldest,
            edition__ends_on__lt=timezone.localdate(now),
            visits__state=VisitState.PLANNED,
        )
        .distinct()
    )
    for host in hosts:
        label = _("Say how it was to open your door: %(host)s") % {"host": host.name}
        yield Task(label, queries_answers.evaluate_host_url(host), _end_of(last_day(host.edition)))


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59), tzinfo=BRUSSELS)


def _of_team(user: User) -> Iterator[Task]:
    """Drafts to publish, proposals to decide on, answers to read; two queries for those who keep no weeks: none."""
    keeps = user.basins_with(Right.MANAGE_OPEN_DOORS)
    if not keeps:
        return
    proposed = Count("hosts", filter=Q(hosts__state=HostState.PROPOSED), distinct=True)
    missed = Count("answers", filter=Q(answers__need=None) & ~Q(answers__missing=""), distinct=True)
    oldest = timezone.localdate() - LINK_LIVES_ON
    editions = (
        Edition.objects.filter(basin__code__in=keeps)
        .filter(Q(ends_on__gte=oldest) | Q(state=EditionState.DRAFT))
        .select_related("basin")
        .annotate(proposed=proposed, missed=missed)
        .order_by("starts_on")
    )
    for edition in editions:
        yield from _of_edition(edition, edition.proposed, edition.missed)


def _of_edition(edition: Edition, proposed: int, missed: int) -> Iterator[Task]:
    url, name = staff_queries.edition_url(edition), text(edition, "name")
    if edition.state == EditionState.DRAFT:
        yield Task(_("Publish the programme of %(name)s") % {"name": name}, url, edition.signup_opens_at)
    if proposed:
        label = ngettext(
            "A service waits for your word: %(name)s", "%(number)d services wait for your word: %(name)s", proposed
        )
        yield Task(label % {"number": proposed, "name": name}, url)
    if missed:
        label = ngettext(
            "%(name)s: one answer names something missing",
            "%(name)s: %(number)d answers name something missing",
            missed,
        )
        kwargs = {"basin": edition.basin.code, "slug": edition.slug}
        words = label % {"number": missed, "name": name}
        yield Task(words, reverse("opendoors:staff_evaluation", kwargs=kwargs))
