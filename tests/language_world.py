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
from opendoors import queries
from opendoors.enums import EditionState, VisitLanguage, VisitState
from opendoors.models import Booking, Edition, Place, Visit
from opendoors.rules import booking
from tests.basins.people_tools import sign_in, staff_session
from tests.factories import NewsItemFactory, UserFactory, basin, grant
from tests.opendoors.factories import EditionFactory, week_of_visits

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


def a_world(alice: User, daan: User) -> World:
    """Alice keeps the week, Daan visits; Hanne administers the Region."""
    hanne = UserFactory(email="hanne@example.org", name="Hanne")
    grant(hanne, Role.REGION_ADMIN, None)
    visits = a_week()
    for state in EditionState.values:
        EditionFactory(slug=f"in-{state}", state=state)
    made = book(visits[0], visits[5])
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
