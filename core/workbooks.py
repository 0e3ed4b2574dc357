"""Excel workbooks (XLSX) that somebody sends: what they would unpack to, what a broken one makes readers raise."""

from __future__ import annotations

import zipfile
import zlib
from importlib import import_module
from types import ModuleType
from typing import IO, NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

BROKEN: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),  # cut off, or changed on the way
    NotImplementedError,  # packed in a way that Python's reader does not know
    RuntimeError,  # a part that asks for a password
    *(ParseError, DefusedXmlException),  # no XML, or XML with entities
    *(KeyError, ValueError, TypeError, IndexError, AttributeError),  # XML that openpyxl did not expect
    MemoryError,
)
"""What zipfile, the XML parser and openpyxl raise for a workbook that is damaged or made to harm."""


def openpyxl() -> ModuleType:
    """The library that reads and writes them, loaded once it is needed.

    With Pillow it takes 10 MB that a process which only serves pages can do without. Raises ``ImportError`` where it
    would read XML without defusedxml.
    """
    found = import_module("openpyxl")  # its own __init__ loads openpyxl.cell and openpyxl.utils
    if not found.DEFUSEDXML:  # pragma: no cover - it is installed with us
        raise ImportError("openpyxl must read XML through defusedxml")
    return found


class Contents(NamedTuple):
    """What an archive says of itself before anything is unpacked; Python's reader gives no more than that."""

    parts: int
    unpacked: int  # bytes
    is_workbook: bool


def look_into(file: IO[bytes]) -> Contents:
    """How much an archive would be. Raises one of `BROKEN`."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    is_workbook = any(part.filename == "xl/workbook.xml" for part in parts)
    return Contents(len(parts), sum(part.file_size for part in parts), is_workbook)
