"""What is said by mail to those who keep a list or follow a search. The receiver's language is active."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bilingual import text
from core.mail import Letter, absolute_url, letter
from directory import queries
from directory.kept_queries import kept_url
from directory.leaflet import as_they_are_now
from directory.models import RecordChange, SavedList, SavedSearch
from directory.web.addresses import record_url

TEMPLATE = "directory/mail/kept"


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a mail; without ``url`` it is no longer there."""

    name: str
    language: str
    detail: str = ""
    url: str = ""


@letter("directory.list_kept", title=gettext_lazy("List of records: link"))
def list_kept(params: dict[str, Any]) -> Letter | None:
    """Right after a list was made: the link that opens it, and asks whether to tell of changes."""
    row = SavedList.objects.select_related("basin").filter(uuid=params["list"]).first()
    if row is None:
        return None
    lead = _("Here is the list you made in the directory. Open it to confirm: then we tell you when a record changes.")
    return _letter(row, _("Your list of services"), lead, _lines(row.records), _("Open and confirm my list"))


@letter("directory.list_changed", title=gettext_lazy("List of records: something changed"))
def list_changed(params: dict[str, Any]) -> Letter | None:
    """At most once a day: which records of the list changed or are gone."""
    row = SavedList.objects.select_related("basin").filter(uuid=params["list"], confirmed_at__isnull=False).first()
    if row is None:
        return None
    lines = _lines([UUID(each) for each in params["records"]])
    number = len(lines)
    subject = ngettext("A record of your list has changed", "%(number)d records of your list have changed", number) % {
        "number": number
    }
    lead = _("Print your leaflet again, so that it stays right.")
    return _letter(row, subject, lead, lines, _("Open my list"))


@letter("directory.search_followed", title=gettext_lazy("Followed search: link"))
def search_followed(params: dict[str, Any]) -> Letter | None:
    """Right after asking: nothing more is sent before this link is confirmed."""
    row = SavedSearch.objects.select_related("basin").filter(uuid=params["search"]).first()
    if row is None or row.confirmed_at is not None:
        return None
    lead = _(
        "You want to know when something new fits your search. Open the link and confirm: we write to you only then."
    )
    return _letter(row, _("Follow a search of the directory"), lead, [], _("Confirm"))


@letter("directory.search_news", title=gettext_lazy("Followed search: something new"))
def search_news(params: dict[str, Any]) -> Letter | None:
    """At most once a day: what fits now and did not before."""
    row = SavedSearch.objects.select_related("basin").filter(uuid=params["search"], confirmed_at__isnull=False).first()
    if row is None:
        return None
    lines = [line for line in _lines([UUID(each) for each in params["records"]]) if line.url]
    if not lines:
        return None
    number = max(len(lines), params["number"]) if len(lines) == len(params["records"]) else len(lines)
    subject = ngettext("New in your search: one service", "New in your search: %(number)d services", number) % {
        "number": number
    }
    lead = _("These fit your search now and did not before.")
    return _letter(row, subject, lead, lines, _("See my search"))


def _lines(records: Iterable[UUID]) -> list[Line]:
    """Each record with its name and address, where it stands now; of one that is gone, the name it had."""
    asked = list(records)
    now = as_they_are_now(asked)
    found = {row.uuid: row for row in queries.services_for(AnonymousUser()).filter(uuid__in=now)}
    history = RecordChange.objects.filter(record_uuid__in=asked).order_by("pk")
    names: dict[UUID, str] = dict(history.values_list("record_uuid", "label"))
    lines = []
    for record in now:
        if record in found:
            name = text(found[record], "name")
            organization = str(text(found[record].organization, "name"))
            lines.append(Line(str(name), name.language, organization, absolute_url(record_url(found[record], None))))
        else:
            lines.append(Line(names.get(record, ""), "", _("no longer in the directory")))
    return [line for line in lines if line.name]


def _letter(row: SavedList | SavedSearch, subject: str, lead: str, lines: Sequence[Line], button: str) -> Letter:
    """One layout for all: a sentence, the records, the link, and how to end it (RFC 8058: one click)."""
    stop = absolute_url(kept_url(row, "kept_stop"))
    context = {
        "basin": row.basin,
        "lead": lead,
        "lines": lines,
        "button": button,
        "link": absolute_url(kept_url(row)),
        "stop_link": stop,
        "is_list": isinstance(row, SavedList),
    }
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Letter(subject, TEMPLATE, context, headers=headers)
