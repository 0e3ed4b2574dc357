"""What a followed search gives: the same search as on the page, without what hangs on the moment."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from directory.enums import Flag
from directory.models import SavedSearch, Service
from directory.search.finder import find
from directory.search.questions import Order, Question
from directory.web.addresses import encoded, pairs_of
from directory.web.asking import question_from

READ_AT_MOST = 1_000


def question_of(query: str, basin: str | None) -> Question:
    """The question of an address, as strangers may ask it: the mail goes to an address, not to an account."""
    question = question_from(QueryDict(query), basin=basin, user=AnonymousUser())
    lasting = tuple(flag for flag in question.criteria if flag != Flag.OPEN_NOW)
    return replace(question, criteria=lasting, order=Order.RELEVANCE, page=1)


def query_of(question: Question) -> str:
    """Its one form as an address; "" where it asks nothing."""
    return encoded(pairs_of(question)) if asks_something(question) else ""


def asks_something(question: Question) -> bool:
    """Whether there are words, a place or a filter; the basin of the site alone asks nothing."""
    return bool(question.words or question.near or question.filters)


def results(question: Question) -> list[UUID]:
    """The records that have all that is asked for, best first. Three queries."""
    answer = find(replace(question, per_page=READ_AT_MOST), exactly=True)
    keys = [hit.service for hit in answer.hits]
    names = dict(Service.objects.filter(pk__in=keys).values_list("pk", "uuid"))
    return [names[key] for key in keys if key in names]


def results_of(followed: SavedSearch) -> list[UUID]:
    """What a followed search gives today."""
    code = followed.basin.code if followed.basin else None
    return results(question_of(followed.query, code))
