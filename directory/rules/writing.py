"""How the values of a document come into a record: compared, held back, checked, stored, noted.

Used by `rules.records` and `rules.merging`; whoever else wants to change a record calls those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.privacy import refuse_national_numbers
from core.bilingual import LANGUAGE_CODES, other_language
from core.text import fold
from directory.documents import Document, Holder, differences, document_of, in_both, is_empty, shape_of
from directory.enums import ChangeAction, GoneReason, Origin, Visibility
from directory.errors import RecordRefused
from directory.models import Location, Organization, RecordChange, Service, Source
from directory.rules import links, log, parts
from directory.rules.parts import LINKS
from directory.rules.references import References
from directory.rules.storing import check_fields, store, store_new

PEOPLES_ORIGINS = frozenset({Origin.HERE, Origin.ORGANISATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who writes, and where the words come from. ``source`` is given exactly for imports.

    Whoever writes many records shares one hand, so that terms and territory are read once.
    """

    by: User | None
    origin: Origin = Origin.HERE
    source: Source | None = None
    references: References = field(default_factory=References)

    @property
    def mark(self) -> str:
        """What ``origins`` keep of it; nothing of a program's words."""
        if self.source is not None:
            return self.source.mark
        return "" if self.origin == Origin.PROGRAM else str(self.origin)


@dataclass(slots=True)
class Written:
    """The outcome: the record, the keys that changed, and those that an import left as people wrote them."""

    record: Any
    changed: set[str] = field(default_factory=set)
    held_back: set[str] = field(default_factory=set)
    change: RecordChange | None = None


@dataclass(slots=True)
class Comparison:
    """Two documents side by side: the keys that would change, and those that an import would leave alone."""

    before: Document
    after: Document
    changed: set[str]
    held_back: set[str]


@dataclass(slots=True)
class Draft:
    """A record that is to be made, and what its document is to say."""

    record: Holder
    values: Mapping[str, Any]


@dataclass(slots=True)
class _Prepared:
    """A draft whose columns are filled in and checked."""

    record: Holder
    wanted: Document
    changed: set[str]

    def after(self) -> Document:
        return {key: self.wanted[key] for key in sorted(self.changed)}


def write(record: Holder, values: Mapping[str, Any], hand: Hand, *, undoes: RecordChange | None = None) -> Written:
    """Write any keys of a stored record; the same values again change nothing. Needs the lock."""
    return _write(record, values, hand, action=ChangeAction.EDITED, undoes=undoes)


def compare(record: Holder, values: Mapping[str, Any], hand: Hand) -> Comparison:
    """What :func:`write` would do to a record, or :func:`write_new` for one that is not stored yet.

    Nothing is stored, but the record's columns are filled in: throw it away. Raises as they do.
    """
    is_stored = bool(record.pk)
    before = document_of(record) if is_stored else _blank(type(record))
    wanted = {key: parts.canonical(record, key, value) for key, value in values.items()}
    held_back: set[str] = set()
    if is_stored:
        held_back = {key for key in differences(before, wanted) if _is_held_back(record, key, before, hand)}
    prepared = _prepare(record, {key: wanted[key] for key in wanted if key not in held_back}, before, hand)
    check_fields(record)
    return Comparison(before, wanted, prepared.changed, held_back)


def write_merged(record: Holder, values: Mapping[str, Any], hand: Hand) -> Written:
    """The same, where a record takes over what another one said."""
    return _write(record, values, hand, action=ChangeAction.MERGED, undoes=None)


def write_new(drafts: Sequence[Draft], hand: Hand, *, restores: RecordChange | None = None) -> list[Holder]:
    """Make records of one model, one or thousands, in the same few statements. Needs the lock.

    A draft that is not valid refuses them all; whoever wants to know which, writes them one by one.
    """
    if not drafts:
        return []
    prepared = [_prepare(draft.record, draft.values, _blank(type(draft.record)), hand) for draft in drafts]
    records = [each.record for each in prepared]
    store_new(records)
    rows: dict[tuple[type[Model], str], list[Model]] = {}
    for each in prepared:
        for key in sorted(each.changed):
            for row in parts.new_rows(each.record, key, each.wanted[key], hand.references):
                rows.setdefault((type(row), key), []).append(row)
    for (_model, key), new in rows.items():
        store_new(new, key=key)
    action = ChangeAction.RESTORED if restores else ChangeAction.CREATED
    log.note_many(_line(each.record, hand, action, before={}, after=each.after(), undoes=restores) for each in prepared)
    for record in records:
        if isinstance(record, Service) and (restores or record.visibility != Visibility.PUBLIC):
            show_or_hide(record)
    return records


