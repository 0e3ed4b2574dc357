"""Asks and answers: reads the words, runs the statement, and when nothing is found tries what was meant."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection, transaction

from directory.enums import Flag, TagGroup
from directory.search import facets, typos
from directory.search.answering import Raw, answer_from
from directory.search.board import Revision, board, knows
from directory.search.kept import Recent
from directory.search.places import Places, places
from directory.search.questions import Question
from directory.search.reading import Thing, every_thing_in, placed_things, query_for, things_in
from directory.search.statement import Filter, build, moment_condition
from directory.search.stems import Stems, as_number, tokens
from directory.search.thesaurus import Option, Thesaurus, thesaurus
from directory.tags import WHOLE_REGION, tag

WORDS_READ = 30
LETTER_READ, LETTER_THINGS = 150, 5  # of a longer text: words looked at, things taken from it
KEPT_ANSWERS, KEPT_SECONDS = 64, 300
BASIN = "basin"
BROAD = 2_000  # hits from which on the board in memory is faster than the statement


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found, by its primary key; how far away it is, in kilometres, where a place was asked for."""

    service: int
    distance: float | None


@dataclass(slots=True)
class Answer:
    """What a search gives.

    ``counts``: per facet and criterion, by the value's code, how many there are with that value, as if the
    facet's own choice were not made. ``without``: by filter, how many there would be if it were dropped.
    ``meant``: the words that were searched for instead of those typed, with what they replace.
    ``missing``: how many of the things asked for the results may lack, because no record has all of them.
    """

    hits: list[Hit]
    total: int
    counts: dict[str, dict[str, int]]
    without: dict[str, int]
    options: dict[str, Sequence[Option]] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)
    missing: int = 0
    matched: int = 0  # by the words alone, whatever the filters
    asked: list[range] = field(default_factory=list)  # the places of the words of each thing in what was typed

    @property
    def is_exact(self) -> bool:
        return not self.meant and not self.missing


@dataclass(frozen=True, slots=True)
class _Known:
    """What a search reads before it asks. ``version`` is that of all records and terms."""

    words: list[Stems]
    thesaurus: Thesaurus
    places: Places
    version: str
    revision: Revision


_recent: Recent[Answer] = Recent(at_most=KEPT_ANSWERS, seconds=KEPT_SECONDS)


@transaction.atomic(savepoint=False)
def find(question: Question, *, exactly: bool = False) -> Answer:
    """The answer. Two queries; more only when nothing has all the words, unless ``exactly`` those count.

    The same question again costs one query until a record or a term changes. The answer is shared: do not
    change it. The transaction holds the settings under which PostgreSQL answers.
    """
    known = _read(question.words)
    key = (known.version, question.key, exactly)
    kept = _recent.get(key)
    if kept is not None:
        return kept
    answer = _answer(question, known, exactly=exactly)
    answer.asked = [place for _thing, place in placed_things(known.words, known.thesaurus)]
    _recent.keep(key, answer)
    return answer


def query_of(words: str) -> str:
    """The ``tsquery`` that records with all these words answer, for who sorts otherwise; "" where they say nothing."""
    known = _read(words)
    things, _moment = _parted(things_in(known.words, known.thesaurus))
    return query_for(things, len(things)) if things else ""


def all_options() -> dict[str, Sequence[Option]]:
    """The values of all facets and criteria, for who says a search in words. One query."""
    known = _read("")
    return _options(known)


def telling_words(text: str) -> str:
    """Of a longer text the words that we have terms for, in their order: what it is about, as a search.

    A letter of thirty words has no record with all of them. "" where it says nothing that we know. One query.
    """
    known = _read(text, at_most=LETTER_READ)
    things = [thing for thing in every_thing_in(known.words, known.thesaurus) if thing.concepts]
    return " ".join(" ".join(word.word for word in thing.words) for thing in things[:LETTER_THINGS])


