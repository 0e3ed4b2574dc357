"""Persons to turn to for the demo: invented, with deputies, absences and consent."""

from __future__ import annotations

import datetime as dt
import random

from core.bilingual import both
from directory.demo_words import FAMILIES, FUNCTIONS, PEOPLE
from directory.models import Organization, TaxonomyTerm
from directory.rules import contacts
from directory.rules.contacts import ContactData, PhoneData

NUMBER = 28


def add_people(rng: random.Random, today: dt.date) -> None:
    """Some persons of the invented organisations; each fourth has a deputy and is away this week."""
    hosts = list(Organization.objects.filter(merged_into=None, services__kind="service").distinct().order_by("pk"))
    themes = {term.code: term for term in TaxonomyTerm.objects.filter(taxonomy__code="themes")}
    for number, organization in enumerate(rng.sample(hosts, k=min(len(hosts), NUMBER))):
        function_fr, function_nl, theme = FUNCTIONS[number % len(FUNCTIONS)]
        data = ContactData(
            function_fr=function_fr,
            function_nl=function_nl,
            problem_fr=both(themes[theme], "name")["fr"],
            problem_nl=both(themes[theme], "name")["nl"],
            name=f"{PEOPLE[number % len(PEOPLE)]} {rng.choice(FAMILIES)}",
            show_name=number % 3 == 0,
            email=f"contact{number}@example.org",
            professionals_only=number % 2 == 0,
            away_from=today - dt.timedelta(days=2) if number % 4 == 0 else None,
            away_until=today + dt.timedelta(days=5) if number % 4 == 0 else None,
            consent_on=today - dt.timedelta(days=rng.randint(10, 400)),
            consent_how="Formulaire de démo · demoformulier",
            is_published=True,
        )
        person = contacts.save_contact(
            organization=organization,
            contact=None,
            data=data,
            by=None,
            themes=[themes[theme]],
            phones=[PhoneData(number=f"0455 01 {number:04d}")],
        )
        if number % 4 == 0:
            deputy = ContactData(
                function_fr=f"{function_fr} (remplacement)",
                function_nl=f"{function_nl} (vervanging)",
                email=f"deputy{number}@example.org",
                consent_on=today,
                is_published=True,
            )
            contacts.save_contact(
                organization=organization, contact=None, data=deputy, by=None, deputy_of=person, themes=[themes[theme]]
            )