def _write(
    record: Holder,
    values: Mapping[str, Any],
    hand: Hand,
    *,
    action: ChangeAction,
    undoes: RecordChange | None,
) -> Written:
    before = document_of(record)
    wanted = {key: parts.canonical(record, key, value) for key, value in values.items()}
    held_back = {key for key in differences(before, wanted) if _is_held_back(record, key, before, hand)}
    prepared = _prepare(record, {key: wanted[key] for key in wanted if key not in held_back}, before, hand)
    changed = prepared.changed
    if not changed:
        return Written(record, held_back=held_back)
    store(record)
    parted = _parted(record, before, wanted) if "places" in changed else {}
    for key in sorted(changed):
        parts.write_rows(record, key, wanted[key], hand.references)
    was = {key: before[key] for key in sorted(changed)} | parted
    (change,) = log.note_many([_line(record, hand, action, before=was, after=prepared.after(), undoes=undoes)])
    if isinstance(record, Service) and "visibility" in changed:
        show_or_hide(record)
    return Written(record, changed, held_back, change)


def _parted(record: Any, before: Document, wanted: Document) -> Document:
    """What is said at the places that a service leaves."""
    left = set(before["places"]) - set(wanted["places"])
    return links.kept(record.at_locations.filter(location__uuid__in=left))


def _prepare(record: Holder, values: Mapping[str, Any], before: Document, hand: Hand) -> _Prepared:
    """Fill in the columns that change, with what follows from them, and check them."""
    wanted = {key: parts.canonical(record, key, value) for key, value in values.items()}
    changed = differences(before, wanted)
    _refuse_national_numbers({key: wanted[key] for key in changed})
    _write_columns(record, wanted, changed, hand.references)
    _mark_texts(record, changed)
    for key in changed:
        if hand.mark:
            record.origins[key] = hand.mark
        else:
            record.origins.pop(key, None)
    if changed or record.pk is None:
        _check_name(record)
    return _Prepared(record, wanted, changed)


def _line(
    record: Holder,
    hand: Hand,
    action: ChangeAction,
    *,
    after: Document,
    before: Document,
    undoes: RecordChange | None,
) -> RecordChange:
    return log.line(
        kind=shape_of(record).kind,
        record=record,
        action=action,
        by=hand.by,
        origin=hand.origin,
        source=hand.source,
        before=before,
        after=after,
        undoes=undoes,
    )


def show_or_hide(service: Service) -> None:
    """Who keeps a copy of the public records takes out what is no longer public. Needs the lock."""
    if service.visibility == Visibility.PUBLIC:
        log.unbury(service.uuid)
    else:
        log.bury(kind=shape_of(service).kind, uuid=service.uuid, reason=GoneReason.HIDDEN)


def _is_held_back(record: Holder, key: str, before: Document, hand: Hand) -> bool:
    """An import never tramples what people wrote, nor what another source said; it fills gaps."""
    if hand.origin != Origin.SOURCE:
        return False
    mark = record.origins.get(key, "")
    if mark in PEOPLES_ORIGINS:
        return True
    return bool(mark) and mark != hand.mark and not is_empty(before.get(key))


@cache
def _blank(model: type[Holder]) -> Document:
    """The document of a record that says nothing yet."""
    fresh = model()
    shape = shape_of(fresh)
    values: Document = {key: parts.canonical(fresh, key, getattr(fresh, key)) for key in shape.columns}
    links: Document = {key: {} if key == "capacity" else [] for key in shape.references if key in LINKS}
    return values | links | {part.key: [] for part in shape.parts}


def _refuse_national_numbers(values: Mapping[str, Any]) -> None:
    refuse_national_numbers(**{key: value for key, value in values.items() if isinstance(value, str)})


def _write_columns(record: Holder, wanted: Document, changed: set[str], references: References) -> None:
    shape = shape_of(record)
    for key in changed:
        if key in shape.columns:
            setattr(record, key, parts.column_value(record, key, wanted[key], key=key))
        elif key in shape.references and key not in LINKS:
            parts.write_reference(record, key, wanted[key], references)
    if isinstance(record, Organization):
        names = (record.name_fr, record.name_nl, record.legal_name)  # type: ignore[attr-defined]  # bilingual
        listed = (*names, *record.alternate_names, *record.former_names)
        record.folded_names = sorted({fold(name) for name in listed if name})


def _mark_texts(record: Holder, changed: set[str]) -> None:
    """One language of a text changed alone: the other one is out of date, until somebody looks at it."""
    outdated = set(record.outdated)
    for name in shape_of(record).texts:
        columns = {language: f"{name}_{language}" for language in LANGUAGE_CODES}
        moved = [language for language, column in columns.items() if column in changed]
        for language in moved:
            outdated.discard(columns[language])
        if len(moved) == 1:
            other = columns[other_language(moved[0])]
            if getattr(record, columns[moved[0]]) and getattr(record, other):
                outdated.add(other)
        outdated -= {column for column in columns.values() if not getattr(record, column)}
    record.outdated = sorted(outdated)


def _check_name(record: Holder) -> None:
    if isinstance(record, Location):
        return
    if not any(getattr(record, name) for name in in_both("name")):
        raise RecordRefused(_("Give a name in one language at least."), field="name_fr")
