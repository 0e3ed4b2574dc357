"""JSON read piece by piece: the objects of a list, of a page, or one per line, without ever holding the whole file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from directory.errors import FileRefused

PAGE = re.compile(r'\{\s*"(contents|total_items|total_pages|page_number|size|first_page|last_page|empty)"')
CHUNK = 256 * 1024
LONGEST_RECORD = 4 * 1024 * 1024


def objects(file: IO[bytes]) -> Iterator[Any]:
    """What a list, a page with ``contents`` or lines hold. Raises ``FileRefused``."""
    text = _Text(file)
    text.skip("")
    if text.starts("{") and not text.is_page():
        yield from text.lines()
        return
    if text.starts("{"):
        text.go_behind('"contents"')
        text.skip(":")
    text.skip("[")
    while not text.starts("]"):
        yield text.value()
        text.skip(",")


class _Text:
    """The part of the file that is held."""

    def __init__(self, file: IO[bytes]) -> None:
        file.seek(0)
        self.file = file
        self.buffer = ""
        self.rest = b""
        self.decoder = json.JSONDecoder(parse_constant=_no_constant)
        self.more()

    def more(self) -> bool:
        chunk = self.file.read(CHUNK)
        data = self.rest + chunk
        cut = len(data)
        while chunk and cut and data[cut - 1] & 0xC0 == 0x80:  # do not cut a letter in two
            cut -= 1
        cut = cut - 1 if chunk and cut and data[cut - 1] & 0xC0 == 0xC0 else len(data) if not chunk else cut
        try:
            self.buffer += data[:cut].decode("utf-8-sig" if not self.buffer else "utf-8")
        except UnicodeDecodeError as error:
            raise FileRefused(_("The file is in another encoding than UTF-8."), field="file") from error
        self.rest = data[cut:]
        return bool(chunk)

    def skip(self, sign: str) -> None:
        """Over blanks, one ``sign`` if it stands here, and blanks again."""
        for part in ("", sign):
            if part and self.buffer.startswith(part):
                self.buffer = self.buffer[len(part) :]
            self.buffer = self.buffer.lstrip()
            while not self.buffer and self.more():
                self.buffer = self.buffer.lstrip()

    def starts(self, sign: str) -> bool:
        return self.buffer.startswith(sign)

    def is_page(self) -> bool:
        """A page of HSDS, and not lines: what it says of itself comes before its contents."""
        return PAGE.match(self.buffer) is not None

    def go_behind(self, name: str) -> None:
        self.buffer = self.buffer.partition(name)[2]

    def value(self) -> Any:
        while True:
            try:
                found, end = self.decoder.raw_decode(self.buffer)
            except RecursionError as error:
                raise FileRefused(_("The JSON is nested too deeply."), field="file") from error
            except ValueError as error:
                if len(self.buffer) > LONGEST_RECORD or not self.more():
                    raise FileRefused(_("This is not JSON, or it ends in the middle."), field="file") from error
                continue
            if end == len(self.buffer) and self.more():
                continue  # a number might go on
            self.buffer = self.buffer[end:]
            return found

    def lines(self) -> Iterator[Any]:
        while self.buffer:
            yield self.value()
            self.skip("")


def _no_constant(name: str) -> Any:
    raise ValueError(name)