def forget_answers() -> None:
    """For tests and benchmarks, which ask the same twice and mean it."""
    _recent.clear()


def _answer(question: Question, known: _Known, *, exactly: bool) -> Answer:
    things, moment = _parted(things_in(known.words, known.thesaurus))
    question = replace(question, criteria=tuple(dict.fromkeys((*question.criteria, *moment))))
    answer = _ask(question, known, things, at_least=len(things))
    if not things or answer.matched or exactly:
        return answer
    meant = typos.corrected([word.word for thing in things for word in thing.words])
    if meant:
        words = " ".join(meant.get(word.word, word.word) for word in known.words)
        again = _read(words)
        other_things, _moment = _parted(things_in(again.words, again.thesaurus))
        other = _ask(question, again, other_things, at_least=len(other_things))
        other = other if other.matched else _with_most(question, again, other_things)
        if other.matched:
            other.meant = meant
            return other
    return _with_most(question, known, things) if len(things) > 1 else answer


def _parted(things: Sequence[Thing]) -> tuple[list[Thing], list[Flag]]:
    """What is looked for, and the criteria of the moment that words name: no record carries those."""
    flags = {tag(TagGroup.FLAG, flag): flag for flag in facets.OFFERED if flag in facets.OF_THE_MOMENT}
    named = [flags[number] for thing in things for number in thing.tags if number in flags]
    return [thing for thing in things if not flags.keys() & set(thing.tags)], named


def _with_most(question: Question, known: _Known, things: Sequence[Thing]) -> Answer:
    """What has as many of the things as anything has."""
    answer = Answer([], 0, {}, {})
    for at_least in range(len(things) - 1, 0, -1):
        answer = _ask(question, known, things, at_least=at_least)
        if answer.matched:
            answer.missing = len(things) - at_least
            return answer
    return answer if len(things) > 1 else _ask(question, known, things, at_least=len(things))


def _read(words: str, *, at_most: int = WORDS_READ) -> _Known:
    """The words with their stems, and the versions of what is kept: one query."""
    number = as_number(words)
    typed = [number] if number else tokens(words)[:at_most]
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, [typed, "off" if typed else "on"])
        terms, changes, entries, stems = cursor.fetchone()[:4]
    found = [Stems(*each) for each in (json.loads(stems) if isinstance(stems, str) else stems or [])]
    return _Known(found, thesaurus(terms), places(), f"{terms} {changes} {entries}", Revision(changes, entries))


def _ask(question: Question, known: _Known, things: Sequence[Thing], *, at_least: int, by_sql: bool = False) -> Answer:
    options = _options(known)
    filters = _filters(question, known, options)
    home = _serving_basin(question.home_basin, known.places)
    serves = _serving_place(question, known.places)
    raw: Raw | None = None
    if by_sql or (things and not knows(things)):
        at_most = None if by_sql else BROAD
        sql = build(
            question, things=things, at_least=at_least, filters=filters, serves=serves, home=home, at_most=at_most
        )
        raw = _ask_sql(*sql)
        if at_most is not None and sum(number for _fails, number, *_rest in raw[1]) >= at_most:
            raw = None
    if raw is None:
        raw = answer_from(
            board(known.revision),
            question,
            things=things,
            at_least=at_least,
            filters=filters,
            serves=serves,
            home=home,
        )
    page, totals, tags = raw
    numbers = {fails: number for fails, number, _places, _open in totals}
    return Answer(
        hits=[Hit(service, distance) for service, distance in page],
        total=numbers.get(0, 0),
        counts=_counts(options, filters, totals, tags),
        without={each.key: numbers.get(0, 0) + numbers.get(1 << place, 0) for place, each in enumerate(filters)},
        options=options,
        matched=sum(numbers.values()),
    )


def _options(known: _Known) -> dict[str, Sequence[Option]]:
    options = {facet.key: facets.options_of(facet, known.thesaurus, known.places) for facet in facets.FACETS}
    options[facets.CRITERIA] = facets.criteria()
    return options


