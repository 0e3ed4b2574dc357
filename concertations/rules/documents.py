"""Papers of a series, of a meeting, of an item of its agenda: a file per language, or both languages in one."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import User
from concertations.enums import DocumentAudience
from concertations.errors import MeetingError
from concertations.models import AgendaItem, Document, Meeting, Series
from concertations.rules.checks import check_row, refuse_numbers, refuse_stranger

logger = logging.getLogger(__name__)

BYTES_AT_MOST = 20 * 1024 * 1024
# What may be put up, and how such a file begins: a name alone says nothing of what is inside.
_ZIP, _PDF, _PNG, _JPG = b"PK\x03\x04", b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff"
KINDS = {
    ".pdf": _PDF,
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"), _ZIP),
    ".png": _PNG,
    **dict.fromkeys((".jpg", ".jpeg"), _JPG),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentData:
    """What is said of a paper. ``language`` empty: both languages are in the file."""

    title_fr: str
    title_nl: str
    language: str = ""
    audience: DocumentAudience | str = DocumentAudience.PUBLIC
    item: AgendaItem | None = None


@transaction.atomic
def add(*, series: Series, meeting: Meeting | None, data: DocumentData, file: File[bytes], by: User | None) -> Document:
    """Put a paper up, of a meeting or (``None``) of the series as a whole.

    Raises ``MeetingError`` for a file that is too large or not what its name says, ``NationalNumberFound``,
    ``NotYours``.
    """
    refuse_stranger(series, by)
    refuse_numbers(data)
    _check_file(file)
    row = Document(series=series, meeting=meeting, file=file, added_by=by, **_values(data))
    _check(row)
    row.save()
    logger.info("Document %s of %s was added by %s", row.uuid, series.uuid, by and by.uuid)
    return row


@transaction.atomic
def edit(*, document: Document, data: DocumentData, by: User | None, file: File[bytes] | None = None) -> Document:
    """Rewrite what is said of a paper, or put another file in its place; the old file goes. Raises as :func:`add`."""
    refuse_stranger(document.series, by)
    refuse_numbers(data)
    rows = Document.objects.select_related("series__basin", "meeting").select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=document.pk).first()
    if row is None:
        raise MeetingError(_("A colleague has taken this document away."))
    for name, value in _values(data).items():
        setattr(row, name, value)
    if file is not None:
        _check_file(file)
        _forget_file(row)
        row.file = file
    _check(row)
    row.save()
    logger.info("Document %s was edited by %s", row.uuid, by and by.uuid)
    return row


@transaction.atomic
def remove(*, document: Document, by: User | None) -> None:
    """Take a paper away, its file too. Raises ``NotYours``."""
    refuse_stranger(document.series, by)
    _forget_file(document)
    Document.objects.filter(pk=document.pk).delete()
    logger.info("Document %s was removed by %s", document.uuid, by and by.uuid)


def _forget_file(document: Document) -> None:
    """Once the change stands: a change that is taken back keeps its file."""
    storage, name = document.file.storage, document.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _check_file(file: File[bytes]) -> None:
    beginning = KINDS.get(PurePath(file.name or "").suffix.lower())
    if beginning is None:
        kinds = ", ".join(kind.removeprefix(".") for kind in KINDS)
        raise MeetingError(_("Choose a file of one of these kinds: %(kinds)s.") % {"kinds": kinds}, field="file")
    if file.size > BYTES_AT_MOST:
        size = {"size": BYTES_AT_MOST // 1024 // 1024}
        raise MeetingError(_("The file is larger than %(size)d MB.") % size, field="file")
    file.seek(0)
    starts = file.read(len(beginning))
    file.seek(0)
    if starts != beginning:
        raise MeetingError(_("This file is not what its name says. Save it anew and try again."), field="file")


def _values(data: DocumentData) -> dict[str, object]:
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def _check(row: Document) -> None:
    for field in ("title_fr", "title_nl"):
        if not getattr(row, field):
            raise MeetingError(_("Write the title in both languages."), field=field)
    if row.item is not None and row.item.meeting_id != row.meeting_id:
        raise MeetingError(_("This item stands on the agenda of another meeting."), field="item")
    check_row(row)
