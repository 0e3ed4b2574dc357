"""Rows for every page of the site, and the people who read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from basins.models import User
from basins.rights import Role
from basins.rules import needs
from core import jobs
from core.models import OutboxMessage
from opendoors import queries, queries_day, queries_hosts, queries_waiting
from opendoors.enums import EditionState, HostState, LinkKind, VisitLanguage, VisitState
from opendoors.models import Booking, Edition, HostStateChange, Place, Visit, WaitingRequest, Wish
from opendoors.rules import booking, linking, waiting
from tests.basins.people_tools import sign_in, staff_session
from tests.concertations.factories import MeetingFactory
from tests.concertations.minutes_world import some_minutes
from tests.concertations.room_world import a_room
from tests.concertations.world import a_series
from tests.directory.factories import OrganizationFactory
from tests.directory.world import a_directory
from tests.factories import NewsItemFactory, UserFactory, basin, grant
from tests.opendoors.evaluation_tools import after_the_week
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory, week_of_visits

ANYBODY, VISITOR, NEWCOMER, STAFF, REGION = "anybody", "visitor", "newcomer", "staff", "region"


@dataclass(frozen=True, slots=True)
class World:
    """``values``: what addresses are made of, by parameter or page. ``readers``: a browser for each."""

    edition: Edition
    visits: list[Visit]
    booking: Booking
    values: dict[str, Any]
    readers: dict[str, Client]


def book(*visits: Visit, email: str = "daan@example.org", **fields: Any) -> Booking:
    values: dict[str, Any] = {"name": "Daan", "language": "nl", "by": None, "access_needs": True} | fields
    return booking.book(visits=[visit.uuid for visit in visits], email=email, **values)


def a_week() -> list[Visit]:
    """Free, full, called off, in every language, with and without an address or a way there."""
    visits = week_of_visits(EditionFactory(slug="2026"), 6, seats=2)
    for language, visit in zip(VisitLanguage.values, visits, strict=False):
        Visit.objects.filter(pk=visit.pk).update(languages=list(dict.fromkeys([language, "fr"])))
    Visit.objects.filter(pk=visits[4].pk).update(state=VisitState.CANCELLED)
    Place.objects.filter(pk=visits[1].place.pk).update(wheelchair=None, street_fr="", street_nl="", postcode="")
    Place.objects.filter(pk=visits[2].place.pk).update(wheelchair=False)
    Place.objects.filter(pk=visits[0].place.pk).update(directions_fr="Par la cour.", directions_nl="Langs de tuin.")
    book(visits[3], email="een@example.org")
    book(visits[3], email="twee@example.org", sector="health", organisation="Wijkhuis")
    return visits


def an_offer(full: Visit) -> tuple[Wish, WaitingRequest]:
    """Somebody to whom a seat of a full visit is on offer; and who stands in line behind, for two seats."""
    who: dict[str, Any] = {"visits": [full.uuid], "wanted": 1, "language": "nl"}
    first = UserFactory(email="eerst@example.org")
    asked = waiting.join(**who, seats=1, name="Eerst", email=first.email, by=first)
    behind = waiting.join(**who, seats=2, name="Daarna", email="daarna@example.org", by=None, companions="Bo")
    booking.cancel(booking=Booking.objects.get(visitor__email="een@example.org"), by=None)
    return asked.wishes.get(), behind


def pages_of_hosts(visit: Visit) -> dict[str, dict[str, Any]]:
    """What the pages of the call, of a host's link and of the team's word on hosts are made of."""
    own = {"token": queries_hosts.host_link(visit.host), "visit": visit.uuid, "place": visit.place.uuid}
    names = ("host", "host_edit", "host_place", "host_visit_new", "host_visit", "host_visit_call_off", "host_withdraw")
    proposed = VisitFactory(edition=visit.edition, host=visit.host, place=visit.place, day=3, state=VisitState.PROPOSED)
    waits = HostFactory(edition=visit.edition, name="Maison qui attend", state=HostState.PROPOSED)
    HostStateChange.objects.create(host=waits, to_state=HostState.PROPOSED)
    return {
        **{f"opendoors:{name}": own for name in names},
        **{f"opendoors:{name}": {"slug": "in-call"} for name in ("call", "call_sent", "call_link")},
        "opendoors:staff_host_decide": {"host": waits.uuid},
        "opendoors:staff_visit_refuse": {"visit": proposed.uuid},
    }


def linked_hosts(visits: list[Visit], alice: User) -> dict[str, Any]:
    """The directory, and hosts: made a record of, linked, with a link that leads nowhere, with something alike."""
    linked, lost, open_one, made = (visit.host for visit in visits[:4])
    linking.make(host=made, by=None)
    directory = a_directory(alice)
    linking.confirm(host=linked, kind=LinkKind.ORGANIZATION, record=directory["organization"], by=None)
    gone = OrganizationFactory()
    linking.confirm(host=lost, kind=LinkKind.ORGANIZATION, record=gone.uuid, by=None)
    gone.delete()
    OrganizationFactory(name_fr=open_one.name, name_nl=open_one.name, folded_names=[open_one.search_name])
    linking.refuse(host=open_one, organization=directory["organization"], by=None)
    return directory | {"opendoors:staff_link": {"host": open_one.uuid}}


def a_world(alice: User, daan: User) -> World:
    """Alice keeps the week, Daan visits; Hanne administers the Region."""
    hanne = UserFactory(email="hanne@example.org", name="Hanne")
    grant(hanne, Role.REGION_ADMIN, None)
    visits = a_week()
    for state in EditionState.values:
        EditionFactory(slug=f"in-{state}", state=state)
    made = book(visits[0], visits[5], by=daan)
    offered, in_line = an_offer(visits[3])
    news = NewsItemFactory(summary_fr="En bref", summary_nl="Kort", body_fr="Long", body_nl="Lang")
    NewsItemFactory(title_nl="")
    needs.raise_need(
        source="test",
        source_key="1",
        basin=basin(),
        title="Besoin",
        language="fr",
        words="…",
        heard_on=timezone.localdate(),
        raised_by_email=daan.email,
    )
    past = after_the_week()
    visited, received = past.visitors.get(email="silent@example.org"), past.hosts.order_by("pk")[1]
    met = received.visits.order_by("pk")[0]
    edition = visits[0].edition
    job = jobs.start("opendoors.programme_pdf", params={"edition": str(edition.uuid)}, by=alice, language="fr")
    values = {
        "slug": edition.slug,
        "visit": visits[0].uuid,
        "host": visits[0].host.uuid,
        "place": visits[0].place.uuid,
        "token": queries.visitor_link(made.visitor),
        "news_item": news.uuid,
        "job": job.uuid,
        "job_fragment": job.uuid,
        "demo:mail": OutboxMessage.objects.order_by("pk")[0].uuid,
        **{f"opendoors:{name}": {"slug": "past"} for name in ("figures", "staff_figures", "staff_evaluation")},
        **pages_of_hosts(visits[0]),
        "opendoors:staff_booking_cancel": {"reference": made.reference},
        "opendoors:staff_waiting_leave": {"reference": in_line.reference, "visit": visits[3].uuid},
        "opendoors:sheet": {"token": queries_hosts.host_link(received), "visit": met.uuid},
        "opendoors:here": {"token": queries_day.door_link(visits[0])},
        "opendoors:certificate": {"token": queries.visitor_link(past.visitors.get(email="quoted@example.org"))},
        "opendoors:staff_day": {"slug": "past"},
        "opendoors:staff_day_visit": {"slug": "past", "visit": met.uuid},
        "opendoors:evaluate": {"token": queries.visitor_link(visited)},
        "opendoors:evaluate_host": {"token": queries_hosts.host_link(received)},
        "opendoors:offer": {"token": queries.visitor_link(offered.request.visitor), "wish": offered.uuid},
        "opendoors:confirm_address": {"token": queries.visitor_link(in_line.visitor)},
        "opendoors:waiting": {"token": queries_waiting.waiting_link(in_line)},
        "opendoors:leave_waiting": {"token": queries_waiting.waiting_link(in_line)},
        **linked_hosts(visits, alice),
        **a_series(),
        **a_room(MeetingFactory(number=9)),
        **some_minutes(),
    }
    readers = {
        ANYBODY: Client(),
        VISITOR: just_confirmed(staff_session(Client(), daan)),  # a second factor by choice
        NEWCOMER: sign_in(Client(), UserFactory()),
        STAFF: staff_session(Client(), alice),
        REGION: staff_session(Client(), hanne),
    }
    return World(edition, visits, made, values, readers)


def just_confirmed(client: Client) -> Client:
    """Who typed the code of the app again a moment ago: may take the second factor away."""
    session = client.session
    session["account_authentication_methods"][0]["reauthenticated"] = True
    session.save()
    return client
