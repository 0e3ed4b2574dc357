"""Records for the walk through all pages: with everything, with one language alone, for professionals."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from basins.models import User
from core.bilingual import current_language
from directory import confirm_links, kept_queries
from directory.enums import MissedVerdict
from directory.leaflet import Sheet
from directory.models import (
    Confirmation,
    GuidedWay,
    MissedSearch,
    RecordChange,
    SavedList,
    SavedSearch,
    Service,
)
from directory.reference import load_ways
from directory.rules import confirming, contacts, corrections, following, indexing, lists, missed, records
from directory.rules.contacts import ContactData
from tests.directory.factories import LocationFactory, OrganizationFactory, service
from tests.directory.import_world import a_list

KEEPER = "keeper@example.org"
TEXTS: dict[str, Any] = {
    "short_description_fr": "Un psychologue vient.",
    "short_description_nl": "Een psycholoog komt.",
    "description_fr": "Pour parler.",
    "description_nl": "Om te praten.",
    "how_to_refer_fr": "Appelez.",
    "how_to_refer_nl": "Bel.",
    "eligibility_fr": "Couples âgés.",
    "eligibility_nl": "Oudere koppels.",
    "refusal_grounds_fr": "Urgences.",
    "refusal_grounds_nl": "Spoed.",
    "alert_fr": "Fermé en août.",
    "alert_nl": "Gesloten in augustus.",
    "fees_fr": "Onze euros.",
    "fees_nl": "Elf euro.",
}


def a_directory(alice: User) -> dict[str, Any]:
    """The values by which addresses name its rows."""
    today = timezone.localdate()
    place = LocationFactory(step_free=True, is_seat=True, latitude=50.83, longitude=4.39)
    full = service(
        place.organization,
        **TEXTS,
        home_visits=True,
        no_appointment=True,
        min_age=65,
        price="insured",
        care_line="1",
        phones=[{"number": "02 318 60 58", "description_fr": "Accueil", "description_nl": "Onthaal"}],
        schedules=[{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
        documents=[{"document_fr": "Carte", "document_nl": "Kaart"}],
        costs=[{"option_fr": "séance", "option_nl": "sessie", "amount": "11.00"}],
        areas=["municipality:21005", "basin:sud"],
        places=[str(place.uuid)],
        terms=["themes:grief", "audiences:older-people"],
        languages=["fr", "nl"],
        capacity={"waiting_weeks": 6, "said_on": today.isoformat()},
    )
    service(OrganizationFactory(), name_fr="Accueil", name_nl="Onthaal", visibility="professionals", areas=["region"])
    hidden = LocationFactory(hides_address=True)
    service(hidden.organization, name_fr="Refuge", name_nl="Schuilplaats", places=[str(hidden.uuid)])
    contacts.save_contact(
        organization=place.organization,
        contact=None,
        data=ContactData(
            function_fr="Accueil",
            function_nl="Onthaal",
            professionals_only=False,
            consent_on=today,
            consent_how="mail",
            is_published=True,
            away_from=today,
            away_until=today + dt.timedelta(days=7),
        ),
        by=alice,
    )
    indexing.catch_up()
    missed.note(words="parachute", postcode="1040", filters=["theme=grief"], basin="sud-est", today=today)
    missed.note(words="parachute", postcode="", filters=[], basin=None, today=today)
    row = MissedSearch.objects.get(postcode="1040")
    missed.settle(missed=row, verdict=MissedVerdict.NO_OFFER, remark="parachute", by=alice)
    corrections.report(record=full, words="parachute", email="daan@example.org", language="fr")
    records.edit_service(service=full, values={"fees_fr": "Douze euros.", "areas": ["region"]}, by=alice)
    asked = Confirmation.objects.create(organization=place.organization, asked_on=today)
    said = {"phones": [{"number": "107", "description_fr": "Accueil"}], "price": "free", "terms": ["themes:grief"]}
    confirming.propose(confirmation=asked, service=full, values=said, today=today)
    kept = lists.keep(sheet=Sheet((full.uuid,)), email=KEEPER, language="fr", basin=None)
    following.follow(query="theme=grief", found=[], email=KEEPER, language="fr", basin=None)
    load_ways()
    way = GuidedWay.objects.get(slug="no-roof-tonight")
    return a_list(alice) | {
        "held": kept_queries.token_of(kept),
        "problem": way.slug,
        "way": way.uuid,
        "step": way.steps.all()[0].uuid,
        "record": full.uuid,
        "organization": place.organization.uuid,
        "location": place.uuid,
        "missed": row.uuid,
        "change": RecordChange.objects.latest("pk").uuid,
        "proof": confirm_links.proof_of(asked),
    }


def change_a_listed_record() -> None:
    """The keeper of the list confirms; then its record changes."""
    SavedList.objects.update(language=current_language())
    kept = lists.confirm(kept=SavedList.objects.get())
    listed = Service.objects.get(uuid=kept.records[0])
    records.edit_service(service=listed, values={"fees_fr": "Treize euros.", "fees_nl": "Dertien euro."}, by=None)
    lists.tell_all(today=timezone.localdate())


def tell_of_something_new() -> None:
    """The search is confirmed; what it gave before is known to be nothing."""
    SavedSearch.objects.update(language=current_language())
    followed = following.confirm(followed=SavedSearch.objects.get())
    new = list(Service.objects.filter(visibility="public").values_list("uuid", flat=True))
    following.tell(followed=followed, found=new, today=timezone.localdate())