def _ask_sql(sql: str, params: Sequence[Any]) -> Raw:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        page, totals, tags = (json.loads(each) if isinstance(each, str) else each or [] for each in cursor.fetchone())
    return page, totals, tags


def _filters(question: Question, known: _Known, options: Mapping[str, Sequence[Option]]) -> list[Filter]:
    found = []
    if question.basin is not None:
        found.append(Filter(BASIN, _serving_basin(question.basin, known.places)))
    for facet in facets.FACETS:
        chosen = set(question.chosen.get(facet.key, ()))
        # A narrower term that is chosen beside its broader one narrows it.
        chosen -= {option.parent for option in options[facet.key] if option.code in chosen}
        tags = [option.tag for option in options[facet.key] if option.code in chosen]
        if tags:
            found.append(Filter(facet.key, [*tags, *facets.also_meant(facet)]))
    for flag in question.criteria:
        key = flag.name.lower()
        if flag in facets.OF_THE_MOMENT:
            found.append(Filter(key, condition=(sql := moment_condition(flag, question))[0], params=sql[1]))
        else:
            found.append(Filter(key, [tag(TagGroup.FLAG, flag)]))
    return found


def _counts(
    options: Mapping[str, Sequence[Option]],
    filters: Sequence[Filter],
    totals: Sequence[Any],
    tags: Sequence[Any],
) -> dict[str, dict[str, int]]:
    bits = {each.key: 1 << place for place, each in enumerate(filters)}
    counted: dict[int, dict[int, int]] = defaultdict(dict)
    for fails, number_of_tag, number in tags:
        counted[fails][number_of_tag] = number

    def count(own: int, tag_number: int) -> int:
        return counted[0].get(tag_number, 0) + (counted[own].get(tag_number, 0) if own else 0)

    found: dict[str, dict[str, int]] = {}
    for facet in facets.FACETS:
        own = bits.get(facet.key, 0)
        everywhere = sum(count(own, each) for each in facets.also_meant(facet))
        found[facet.key] = {option.code: count(own, option.tag) + everywhere for option in options[facet.key]}
    found[facets.CRITERIA] = {
        option.code: count(bits.get(option.code, 0), option.tag) for option in options[facets.CRITERIA]
    }
    for place, flag in enumerate((Flag.HAS_PLACES, Flag.OPEN_NOW), start=2):
        key = flag.name.lower()
        wanted = {0, bits.get(key, 0)}
        found[facets.CRITERIA][key] = sum(row[place] for row in totals if row[0] in wanted)
    return found


def _serving_place(question: Question, known: Places) -> list[int]:
    place = known.by_postcode.get(question.near)
    return [place.tag, WHOLE_REGION] if place else []


def _serving_basin(code: str | None, known: Places) -> list[int]:
    key = known.basin_keys.get(code or "")
    return [tag(TagGroup.SERVED_BASIN, key), WHOLE_REGION] if key else []


# For words that stand in many records PostgreSQL prefers to walk through all of them, and reads each one's words
# for it; by the index it is four times faster. The hits of a broad search fit into memory; compiling the
# statement takes longer than running it. All three hold to the end of the transaction.
VERSIONS = """
SELECT
    (SELECT concat(count(*), ' ', max(changed_seq), ' ', max(modified)) FROM directory_taxonomyterm),
    (SELECT last_value FROM directory_change_seq),
    (SELECT coalesce(max(revision), 0) FROM directory_searchentry),
    (SELECT json_agg(json_build_array(
        word, coalesce((ts_lexize('french_stem', word))[1], ''), coalesce((ts_lexize('dutch_stem', word))[1], '')
    ) ORDER BY place) FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, place)),
    set_config('enable_seqscan', %s, true), set_config('work_mem', '32MB', true), set_config('jit', 'off', true)
"""
