"""The parts of a mail: which holds the words, which are files, and what can be read of both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message
from email.utils import collapse_rfc2231_value

from core.mail.inbound.decoding import (
    clean_text,
    from_base64,
    from_quoted_printable,
    header_text,
    header_text_of_bytes,
    one_line,
    to_text,
)
from core.mail.inbound.html_text import html_to_text
from core.mail.inbound.parsed import AttachedFile, Problem

_TEXT_BYTES = 1024 * 1024  # a novel; what is longer is no question
_HTML_BYTES = 1024 * 1024
_DEEPEST = 30
_MOST_FILES = 100
_MEANS_NOTHING = 40  # a plain part shorter than this next to a longer HTML part says "see the HTML"
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:\-]{2,40})""", re.IGNORECASE)
_WITHOUT_NAME = {"message/rfc822": "message.eml", "text/calendar": "calendar.ics"}


@dataclass(slots=True)
class Found:
    """What the walk through the parts gathers."""

    plain: list[str] = field(default_factory=list)
    rich: list[str] = field(default_factory=list)
    files: list[AttachedFile] = field(default_factory=list)
    parts: list[Message] = field(default_factory=list)  # every part that was passed, files and reports too

    @property
    def text(self) -> str:
        plain = "\n".join(filter(None, self.plain)).strip("\n")
        if not self.rich:
            return plain
        rich = "\n".join(filter(None, self.rich)).strip("\n")
        return rich if len(plain.strip()) < _MEANS_NOTHING and len(rich) > len(plain) else plain


def walk(message: Message, problems: set[Problem]) -> Found:
    """Pass through the parts in their order, without going into mails that are attached."""
    found = Found()
    waiting = [(message, 0, "")]
    while waiting:
        part, depth, container = waiting.pop()
        found.parts.append(part)
        kind = part.get_content_type()
        if depth > _DEEPEST:
            problems.add(Problem.NESTED_TOO_DEEP)
        elif kind.startswith("multipart/") and part.is_multipart():
            if kind == "multipart/encrypted":
                problems.add(Problem.ENCRYPTED)
            waiting += [(each, depth + 1, kind) for each in reversed(children(part))]
        else:
            _take(part, kind, container, found, problems)
    return found


def children(part: Message) -> list[Message]:
    """The parts of a part."""
    payload = part.get_payload() if part.is_multipart() else []
    return [each for each in payload if isinstance(each, Message)]


def _take(part: Message, kind: str, container: str, found: Found, problems: set[Problem]) -> None:
    if kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
        problems.add(Problem.ENCRYPTED)
    name = file_name(part, problems)
    is_words = kind in {"text/plain", "text/html"} and not _is_attached(part) and not (name and found.files)
    if kind.startswith("multipart/"):  # says so, but nothing in it can be taken apart
        problems.add(Problem.BROKEN_MIME)
        found.plain.append(words_of(part, problems))
    elif is_words and container == "multipart/report" and found.plain:
        return  # the headers of the mail that was sent back
    elif is_words and kind == "text/plain":
        found.plain.append(words_of(part, problems))
    elif is_words:
        found.rich.append(words_of(part, problems))
    elif not _belongs_to_report(kind, container) and len(found.files) < _MOST_FILES:
        found.files.append(AttachedFile(name or _WITHOUT_NAME.get(kind, ""), kind[:100], size_of(part)))


def _is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _belongs_to_report(kind: str, container: str) -> bool:
    """Signatures and the machine-readable parts of reports are no files anybody sent."""
    if kind in {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}:
        return True
    return container == "multipart/report" and kind.startswith(("message/", "text/"))


# --- Words ---------------------------------------------------------------------------------------


def words_of(part: Message, problems: set[Problem]) -> str:
    """The text of a part, as characters; HTML as what a reader sees of it."""
    is_html = part.get_content_type() == "text/html"
    limit = _HTML_BYTES if is_html else _TEXT_BYTES
    data = content_of(part, limit, problems)
    charset = parameter(part, "charset")
    if is_html and not charset:
        declared = _META_CHARSET.search(data[:4096])
        charset = declared[1].decode("ascii") if declared else ""
    text = clean_text(to_text(data, charset, problems), problems)
    if is_html:
        return html_to_text(text)
    if parameter(part, "format").lower() == "flowed":
        return unflowed(text, is_spaced=parameter(part, "delsp").lower() != "yes")
    return text


def content_of(part: Message, limit: int, problems: set[Problem]) -> bytes:
    """The decoded content of a part, at most ``limit`` bytes of it."""
    encoding = _encoding(part)
    if encoding in {"base64", "quoted-printable"}:
        payload = part.get_payload()
        raw = payload[: 4 * limit] if isinstance(payload, str) else ""
        encoded = raw.encode("utf-8", "surrogateescape")
        data = from_base64(encoded, problems) if encoding == "base64" else from_quoted_printable(encoded)
    else:
        data = _as_it_is(part)
        if encoding not in {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits"}:
            problems.add(Problem.BROKEN_TRANSFER)
    if len(data) > limit:
        problems.add(Problem.TEXT_CUT)
    return data[:limit]


def _encoding(part: Message) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower().rstrip("; ")


def _as_it_is(part: Message) -> bytes:
    """The bytes of a part that is not encoded (or by uuencode, which Python reads)."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def parameter(part: Message, name: str, header: str = "Content-Type") -> str:
    """A parameter of a part's header, also where its bytes are not encoded; ``""`` where there is none."""
    values = [str(value) for key, value in part.raw_items() if key.lower() == header.lower()]
    if not values:
        return ""
    read = Message()
    read[header] = " ".join(header_text_of_bytes(values[0][:4000]).splitlines())
    try:
        value = read.get_param(name, header=header)
        return collapse_rfc2231_value(value).strip() if value else ""
    except Exception:  # noqa: BLE001 - Python's parser stumbles over some broken headers
        return ""


def unflowed(text: str, *, is_spaced: bool) -> str:
    """Paragraphs whole again that were broken at a space for the way (RFC 3676)."""
    lines: list[str] = []
    goes_on = False
    depth_before = 0
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        is_signature = line == "-- "
        if goes_on and depth == depth_before and not is_signature:
            lines[-1] += line
        else:
            lines.append(f"{'>' * depth} {line}" if depth else line)
        goes_on = line.endswith(" ") and not is_signature
        if goes_on and not is_spaced:
            lines[-1] = lines[-1][:-1]
        depth_before = depth
    return "\n".join(lines)


# --- Files ---------------------------------------------------------------------------------------


def file_name(part: Message, problems: set[Problem]) -> str:
    """What the sender calls the file, on one line, without folders; ``""`` where it has no name."""
    name = parameter(part, "filename", "Content-Disposition") or parameter(part, "name")
    read = one_line(header_text(name, problems), problems, limit=200)
    return read.replace("\\", "/").rpartition("/")[2].strip() or read


def size_of(part: Message) -> int:
    """Bytes of the decoded content, counted without decoding it."""
    if part.is_multipart():
        return sum(size_of(each) for each in children(part)[:100])
    if _encoding(part) != "base64":
        return len(_as_it_is(part))
    payload = str(part.get_payload())
    letters = len(payload) - payload.count("\n") - payload.count("\r") - payload.count(" ")
    return max(0, letters * 3 // 4 - payload[-8:].count("="))
