"""A small directory to search, and what is found in it."""

from __future__ import annotations

from typing import Any

from core.bilingual import text
from directory.models import Service
from directory.rules import indexing
from directory.search.finder import Answer, find
from directory.search.questions import Question
from tests.directory.factories import OrganizationFactory, service


def write(name_fr: str = "", name_nl: str = "", **values: Any) -> Service:
    """A record that search knows; an organisation of its own unless one is given."""
    organization = values.pop("organization", None) or OrganizationFactory(name_fr="Équipe", name_nl="Ploeg")
    made = service(organization, name_fr=name_fr, name_nl=name_nl, **values)
    indexing.catch_up()
    return made


def ask(words: str = "", **values: Any) -> Answer:
    return find(Question(words=words, **values))


def names(answer: Answer) -> list[str]:
    """The names of what was found, in their order."""
    rows = {row.pk: row for row in Service.objects.filter(pk__in=[hit.service for hit in answer.hits])}
    return [str(text(rows[hit.service], "name", "fr")) for hit in answer.hits]


def found(words: str = "", **values: Any) -> list[str]:
    return names(ask(words, **values))
