"""Bytes to characters, whatever they claim to be."""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
import unicodedata

from core.mail.inbound.parsed import Problem

# What people call a charset, where Python has another name or none.
_OTHER_NAMES = {
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-macintosh": "mac_roman",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "windows-1252http-equivcontent-type": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
    "cp-850": "cp850",
}
# Charsets whose name says little: what is declared so is nearly always one of Windows.
_LATIN = {"ascii", "iso8859-1", "iso8859-15", "cp1252"}
# Python's codecs that are no charsets, or that an attacker would choose.
_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "palmos"}
_GUESSES = ("cp1252", "mac_roman", "cp850")
_COMMON = frozenset("éèêëàâçîïôùûüöœÉÈÀÇÊ’‘“”«»–…€° ")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\ue000-\uf8ff]")
_ENCODED_WORD = re.compile(r"=\?([!-<>@-~]{1,60})\?([bBqQ])\?([^?\s]{0,4000}|[^?\r\n]{0,400})\?=")
_CHARSET = re.compile(r"[\w.:\-]+", re.ASCII)
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _BASE64)


def codec_of(charset: str) -> str:
    """Python's name for a declared charset; ``""`` where there is none."""
    found = _CHARSET.search(charset)  # between quotes that were quoted again; of RFC 2231 a language may follow
    if found is None:
        return ""
    name = _OTHER_NAMES.get(found[0].lower(), found[0].lower())
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return ""
    is_text = getattr(info, "_is_text_encoding", True)
    return info.name if is_text and info.name.replace("-", "_") not in _NO_CHARSETS else ""


def to_text(data: bytes, charset: str, problems: set[Problem]) -> str:
    """``data`` as characters: as declared where that holds, else as what it looks like."""
    codec = codec_of(charset) if charset else "ascii"
    if not codec:
        problems.add(Problem.UNKNOWN_CHARSET)
        return _guessed(data)
    if codec in _LATIN or codec == "utf-8":
        return _latin_or_utf8(data, codec, problems, is_declared=bool(charset))
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        problems.add(Problem.LYING_CHARSET)
        return _guessed(data)


def _latin_or_utf8(data: bytes, codec: str, problems: set[Problem], *, is_declared: bool) -> str:
    """Windows and UTF-8 are mistaken for each other all the time; which it is can be seen."""
    if data.isascii():
        return data.decode("ascii")
    try:
        read = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if codec == "utf-8":
            problems.add(Problem.LYING_CHARSET)
        guessed = _guessed(data)
        if codec == "iso8859-15" and not any(0x80 <= byte < 0xA0 for byte in data):
            return data.decode(codec)
        return guessed
    if is_declared and codec not in {"utf-8", "ascii"}:
        problems.add(Problem.LYING_CHARSET)
    return read


def _guessed(data: bytes) -> str:
    """UTF-8 where it can be, else what gives most of the letters that French and Dutch use."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    sample = data[:20_000]
    return data.decode(max(_GUESSES, key=lambda codec: _likeness(sample.decode(codec, "replace"))), "replace")


def _likeness(text: str) -> int:
    odd = [char for char in text if not char.isascii()]
    return sum(1 if char in _COMMON else -1 for char in odd)


def from_base64(data: bytes, problems: set[Problem]) -> bytes:
    """Base64 as it comes: foreign characters passed over, a missing end made up."""
    clean = data.translate(None, _NOT_BASE64)
    if len(clean) % 4 == 1:
        problems.add(Problem.BROKEN_TRANSFER)
        clean = clean[:-1]
    strange = data[:20_000].translate(None, _BASE64 + b"= \t\r\n")
    if len(strange) > 2:
        problems.add(Problem.BROKEN_TRANSFER)
        if len(strange) * 10 > len(data[:20_000]):
            return data  # it says base64 and is not
    try:
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        problems.add(Problem.BROKEN_TRANSFER)
        return data


def from_quoted_printable(data: bytes) -> bytes:
    """Python's own is forgiving already."""
    return quopri.decodestring(data)


def clean_text(text: str, problems: set[Problem]) -> str:
    """Without NULs, control characters and what turns the reading direction round; lines end in one way."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\x85", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    plain = _INVISIBLE.sub("", text)
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in plain):
        problems.add(Problem.CONTROL_CHARACTERS)
        plain = "".join(char for char in plain if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    return plain


def one_line(text: str, problems: set[Problem], limit: int = 1000) -> str:
    """A header's words on one line: nobody's subject can add a header."""
    return " ".join(clean_text(text.replace("\r", " ").replace("\n", " "), problems).split())[:limit].strip()


def header_text(raw: str, problems: set[Problem]) -> str:
    """A header's value with its encoded words (RFC 2047) read, also those that break the rules."""
    value = header_text_of_bytes(raw, problems)
    read: list[str] = []
    waiting: list[tuple[str, bytes]] = []  # words of one charset that follow each other are one text
    position = 0

    def flush() -> None:
        if waiting:
            read.append(to_text(b"".join(data for _, data in waiting), waiting[0][0], problems))
            waiting.clear()

    for found in _ENCODED_WORD.finditer(value):
        between = value[position : found.start()]
        charset, encoding, payload = found[1], found[2].lower(), found[3].encode("utf-8", "replace")
        data = (
            from_base64(payload, problems) if encoding == "b" else from_quoted_printable(payload.replace(b"_", b"=20"))
        )
        if between.strip() or position == 0:
            flush()
            read.append(between)
        if waiting and waiting[0][0].lower() != charset.lower():
            flush()
        waiting.append((charset, data))
        position = found.end()
    flush()
    read.append(value[position:])
    return "".join(read)


def header_text_of_bytes(raw: str, problems: set[Problem] | None = None) -> str:
    """Bytes that stand in a header unencoded, against the rules: UTF-8 where they can be."""
    if raw.isascii():
        return raw
    return to_text(raw.encode("utf-8", "surrogateescape"), "", set() if problems is None else problems)
