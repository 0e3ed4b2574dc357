"""The words people use for our terms, places and criteria, in both languages: one finds the other.

Read from the taxonomies and kept per process until a term changes; so a new synonym counts from the next
search on, and no record is indexed anew for it (`docs/decisions/directory-search.md` has what was measured).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.bilingual import LANGUAGE_CODES, both, current_language, other_language
from directory.enums import Flag, Price, ServiceKind, TagGroup, TaxonomyCode
from directory.models import TaxonomyTerm
from directory.search.kept import Kept
from directory.search.places import FACTS, places
from directory.search.stems import Stems, stems_of, tokens
from directory.tags import KIND_NUMBERS, PRICE_NUMBERS, WHOLE_REGION, tag

LONGEST_PHRASE = 6
SHORTEST_STEM = 4  # aids and aidant both become "aid": what is cut so short is no longer one word
# What says the same in another facet: who looks for "gratuit" means the price, too.
SAME_AS = {Flag.NO_PAYMENT: frozenset({tag(TagGroup.PRICE, PRICE_NUMBERS[Price.FREE])})}
Phrase = tuple[str, ...]  # stems; small words as they are


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet as pages show it."""

    code: str
    tag: int
    names: dict[str, str]
    parent: str = ""  # code of the broader term

    @property
    def label(self) -> str:
        language = current_language()
        return self.names[language] or self.names[other_language(language)] or self.code


@dataclass(frozen=True, slots=True)
class Concept:
    """Something meant: the tags that records carry for it, and the phrases by which texts name it, as stems.

    Records with one of ``wider`` answer, too, but less closely: what serves the Region serves the place.
    """

    tags: frozenset[int]
    phrases: frozenset[Phrase]
    wider: frozenset[int] = frozenset()


@dataclass(slots=True)
class Thesaurus:
    """All concepts by each of their phrases, per language, and the values of the facets."""

    concepts: dict[str, dict[Phrase, list[Concept]]] = field(
        default_factory=lambda: {language: defaultdict(list) for language in LANGUAGE_CODES}
    )
    options: dict[str, list[Option]] = field(default_factory=lambda: defaultdict(list))

    def meant_by(self, words: Sequence[Stems]) -> list[Concept]:
        """What these words together are a name of, in either language.

        ``à domicile`` is one because of its small word; of ``aide à domicile`` it may be left out.
        """
        telling = [word for word in words if not word.is_small]
        readings = [words, telling] if 1 < len(telling) < len(words) else [words]
        found = [
            concept
            for language, concepts in self.concepts.items()
            for reading in readings
            for concept in concepts.get(_phrase(reading, language), ())
        ]
        return list(dict.fromkeys(found))

    def option(self, facet: str, code: str) -> Option | None:
        return next((each for each in self.options.get(facet, ()) if each.code == code), None)


@dataclass(frozen=True, slots=True)
class _Source:
    """A concept before its phrases are stemmed."""

    tag: int
    phrases: dict[str, list[str]]
    also: frozenset[int] = frozenset()
    is_wide: bool = False

    def concept(self, in_texts: frozenset[Phrase]) -> Concept:
        own = frozenset({self.tag})
        return Concept(frozenset(), frozenset(), own) if self.is_wide else Concept(own, in_texts, self.also)


def thesaurus(version: object) -> Thesaurus:
    """The thesaurus of that version of the terms (`finder.versions`)."""
    return _kept.get(str(version))


def _read() -> Thesaurus:
    made = Thesaurus()
    terms = list(TaxonomyTerm.objects.select_related("taxonomy", "parent"))
    sources = [*_of_terms(terms), *_of_places(), *_of_criteria()]
    stems = stems_of(
        word for source in sources for texts in source.phrases.values() for text in texts for word in tokens(text)
    )
    for source in sources:
        said, in_texts = _phrases_of(source, stems)
        concept = source.concept(in_texts)
        for language, phrases in said.items():
            for phrase in phrases:
                made.concepts[language][phrase].append(concept)
    for term in terms:
        if term.is_active:
            made.options[term.taxonomy.code].append(_option(term))
    return made


def _phrases_of(source: _Source, stems: dict[str, Stems]) -> tuple[dict[str, set[Phrase]], frozenset[Phrase]]:
    """The phrases that name it when they are typed, by language, and those that name it in texts."""
    said: dict[str, set[Phrase]] = {language: set() for language in LANGUAGE_CODES}
    in_texts: set[Phrase] = set()
    for language, texts in source.phrases.items():
        for text in texts:
            words = [stems[word] for word in tokens(text)]
            telling = [word for word in words if not word.is_small]
            if not telling or len(words) > LONGEST_PHRASE:
                continue
            said[language].add(_phrase(words, language))
            if len(telling) == 1 < len(words):
                continue  # a turn such as "aan huis": without its small word it says something else
            phrase = _phrase(telling, language)
            said[language].add(phrase)
            if len(phrase) > 1 or len(phrase[0]) >= SHORTEST_STEM or phrase[0] == telling[0].word:
                in_texts.add(phrase)
    return said, frozenset(in_texts)


def _phrase(words: Sequence[Stems], language: str) -> Phrase:
    return tuple(word.word if word.is_small else getattr(word, language) for word in words)


def _of_terms(terms: Iterable[TaxonomyTerm]) -> Iterator[_Source]:
    for term in terms:
        if (term.taxonomy.code, term.code) == (TaxonomyCode.KINDS, ServiceKind.SERVICE):
            continue  # what nearly all records are says nothing
        names = both(term, "name")
        phrases = {code: [name for name in (names[code], *getattr(term, f"synonyms_{code}")) if name] for code in names}
        # A kind answers, but what has the words themselves answers better.
        is_kind = term.taxonomy.code == TaxonomyCode.KINDS
        yield _Source(tag_of_term(term), phrases, is_wide=is_kind)


def _of_places() -> Iterator[_Source]:
    for place in places().by_postcode.values():
        names = {code: [name.partition("(")[0], place.postcode] for code, name in place.names.items()}
        yield _Source(place.tag, names, also=frozenset({WHOLE_REGION}))


def _of_criteria() -> Iterator[_Source]:
    with (FACTS / "criteria.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = {code: row[f"words_{code}"].split("|") for code in LANGUAGE_CODES}
            flag = Flag[row["flag"]]
            yield _Source(tag(TagGroup.FLAG, flag), words, also=SAME_AS.get(flag, frozenset()))


def tag_of_term(term: TaxonomyTerm) -> int:
    """How search entries hold a term: languages and kinds are facets of their own."""
    match term.taxonomy.code:
        case TaxonomyCode.LANGUAGES:
            return tag(TagGroup.LANGUAGE, term.pk)
        case TaxonomyCode.KINDS if term.code in ServiceKind.values:
            return tag(TagGroup.KIND, KIND_NUMBERS[ServiceKind(term.code)])
    return tag(TagGroup.TERM, term.pk)


def _option(term: TaxonomyTerm) -> Option:
    return Option(term.code, tag_of_term(term), both(term, "name"), term.parent.code if term.parent else "")


_kept: Kept[Thesaurus] = Kept(_read)
