"""What is read of consultations: parts, what was said in them, where a word was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from basins import search
from concertations.enums_minutes import PartKind, StatementKind
from concertations.models import Consultation, ConsultationPart, ConsultationStatement
from core.bilingual import both, text

# In the order in which one reads: what is missing, what could be done, what is expected.
ORDER = (
    PartKind.SUMMARY,
    PartKind.THEME,
    PartKind.TRANSVERSAL,
    PartKind.GAP,
    PartKind.SOLUTION,
    PartKind.EXPECTATION,
    PartKind.REMARKS,
)
STATEMENTS_READ = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a need stands among those of its theme. A rank is shared by equals; None: no point. Not asked: neither."""

    was_asked: bool
    priority: int | None
    can_help: int | None


def parts_of(consultation: Consultation) -> list[tuple[PartKind, list[ConsultationPart]]]:
    """Its parts by kind, each with ``number_said``: how many statements. One query."""
    rows = consultation.parts.annotate(number_said=Count("statements", filter=Q(statements__parent=None)))
    by_kind: dict[str, list[ConsultationPart]] = {}
    for part in rows.order_by("number"):
        by_kind.setdefault(part.kind, []).append(part)
    return [(kind, by_kind[kind]) for kind in ORDER if kind in by_kind]


def statements_of(part: ConsultationPart) -> QuerySet[ConsultationStatement]:
    """What was said in a part, in the report's order, with what explains it and the need it became. Three queries."""
    details = ConsultationStatement.objects.order_by("position")
    rows = part.statements.filter(parent=None).select_related("need", "need__merged_into")
    return rows.prefetch_related(Prefetch("details", queryset=details)).order_by("position")


def standings(statements: Iterable[ConsultationStatement]) -> dict[int, Standing]:
    """By key, for the needs that were put to points. Points of different themes are never compared: each theme had its
    own people and its own points."""
    asked = [each for each in statements if each.kind == StatementKind.NEED]
    first, second = _ranks([each.p for each in asked]), _ranks([each.s for each in asked])
    return {
        each.pk: Standing(each.p is not None or each.s is not None, first.get(each.p), second.get(each.s))
        for each in asked
    }


def _ranks(points: Sequence[int | None]) -> dict[int | None, int]:
    """Rank by points, 1 for the most; zero and "not asked" have none."""
    given = sorted((number for number in points if number), reverse=True)
    return {number: given.index(number) + 1 for number in given}


def found(words: str, kinds: Iterable[PartKind] = ORDER) -> QuerySet[ConsultationStatement]:
    """Statements in which all the words stand, accents and capitals apart, in the report's order."""
    wanted = search.words_of(words)[:8]
    if not wanted:
        return ConsultationStatement.objects.none()
    rows = ConsultationStatement.objects.filter(part__kind__in=list(kinds))
    for word in wanted:
        rows = rows.filter(search_text__contains=word)
    return rows.select_related("part__consultation", "need").order_by("part__consultation", "part_id", "position")


def parts_found(words: str) -> list[tuple[float, ConsultationPart, str]]:
    """Parts whose title answers the words, or in which they were said: score, part, and the first of these statements.

    For the search of the whole site: one line for each part, however often a word stands in it. Two queries.
    """
    wanted = search.words_of(words)[:8]
    if not wanted:
        return []
    titled = ConsultationPart.objects.select_related("consultation")
    for word in wanted:
        titled = titled.filter(search_text__contains=word)
    hits: dict[int, tuple[float, ConsultationPart, str]] = {}
    for part in titled:
        if score := search.score(words, both(part, "title").values(), both(part, "words").values()):
            hits[part.pk] = (score, part, str(text(part, "definition")))
    for statement in found(words)[:STATEMENTS_READ]:
        if statement.part_id not in hits and (score := search.score(words, (), both(statement, "text").values())):
            hits[statement.part_id] = (score, statement.part, str(text(statement, "text")))
    return sorted(hits.values(), key=lambda hit: (-hit[0], hit[1].pk))


def consultations() -> QuerySet[Consultation]:
    """All of them, the latest first."""
    return Consultation.objects.annotate(number_said=Count("parts__statements"))
