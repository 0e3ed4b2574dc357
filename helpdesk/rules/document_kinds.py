"""What kind of file it is, by what stands in it: a name and a declared type are anybody's word."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile

from helpdesk.enums import DocumentKind

_SIGNATURES = (
    (b"%PDF-", DocumentKind.PDF),
    (b"\xff\xd8\xff", DocumentKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", DocumentKind.PNG),
)
_OF_DOCX = frozenset({"[Content_Types].xml", "word/document.xml"})


def kind_of(content: bytes) -> DocumentKind | None:
    """One of the four kinds that are taken, or None. A text with macros is none of them."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    return DocumentKind.DOCX if content.startswith(b"PK\x03\x04") and _is_plain_docx(content) else None


def _is_plain_docx(content: bytes) -> bool:
    """Only the list of the parts is read, nothing is unpacked (ECMA-376, part 2: a package is a ZIP)."""
    try:
        with ZipFile(BytesIO(content)) as package:
            names = set(package.namelist())
    except (BadZipFile, LargeZipFile, NotImplementedError, ValueError, OSError):
        return False
    return names >= _OF_DOCX and not any(name.lower().endswith("vbaproject.bin") for name in names)
