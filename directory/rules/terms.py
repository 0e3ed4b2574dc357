"""Taxonomies and their terms: the words by which everybody searches.

All take the directory's lock, raise ``NotYours`` for who may not edit taxonomies, and ``RecordRefused``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from basins.models import User
from directory.enums import ChangeAction, GoneReason, Origin, RecordKind, TaxonomyCode
from directory.errors import CyclicTerms, RecordRefused, StillInUse
from directory.models import Language, Service, ServiceTerm, Taxonomy, TaxonomyTerm
from directory.rules import log
from directory.rules.storing import store


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxonomyData:
    """What is said of a taxonomy."""

    code: str
    name_fr: str = ""
    name_nl: str = ""
    description_fr: str = ""
    description_nl: str = ""
    depth: int = 1
    version: str = ""
    external_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermData:
    """What is said of a term. Synonyms are words people type, one per entry."""

    code: str
    name_fr: str = ""
    name_nl: str = ""
    description_fr: str = ""
    description_nl: str = ""
    synonyms_fr: tuple[str, ...] = ()
    synonyms_nl: tuple[str, ...] = ()
    external_ref: str = ""
    position: int = 0
    is_active: bool = True


@transaction.atomic
def save_taxonomy(*, taxonomy: Taxonomy | None, data: TaxonomyData, by: User | None) -> Taxonomy:
    """Make or change a taxonomy. Those that code knows by name keep their code."""
    log.begin_words(by)
    row = Taxonomy() if taxonomy is None else log.fresh(taxonomy)
    if row.code in TaxonomyCode.values and data.code != row.code:
        raise RecordRefused(_("Pages know this taxonomy by its code: it stays."), field="code")
    for name, value in asdict(data).items():
        setattr(row, name, value)
    _store(row)
    _note(RecordKind.TAXONOMY, row, by, is_new=taxonomy is None, after=asdict(data))
    stored: Taxonomy = row
    return stored


@transaction.atomic
def save_term(
    *, taxonomy: Taxonomy, term: TaxonomyTerm | None, data: TermData, parent: TaxonomyTerm | None, by: User | None
) -> TaxonomyTerm:
    """Make a term or change it, its place under ``parent`` included.

    Records that carry it count as changed. Raises ``CyclicTerms`` for a term below itself.
    """
    log.begin_words(by)
    row: TaxonomyTerm = TaxonomyTerm(taxonomy=taxonomy) if term is None else log.fresh(term)
    for name, value in asdict(data).items():
        setattr(row, name, _words(value) if isinstance(value, tuple) else value)
    _check_parent(row, parent)
    row.parent = parent
    _store(row)
    _note(RecordKind.TERM, row, by, is_new=term is None, after=asdict(data))
    if term is not None:
        log.touch(_services_with(row))
    return row


@transaction.atomic
def remove_term(*, term: TaxonomyTerm, by: User | None) -> None:
    """Take a term away that nothing carries. Raises ``StillInUse``: replace it, or no longer offer it."""
    log.begin_words(by)
    row: TaxonomyTerm = log.fresh(term)
    if _services_with(row).exists() or row.children.exists() or row.organizations.exists():
        raise StillInUse(_("Records or narrower terms still use this term: replace it by another first."))
    _take_away(row, by)


@transaction.atomic
def replace_term(*, term: TaxonomyTerm, into: TaxonomyTerm, by: User | None) -> int:
    """Make two terms one: records carry ``into``, which learns the other's names as synonyms. Returns how many.

    Raises ``CyclicTerms`` where ``into`` stands below ``term``, ``RecordRefused`` for another taxonomy.
    """
    log.begin_words(by)
    row, target = log.fresh(term), log.fresh(into)
    if row.taxonomy_id != target.taxonomy_id or row.pk == target.pk:
        raise RecordRefused(_("A term is replaced by another one of its taxonomy."))
    if any(each.pk == row.pk for each in _line_above(target)):
        raise CyclicTerms(_("A term cannot be replaced by one that stands below it."))
    changed = list(_services_with(row).values_list("pk", flat=True))
    having = ServiceTerm.objects.filter(term=target)
    ServiceTerm.objects.filter(term=row, service__in=having.values("service")).delete()
    ServiceTerm.objects.filter(term=row).update(term=target)
    speaking = Language.objects.filter(term=target)
    Language.objects.filter(term=row, service__in=speaking.values("service")).delete()
    Language.objects.filter(term=row).update(term=target)
    row.organizations.update(sector=target)
    row.children.update(parent=target)
    for contact in row.contacts.all():
        contact.themes.add(target)
        contact.themes.remove(row)
    for language in ("fr", "nl"):
        words = [*getattr(target, f"synonyms_{language}"), getattr(row, f"name_{language}") or ""]
        setattr(target, f"synonyms_{language}", _words((*words, *getattr(row, f"synonyms_{language}"))))
    _store(target)
    log.touch(Service.objects.filter(pk__in=changed))
    _take_away(row, by, replaced_by=target)
    return len(changed)


def _check_parent(term: TaxonomyTerm, parent: TaxonomyTerm | None) -> None:
    if parent is None:
        return
    if parent.taxonomy_id != term.taxonomy_id:
        raise RecordRefused(_("The broader term belongs to another taxonomy."), field="parent")
    above = _line_above(parent)
    if any(each.pk == term.pk for each in above):
        raise CyclicTerms(_("A term cannot stand below itself."), field="parent")
    if len(above) + _levels_below(term) > term.taxonomy.depth:
        raise RecordRefused(
            _("This taxonomy has at most %(levels)d levels.") % {"levels": term.taxonomy.depth}, field="parent"
        )


def _line_above(term: TaxonomyTerm) -> list[TaxonomyTerm]:
    """The term and all above it. Ends even where a cycle was stored past the rules."""
    line: list[TaxonomyTerm] = []
    step: TaxonomyTerm | None = log.fresh(term)
    while step is not None and step not in line:
        line.append(step)
        step = step.parent
    return line


def _levels_below(term: TaxonomyTerm) -> int:
    """How many levels the term and what stands below it take."""
    below = TaxonomyTerm.objects.filter(parent__isnull=False, parent=term.pk)
    return 1 + max(map(_levels_below, below), default=0)


def _words(words: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(filter(None, (" ".join(str(word).split()) for word in words))))


def _services_with(term: TaxonomyTerm) -> QuerySet[Service]:
    carried = ServiceTerm.objects.filter(term=term).values("service")
    spoken = Language.objects.filter(term=term).values("service")
    return Service.objects.filter(Q(pk__in=carried) | Q(pk__in=spoken))


def _store(row: Taxonomy | TaxonomyTerm) -> None:
    if not (row.name_fr or row.name_nl):  # type: ignore[union-attr]  # bilingual
        raise RecordRefused(_("Give a name in one language at least."), field="name_fr")
    store(row)


def _take_away(row: TaxonomyTerm, by: User | None, *, replaced_by: TaxonomyTerm | None = None) -> None:
    log.note(
        kind=RecordKind.TERM,
        record=row,
        action=ChangeAction.MERGED if replaced_by else ChangeAction.REMOVED,
        by=by,
        origin=Origin.HERE,
        before={name: getattr(row, name) for name in TermData.__dataclass_fields__},
        after={},
    )
    log.bury(
        kind=RecordKind.TERM,
        uuid=row.uuid,
        reason=GoneReason.MERGED if replaced_by else GoneReason.REMOVED,
        replaced_by=replaced_by.uuid if replaced_by else None,
    )
    row.delete()


def _note(
    kind: RecordKind, row: Taxonomy | TaxonomyTerm, by: User | None, *, is_new: bool, after: dict[str, object]
) -> None:
    action = ChangeAction.CREATED if is_new else ChangeAction.EDITED
    log.note(kind=kind, record=row, action=action, by=by, origin=Origin.HERE, before={}, after=after)
