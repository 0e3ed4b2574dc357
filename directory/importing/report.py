"""What an import did, or would do: figures, the first changes with what they change, and what is wrong by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from directory.documents import SHAPES
from directory.importing import columns
from directory.importing.problems import PROBLEMS_LISTED, WORDS_LISTED, Problems, short
from directory.models import Location, Organization, Service

CHANGES_LISTED = 200
COUNTED: dict[str, Any] = {
    "services_new": ngettext_lazy("%(n)s record is new.", "%(n)s records are new.", "number"),
    "services_changed": ngettext_lazy("%(n)s record changes.", "%(n)s records change.", "number"),
    "organizations_new": ngettext_lazy("%(n)s organisation is new.", "%(n)s organisations are new.", "number"),
    "organizations_changed": ngettext_lazy("%(n)s organisation changes.", "%(n)s organisations change.", "number"),
    "linked": ngettext_lazy(
        "%(n)s row is a record that stands here already: its gaps are filled.",
        "%(n)s rows are records that stand here already: their gaps are filled.",
        "number",
    ),
    "left": ngettext_lazy("%(n)s row changes nothing.", "%(n)s rows change nothing.", "number"),
    "held_back": ngettext_lazy(
        "%(n)s value stays as it was corrected here.", "%(n)s values stay as they were corrected here.", "number"
    ),
    "waiting": ngettext_lazy(
        "%(n)s row is like a record that stands here: it waits until somebody decides.",
        "%(n)s rows are like records that stand here: they wait until somebody decides.",
        "number",
    ),
    "gone": ngettext_lazy(
        "%(n)s record is no longer in the list: it is marked, and stays.",
        "%(n)s records are no longer in the list: they are marked, and stay.",
        "number",
    ),
    "back": ngettext_lazy("%(n)s record is in the list again.", "%(n)s records are in the list again.", "number"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of a record, before and after. ``is_held``: it stays as people wrote it."""

    key: str
    before: str
    after: str
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One record that is new, or that changes."""

    line: int
    label: str
    is_new: bool
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row that is like records which stand here."""

    line: int
    label: str
    candidates: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """The figures count rows and records; lists hold the first ones only."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    changes: list[Change] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    nameless_rows: int = 0  # rows of which nobody can tell which record they are about
    applied: bool = False

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] += number

    def note(self, change: Change) -> None:
        if len(self.changes) < CHANGES_LISTED:
            self.changes.append(change)

    def propose(self, proposal: Proposal) -> None:
        self.count("waiting")
        if len(self.proposals) < CHANGES_LISTED:
            self.proposals.append(proposal)

    @property
    def changes_something(self) -> bool:
        quiet = {"left", "held_back", "waiting"}
        return any(number for what, number in self.counts.items() if what not in quiet)


def in_words(report: Report) -> dict[str, Any]:
    """A report as page, job and command show it, in the active language; plain values that a job can keep."""
    unknown = report.problems.unknown.most_common(WORDS_LISTED)
    return {
        "sentences": sentences(report),
        "changes": [
            {
                "line": change.line,
                "label": change.label,
                "is_new": change.is_new,
                "differences": [
                    {"name": label_of(each.key), "before": each.before, "after": each.after, "is_held": each.is_held}
                    for each in change.differences
                ],
            }
            for change in report.changes
        ],
        "proposals": [
            {"line": each.line, "label": each.label, "candidates": list(each.candidates)} for each in report.proposals
        ],
        "problems": [str(problem) for problem in sorted(report.problems.listed, key=lambda problem: problem.line)],
        "unknown": [{"column": column, "word": word, "number": number} for (column, word), number in unknown],
        "applied": report.applied,
        # Rows that wait are proposed once the list is imported, so that is worth doing for them alone.
        "can_apply": (report.changes_something or bool(report.counts["waiting"])) and not report.applied,
        "waiting": report.counts["waiting"],
    }


def sentences(report: Report) -> list[str]:
    """The figures in words; what is zero is left out."""
    said = [ngettext("%(n)s row was read.", "%(n)s rows were read.", report.rows) % {"n": _figure(report.rows)}]
    said += [
        str(words % {"number": report.counts[what], "n": _figure(report.counts[what])})
        for what, words in COUNTED.items()
        if report.counts[what]
    ]
    total = report.problems.total
    if total:
        words = ngettext(
            "There is %(n)s problem; its row is left out.", "There are %(n)s problems; their rows are left out.", total
        )
        said.append(words % {"n": _figure(total)})
    if total > PROBLEMS_LISTED:
        said.append(_("The first %(number)d are listed.") % {"number": PROBLEMS_LISTED})
    if report.nameless_rows:
        said.append(_("Some rows cannot be told apart, so nothing is marked as gone this time."))
    if not report.changes_something and not total and not report.counts["waiting"]:
        said.append(_("Nothing would change: all of it is in the directory."))
    return said


def shown(value: Any) -> str:
    """A document's value in a few words, for before and after."""
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value[:5]) + ("…" if len(value) > 5 else "")
    if isinstance(value, dict):
        return " ".join(str(each) for each in value.values())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return short(str(value)) if value not in ("", None) else "–"


def label_of(key: str) -> str:
    """What a key of a document is called on the pages."""
    for model in (Service, Organization, Location):
        if key in SHAPES[model].columns:
            return columns.label_of(model, key)
    labels = {
        "terms": _("themes, audiences, sectors"),
        "languages": _("languages"),
        "areas": _("territory served"),
        "places": _("places"),
        "capacity": _("places and waiting time"),
        "phones": _("phones"),
        "schedules": _("opening hours"),
        "urls": _("web addresses"),
        "costs": _("prices"),
        "documents": _("documents asked for"),
        "identifiers": _("numbers"),
        "accessibility": _("accessibility"),
        "municipality": _("municipality"),
        "sector": _("sector"),
    }
    return str(capfirst(labels.get(key, key)))


def _figure(number: int) -> str:
    return number_format(number, force_grouping=True)
