"""A consultation comes in from its file: all or nothing, the second time nothing, and never without being asked to.

Its needs go into the list of needs of the Region, where they meet those of all other missions.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.log import actor
from basins.rules.needs import Heard, raise_many
from concertations.consultation_file import ConsultationFile, Part, Said, read
from concertations.enums_minutes import PartKind, StatementKind
from concertations.errors.minutes import ConsultationRefused
from concertations.models import Consultation, ConsultationPart, ConsultationStatement
from concertations.rules.gathering import SOURCE
from core.bilingual import both, text
from core.text import fold

logger = logging.getLogger(__name__)

OCCASION = "consultation:"
TITLE_AT_MOST, THEME_AT_MOST = 200, 80
PART_TEXTS = ("group", "title_fr", "title_nl", "words_fr", "words_nl", "definition_fr", "definition_nl")
STATEMENT_FIELDS = ("kind", "text_fr", "text_nl", "line", "cluster", "rank", "p", "s")
# What somebody said was missing; a transversal need is one by its title.
NEEDS = frozenset({(PartKind.THEME, StatementKind.NEED), (PartKind.THEME, StatementKind.OTHER_NEED)})


@dataclass(slots=True)
class Report:
    """What the file holds, by kind of part and of statement, and what came of it."""

    title: str
    counted: Counter[tuple[PartKind, StatementKind]]
    explained: int
    parts: Counter[PartKind]
    made: int = 0
    changed: int = 0
    needs: int = 0

    @property
    def statements(self) -> int:
        """All of them, those that explain others included."""
        return sum(self.counted.values()) + self.explained


def examine(*, content: bytes) -> Report:
    """What a file holds; writes nothing. Raises ``ConsultationRefused``."""
    return _report(_read(content))


@transaction.atomic
def apply(*, content: bytes, slug: str, by: User | None) -> Report:
    """Bring a file in; what is there already stays, what reads differently is put right, nothing is deleted.

    Each need goes into the Region's list once (its place in the file is the occasion). Takes the lock of needs. Raises
    ``ConsultationRefused`` and what ``raise_many`` raises.
    """
    data = _read(content)
    report = _report(data)
    row, _is_new = Consultation.objects.update_or_create(
        slug=slug,
        defaults={
            "title_fr": data.title_fr,
            "title_nl": data.title_nl,
            "organiser": data.organiser,
            "held_on": data.held_on,
            "sessions": data.sessions,
        },
    )
    for part in data.parts:
        _bring_in(row, part, report)
    _raise_needs(row, report)
    logger.info("%s imported the consultation %s: %d statements made", actor(by), slug, report.made)
    return report


def _read(content: bytes) -> ConsultationFile:
    try:
        return read(content)
    except ValueError as error:
        raise ConsultationRefused(_("This is not the file of a consultation."), reason=str(error)) from error


def _report(data: ConsultationFile) -> Report:
    parts = Counter(part.kind for part in data.parts)
    return Report(title=data.title_fr, counted=data.counted(), explained=data.explained(), parts=parts)


def _bring_in(consultation: Consultation, part: Part, report: Report) -> None:
    row, _is_new = ConsultationPart.objects.get_or_create(
        consultation=consultation, kind=part.kind, number=part.number, defaults=_part_values(part)
    )
    report.changed += _put_right(row, _part_values(part))
    known = {each.position: each for each in row.statements.all()}
    new: list[ConsultationStatement] = []
    for position, said, above in _in_order(part.said):
        values = {name: getattr(said, name) for name in STATEMENT_FIELDS}
        values["search_text"] = fold(f"{said.text_fr} {said.text_nl}")
        if position in known:
            report.changed += _put_right(known[position], values)
            continue
        statement = ConsultationStatement(part=row, position=position, **values)
        if above is not None:
            if known[above].pk is None:
                _store(new)
            statement.parent = known[above]
        known[position] = statement
        new.append(statement)
        report.made += 1
    _store(new)


def _store(new: list[ConsultationStatement]) -> None:
    """What explains another needs its key first."""
    ConsultationStatement.objects.bulk_create(new)
    new.clear()


def _in_order(said: Iterable[Said]) -> Iterator[tuple[int, Said, int | None]]:
    """Position, statement, and the position of what it explains."""
    position = 0
    for each in said:
        above = position
        yield position, each, None
        position += 1
        for detail in each.details:
            yield position, detail, above
            position += 1


def _part_values(part: Part) -> dict[str, Any]:
    texts = {name: getattr(part, name) for name in PART_TEXTS}
    return {**texts, "themes": list(part.themes), "search_text": fold(" ".join(texts.values()))}


def _put_right(row: ConsultationPart | ConsultationStatement, values: dict[str, Any]) -> int:
    """Change what reads differently; 1 where something did. An empty text and none are the same."""
    different = {
        name: value
        for name, value in values.items()
        if getattr(row, name) != value and not (value == "" and getattr(row, name) is None)
    }
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        row.save()
    return int(bool(different))


# --- Needs ---------------------------------------------------------------------------------------


def _raise_needs(consultation: Consultation, report: Report) -> None:
    statements = ConsultationStatement.objects.filter(
        part__consultation=consultation, parent=None, need=None
    ).select_related("part")
    rows = [
        statement
        for statement in statements.order_by("part__kind", "part__number", "position")
        if (PartKind(statement.part.kind), StatementKind(statement.kind)) in NEEDS
    ]
    needs = raise_many(source=SOURCE, basin=None, heard=[_heard(consultation, row) for row in rows])
    now = timezone.now()
    for row, need in zip(rows, needs, strict=True):
        row.need, row.modified = need, now
    ConsultationStatement.objects.bulk_update(rows, ["need", "modified"], batch_size=500)
    report.needs = len(rows)


def _heard(consultation: Consultation, statement: ConsultationStatement) -> Heard:
    texts = both(statement, "text")
    language = "fr" if texts["fr"] else "nl"
    part = statement.part
    return Heard(
        source_key=f"{OCCASION}{statement.uuid}",
        source_label=f"{text(consultation, 'title', language)} · {text(part, 'title', language)}"[:TITLE_AT_MOST],
        titles={code: _as_title(words) for code, words in texts.items()},
        language=language,
        words=texts[language],
        heard_on=consultation.held_on,
        theme=str(text(part, "title", language))[:THEME_AT_MOST],
    )


def _as_title(words: str) -> str:
    """A title is short; the whole of it stands in the mention."""
    line = " ".join(words.split())
    if len(line) <= TITLE_AT_MOST:
        return line
    return f"{line[: TITLE_AT_MOST - 2].rsplit(' ', 1)[0]} …"
