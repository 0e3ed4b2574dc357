"""Examples as everybody reads them, and as the desk does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from basins import search
from basins.missions import SearchHit
from basins.models import Basin, User
from basins.rights import Right
from core.bilingual import both, text
from core.text import fold
from helpdesk.enums import ExampleState
from helpdesk.models import Example
from helpdesk.rules.indexing import CONFIG
from helpdesk.staff_queries import telling_words

WORDS_READ = 8
ALIKE_AT_MOST = 3
FOUND = 30


def published(basin: str | None) -> QuerySet[Example]:
    """What everybody may read: a basin's, or (None) those of all five; the newest first."""
    rows = Example.objects.filter(state=ExampleState.PUBLISHED).select_related("basin", "theme", "audience")
    return rows.filter(basin__code=basin) if basin else rows


def examples_for(user: User, basin: str) -> QuerySet[Example]:
    """All of a basin for who answers there, drafts first."""
    if basin not in user.basins_with(Right.ANSWER_TICKETS):
        return Example.objects.none()
    rows = Example.objects.filter(basin__code=basin).select_related("basin", "ticket", "theme", "written_by")
    return rows.order_by("state", "-modified", "-pk")


def with_words(rows: QuerySet[Example], words: str) -> QuerySet[Example]:
    """Those in which all the words stand, in either language, the last letters left out at will."""
    tokens = re.findall(r"\w+", fold(words))[:WORDS_READ]
    if not tokens:
        return rows.none() if words.strip() else rows
    asked = SearchQuery(" & ".join(f"{token}:*" for token in tokens), config=CONFIG, search_type="raw")
    return rows.filter(search_vector=asked)


def alike(words: str, basin: str | None) -> list[Example]:
    """Published cases that share the telling words of a text, the most alike first; those of the basin before others.

    At most three, and only where two words are shared, or the only one there is. One query.
    """
    telling = telling_words(words)[:12]
    if not telling:
        return []
    asked = SearchQuery(" | ".join(f"{word}:*" for word in telling), config=CONFIG, search_type="raw")
    rows = published(None).filter(search_vector=asked).annotate(rank=SearchRank(F("search_vector"), asked))
    scored = []
    for row in rows.order_by("-rank", "-published_at", "-pk")[:20]:
        own = set(re.findall(r"\w+", fold(f"{row.title_fr} {row.title_nl} {row.question_fr} {row.question_nl}")))  # type: ignore[attr-defined]  # bilingual columns
        shared = sum(any(each.startswith(word) for each in own) for word in telling)
        if shared >= min(2, len(telling)):
            scored.append((shared, row.basin.code == basin, row))
    scored.sort(key=lambda each: each[:2], reverse=True)
    return [row for _shared, _here, row in scored[:ALIKE_AT_MOST]]


def example_url(example: Example, basin: str | None) -> str:
    return page_url("example", basin, example=example.uuid)


def page_url(name: str, basin: str | None, **kwargs: object) -> str:
    """A page of the examples on a basin's site, or (None) on the Region's."""
    if basin:
        return reverse(f"helpdesk:{name}", kwargs={"basin": basin, **kwargs})
    return reverse(f"helpdesk_region:{name}", kwargs=kwargs)


def search_hits(words: str, basin: Basin | None) -> Iterator[SearchHit]:
    """Examples for the site's search, by the same measure as everything else there."""
    code = basin.code if basin else None
    for row in with_words(published(code), words)[:FOUND]:
        found = search.score(
            words,
            both(row, "title").values(),
            (*both(row, "question").values(), *both(row, "helped").values()),
        )
        yield SearchHit(
            kind=_("Example"),
            title=text(row, "title"),
            url=example_url(row, code),
            excerpt=search.excerpt(text(row, "question").value),
            score=found or 0.3,
            basin_code=row.basin.code,
        )
