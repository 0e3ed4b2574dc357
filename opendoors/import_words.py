"""What an import did, or would do, in words: for the team's page, the long job and the command."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from opendoors.rules.importing import Report


def sentences(report: Report) -> list[str]:
    """The report in words, in the reader's language; what is zero is left out."""
    separator = {",": _("comma"), ";": _("semicolon")}.get(report.separator, _("tab"))
    counted = [
        (report.hosts_new, ngettext_lazy("%(number)d host is new.", "%(number)d hosts are new.", "number")),
        (report.hosts_changed, ngettext_lazy("%(number)d host changes.", "%(number)d hosts change.", "number")),
        (report.visits_new, ngettext_lazy("%(number)d visit is new.", "%(number)d visits are new.", "number")),
        (report.visits_changed, ngettext_lazy("%(number)d visit changes.", "%(number)d visits change.", "number")),
        (
            report.visits_left,
            ngettext_lazy("%(number)d visit stays as it is.", "%(number)d visits stay as they are.", "number"),
        ),
        (
            report.visits_called_off,
            ngettext_lazy(
                "%(number)d visit was called off here: its line is left aside.",
                "%(number)d visits were called off here: their lines are left aside.",
                "number",
            ),
        ),
        (
            report.not_in_file,
            ngettext_lazy(
                "%(number)d visit of the programme is not in the file: it stays.",
                "%(number)d visits of the programme are not in the file: they stay.",
                "number",
            ),
        ),
        (
            report.seats_assumed,
            ngettext_lazy(
                "The file gives no seats for %(number)d visit: it gets the number you gave.",
                "The file gives no seats for %(number)d visits: they get the number you gave.",
                "number",
            ),
        ),
        (
            report.problems_total,
            ngettext_lazy("There is %(number)d problem.", "There are %(number)d problems.", "number"),
        ),
    ]
    words = [
        _("%(number)d lines read, separated by: %(separator)s.") % {"number": report.lines, "separator": separator}
    ]
    words += [str(sentence % {"number": number}) for number, sentence in counted if number]
    if report.ignored:
        words.append(_("Columns we do not know, left aside: %(names)s.") % {"names": ", ".join(report.ignored)})
    if report.problems_total > len(report.problems):
        words.append(_("The first %(number)d are listed.") % {"number": len(report.problems)})
    return words


def in_words(report: Report) -> dict[str, Any]:
    """A report as the pages show it, in the active language."""
    return {
        "sentences": sentences(report),
        "changes": report.changes,
        "problems": report.problems,
        "applied": report.applied,
        "can_apply": report.changes_something and not report.problems_total,
        "changes_nothing": not report.changes_something and not report.problems_total,
    }
