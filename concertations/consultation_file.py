"""The file of a consultation, read into parts and statements. Pure: no database, nothing decided about needs.

The file gives needs and priorities in both languages, everything else as it was said: in one. That language is kept;
nothing is translated, and nothing that was not asked becomes a zero.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from concertations.enums_minutes import PartKind, StatementKind

Raw = Mapping[str, Any]
_WORD = re.compile(r"[^\W\d_]+")
# Enough of each language to tell what participants wrote in 2019; single names of services are told by their words.
_DUTCH = frozenset(
    """hoe contacten leggen tussen organisch vanaf werkers aandacht voor vrees waarom niet van het een met zijn worden
    bij naar zonder vanuit aan visie boodschap beleid personeel waarderen inzetten verworven loskomen flexibiliteit
    flexijob mogelijk maken terrein buurt buurtpensioen pensioen wondzorg eerstelijn solidariteit gezin stichting tegen
    straatverpleging huis gezondheid zorg""".split()
)
_FRENCH = frozenset(
    """le la les des du un une et pour avec pas est sont aux au dans sur que qui ou ce se plus par entre à ne il elle
    nous on leur leurs être faire mettre accès patient patients soins santé services""".split()
)
_ARROW = re.compile(r"^→\s*")


@dataclass(frozen=True, slots=True)
class Said:
    """One statement. ``details`` explain it. ``p``, ``s``: points; None where nobody was asked."""

    kind: StatementKind
    text_fr: str = ""
    text_nl: str = ""
    line: int | None = None
    cluster: str = ""
    rank: int | None = None
    p: int | None = None
    s: int | None = None
    details: Sequence[Said] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A theme, a solution track, a gap … with what was said under it. Numbered within its kind."""

    kind: PartKind
    number: int
    title_fr: str
    title_nl: str
    said: Sequence[Said]
    group: str = ""
    words_fr: str = ""
    words_nl: str = ""
    definition_fr: str = ""
    definition_nl: str = ""
    themes: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class ConsultationFile:
    """All of it. ``held_on`` is the first day."""

    title_fr: str
    title_nl: str
    organiser: str
    held_on: dt.date
    sessions: list[Any]
    parts: list[Part] = field(default_factory=list)

    def counted(self) -> Counter[tuple[PartKind, StatementKind]]:
        """How many statements of each kind there are in each kind of part, what explains others not counted."""
        return Counter((part.kind, said.kind) for part in self.parts for said in part.said)

    def explained(self) -> int:
        """How many statements explain another."""
        return sum(len(said.details) for part in self.parts for said in part.said)


def read(content: bytes) -> ConsultationFile:
    """The file's parts in its own order. Raises ``ValueError`` where it is no such file (``KeyError``, ``TypeError``
    and what ``json`` raises become one)."""
    try:
        raw = json.loads(content)
        about = raw["consultation"]
        days = sorted(day for session in about["sessions"] for day in session["dates"])
        return ConsultationFile(
            title_fr=about["title_fr"],
            title_nl=about["title_nl"],
            organiser=about["organiser"],
            held_on=dt.date.fromisoformat(days[0]),
            sessions=about["sessions"],
            parts=list(_parts(raw)),
        )
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"not the file of a consultation: {error!r}") from error


def language_of(words: str) -> str:
    """Which language a statement is in: ``nl`` where more of its words are Dutch than French."""
    found = _WORD.findall(words.lower())
    return "nl" if sum(word in _DUTCH for word in found) > sum(word in _FRENCH for word in found) else "fr"


def _parts(raw: Raw) -> Iterator[Part]:
    for chapter in raw["chapters"]:
        paragraphs = [
            _in_language(StatementKind.PARAGRAPH, words, code)
            for code in ("fr", "nl")
            for words in chapter[f"paras_{code}"]
        ]
        yield _part(PartKind.SUMMARY, chapter["no"], chapter, paragraphs)
    for theme in raw["themes"]:
        needs = [_both(StatementKind.NEED, each) for each in theme["needs"]]
        others = _all_single(StatementKind.OTHER_NEED, theme["other_needs"])
        yield _part(
            PartKind.THEME,
            theme["no"],
            theme,
            [*needs, *others, *_all_single(StatementKind.REMARK, theme["remarks"])],
            **{name: theme.get(name) or "" for name in ("words_fr", "words_nl", "definition_fr", "definition_nl")},
        )
    for number, track in enumerate(raw["solutions"], start=1):
        highlights = _all_single(StatementKind.HIGHLIGHT, track["highlights"])
        ideas = _all_single(StatementKind.IDEA, track["ideas"])
        yield _part(
            PartKind.SOLUTION, number, track, [*highlights, *ideas], group=track["code"], themes=track["themes"]
        )
    for number, gap in enumerate(raw["gaps"], start=1):
        yield _part(PartKind.GAP, number, gap, _all_single(StatementKind.ITEM, gap["items"]))
    for number, each in enumerate(raw["expectations"], start=1):
        items = _all_single(StatementKind.ITEM, each["items"])
        yield _part(PartKind.EXPECTATION, number, each, items, group=each["kind"])
    for each in raw["transversal_needs"]:
        said = [
            *(_both(StatementKind.PRIORITY, priority) for priority in each["priorities"]),
            *_all_single(StatementKind.ORGANISATION, each["organisations"]),
            *_all_single(StatementKind.REFLECTION, each["reflections"]),
        ]
        yield _part(PartKind.TRANSVERSAL, each["no"], each, said)
    remarks = [_both(StatementKind.REMARK, {**each, "line_fr": each["line"]}) for each in raw["final_remarks"]]
    heading = {"title_fr": "Remarques finales", "title_nl": "Slotopmerkingen"}
    if remarks:
        yield _part(PartKind.REMARKS, 1, heading, remarks)


def _part(kind: PartKind, number: int, raw: Raw, said: Sequence[Said], **more: Any) -> Part:
    return Part(
        kind=kind, number=number, title_fr=raw["title_fr"] or "", title_nl=raw["title_nl"] or "", said=said, **more
    )


def _both(kind: StatementKind, raw: Raw) -> Said:
    """In both languages, where both exist; points as they are: none is none."""
    details = [_in_language(kind, words, code) for code in ("fr", "nl") for words in raw.get(f"sub_{code}") or ()]
    return Said(
        kind=kind,
        text_fr=raw["fr"] or "",
        text_nl=raw["nl"] or "",
        line=raw["line_fr"],
        rank=raw.get("rank"),
        p=raw.get("p"),
        s=raw.get("s"),
        details=details,
    )


def _all_single(kind: StatementKind, rows: Sequence[Raw]) -> list[Said]:
    return [_single(kind, row) for row in rows]


def _single(kind: StatementKind, raw: Raw) -> Said:
    said = _in_language(kind, raw["text"], language_of(raw["text"]))
    return Said(
        kind=kind,
        text_fr=said.text_fr,
        text_nl=said.text_nl,
        line=raw["line"],
        cluster=raw.get("cluster") or raw.get("group") or "",
        details=[_single(kind, each) for each in raw.get("sub") or ()],
    )


def _in_language(kind: StatementKind, words: str, code: str) -> Said:
    words = _ARROW.sub("", words).strip()
    return Said(kind=kind, text_fr=words) if code == "fr" else Said(kind=kind, text_nl=words)
