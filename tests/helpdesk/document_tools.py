"""Small files of the four kinds that are taken, and what the tests of documents do again and again."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from basins.models import User
from helpdesk.models import AskedDocument, Ticket
from helpdesk.rules import documents
from tests.helpdesk.tools import ask

PDF = b"%PDF-1.7\nZxq-4711-inside-the-file"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
WHICH = "Le plan d’aide, pour voir qui passe déjà."


def package(*parts: str) -> bytes:
    """A ZIP with these parts."""
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for part in parts:
            file.writestr(part, "<x/>")
    return out.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")


def asked(by: User, ticket: Ticket | None = None) -> AskedDocument:
    """A document is asked for, with a new ticket unless one is given."""
    return documents.ask(ticket=ticket or ask(), words=WHICH, by=by)


def received(by: User, content: bytes = PDF) -> AskedDocument:
    """A document that came."""
    return documents.receive(ticket=asked(by).ticket, name="plan.pdf", content=content)
