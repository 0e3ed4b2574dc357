"""What an import did, or would do, in words: for the team's page, the long job and the command."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from opendoors.rules.importing import Report
from opendoors.rules.programme_file import in_figures


class _Figure(int):
    """A number that a sentence shows with its thousands apart."""

    def __str__(self) -> str:
        return in_figures(int(self))


def sentences(report: Report) -> list[str]:
    """The report in words, in the reader's language; what is zero is left out.

    A file with problems changes nothing, so nothing is said of what it would do.
    """
    said = _problems(report) if report.problems_total else _counted(report)
    words = [
        *_lines_read(report),
        *(str(sentence % {"number": _Figure(number)}) for number, sentence in said if number),
    ]
    if report.ignored:
        words.append(_("Columns we do not know, left aside: %(names)s.") % {"names": ", ".join(report.ignored)})
    if report.problems_left_out:
        listed = report.problems_total - report.problems_left_out
        words.append(_("The first %(number)d are listed.") % {"number": listed})
    return words


def _lines_read(report: Report) -> list[str]:
    if not report.lines:
        return []
    if not report.separator:
        words = ngettext(
            "%(number)s line read from the spreadsheet.", "%(number)s lines read from the spreadsheet.", report.lines
        )
        return [words % {"number": _Figure(report.lines)}]
    separator = {",": _("comma"), ";": _("semicolon")}.get(report.separator, _("tab"))
    words = ngettext(
        "%(number)s line read, separated by: %(separator)s.",
        "%(number)s lines read, separated by: %(separator)s.",
        report.lines,
    )
    return [words % {"number": _Figure(report.lines), "separator": separator}]


def _problems(report: Report) -> list[tuple[int, Any]]:
    words = ngettext_lazy("There is %(number)s problem.", "There are %(number)s problems.", "number")
    return [(report.problems_total, words)]


def _counted(report: Report) -> list[tuple[int, Any]]:
    return [
        (report.hosts_new, ngettext_lazy("%(number)s host is new.", "%(number)s hosts are new.", "number")),
        (report.hosts_changed, ngettext_lazy("%(number)s host changes.", "%(number)s hosts change.", "number")),
        (report.visits_new, ngettext_lazy("%(number)s visit is new.", "%(number)s visits are new.", "number")),
        (report.visits_changed, ngettext_lazy("%(number)s visit changes.", "%(number)s visits change.", "number")),
        (
            report.visits_left,
            ngettext_lazy("%(number)s visit stays as it is.", "%(number)s visits stay as they are.", "number"),
        ),
        (
            report.visits_called_off,
            ngettext_lazy(
                "%(number)s visit was called off here: its line is left aside.",
                "%(number)s visits were called off here: their lines are left aside.",
                "number",
            ),
        ),
        (
            report.not_in_file,
            ngettext_lazy(
                "%(number)s visit of the programme is not in the file: it stays.",
                "%(number)s visits of the programme are not in the file: they stay.",
                "number",
            ),
        ),
        (
            report.seats_assumed,
            ngettext_lazy(
                "The file gives no seats for %(number)s visit: it gets the number you gave.",
                "The file gives no seats for %(number)s visits: they get the number you gave.",
                "number",
            ),
        ),
        (
            report.waiting_ended,
            ngettext_lazy(
                "%(number)s place in line ends, with a letter: its visit gets fewer seats than the group asked for.",
                "%(number)s places in line end, each with a letter: their visits get fewer seats than the groups "
                "asked for.",
                "number",
            ),
        ),
    ]


def in_words(report: Report) -> dict[str, Any]:
    """A report as the pages show it, in the active language."""
    return {
        "sentences": sentences(report),
        "changes": [] if report.problems_total else report.changes,
        "problems": report.problems,
        "applied": report.applied,
        "can_apply": report.changes_something and not report.problems_total,
        "waiting_ended": 0 if report.problems_total else report.waiting_ended,
        "changes_nothing": not report.changes_something and not report.problems_total,
    }
