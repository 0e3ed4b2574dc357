"""Raw bytes to an InboundMail: in bounded time and memory, and never with an exception."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import logging
import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import parsedate_to_datetime

from core.mail.inbound import kinds, parts, subjects
from core.mail.inbound.decoding import clean_text, header_text, one_line, to_text
from core.mail.inbound.folding import Folded, fold_away
from core.mail.inbound.headers import Headers, ids_in
from core.mail.inbound.parsed import InboundMail, Kind, Person, Problem

logger = logging.getLogger(__name__)

LIMIT = 25 * 1024 * 1024  # bytes; what is longer is read up to here
_HEADER_LIMIT = 256 * 1024
_MOST_BOUNDARIES = 2000  # lines that may begin a part; each costs memory
_MOST_LINES = 500_000  # 25 MB of an attachment have 350,000
_LONGEST_TEXT = 100_000  # characters
_MOST_IDS = 50
_MOST_PEOPLE = 100
_SUBJECT_LENGTH = 300
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:\\\[\]]{1,64}@[^\s@<>\"'(),;:\\/\[\]]{1,255}")
_HEADERS_END = re.compile(rb"\r?\n\r?\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_NESTED = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_MOST_CONTAINERS = 100
_DMARC_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)


def parse(raw: bytes, *, marker: str = "") -> InboundMail:
    """Read a mail. ``marker`` is the host of our own Message-IDs: a mail that carries it is a loop.

    Never raises: a mail that cannot be taken apart comes back with what can be read of it and
    `Problem.UNREADABLE`. The cost is bounded for any input up to `LIMIT`, see tests/core/test_inbound_cost.py.
    """
    problems: set[Problem] = set()
    try:
        return _parse(raw, marker, problems)
    except Exception as error:  # noqa: BLE001 - a mail that breaks the reader is kept for a person to look at
        logger.warning("A mail of %s bytes cannot be taken apart: %s", len(raw), type(error).__name__)
        problems.add(Problem.UNREADABLE)
        body = _body(raw)[:_LONGEST_TEXT]
        text = clean_text(body.decode("utf-8", "replace"), problems)
        return InboundMail(
            digest=hashlib.sha256(raw).hexdigest(), text=text.strip(), kind=Kind.MESSAGE, problems=_sorted(problems)
        )


def _parse(raw: bytes, marker: str, problems: set[Problem]) -> InboundMail:
    message = message_from_bytes(_bounded(raw, problems), policy=compat32)
    headers = Headers(message)
    sender = _sender(headers, problems)
    subject = one_line(header_text(headers.first("Subject"), problems), problems, _SUBJECT_LENGTH)
    ids = ids_in(headers.first("Message-ID"))
    if not ids:
        problems.add(Problem.NO_MESSAGE_ID)
    found = parts.walk(message, problems)
    if _has_defects(message):
        problems.add(Problem.BROKEN_MIME)
    folded = _folded(found.text, problems)
    kind = kinds.kind_of(message, headers, sender, subject, marker)
    is_report = kind == Kind.BOUNCE
    return InboundMail(
        digest=_digest(raw, headers, sender, ids),
        kind=kind,
        message_id=ids[0] if ids else "",
        in_reply_to=tuple(ids_in(headers.first("In-Reply-To"))[:_MOST_IDS]),
        references=tuple(ids_in(headers.first("References"))[-_MOST_IDS:]),
        sender=sender,
        to=_people(headers.all("To", "Cc"), problems),
        delivered_to=_delivered_to(headers),
        sent_at=_moment(headers.first("Date"), problems),
        subject=subject,
        bare_subject=subjects.bare(subject),
        text=folded.text,
        quoted=folded.quoted,
        signature=folded.signature,
        attachments=tuple(found.files),
        failed=kinds.failures(found.parts, headers, found.text) if is_report else (),
        about=kinds.spoken_of(found.parts, found.text) if kind != Kind.MESSAGE else (),
        failed_check=bool(_DMARC_FAILED.search(headers.first("Authentication-Results"))),
        problems=_sorted(problems),
    )


def _sorted(problems: set[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems))


# --- Bounds --------------------------------------------------------------------------------------


def _bounded(raw: bytes, problems: set[Problem]) -> bytes:
    """At most `LIMIT` bytes, with lines, headers and parts in numbers that Python's parser can take."""
    if len(raw) > LIMIT:
        problems.add(Problem.TOO_LARGE)
        raw = raw[:LIMIT]
    if raw.count(b"\n") + raw.count(b"\r") > 2 * _MOST_LINES:
        further = next(itertools.islice(_LINE_END.finditer(raw), _MOST_LINES, None), None)
        if further is not None:
            problems.add(Problem.TOO_LARGE)
            raw = raw[: further.start()]
    if b"\x00" in raw:
        problems.add(Problem.CONTROL_CHARACTERS)
        raw = raw.replace(b"\x00", b"")
    end = _HEADERS_END.search(raw, 0, _HEADER_LIMIT + 4)
    if end is None and len(raw) > _HEADER_LIMIT:
        problems.add(Problem.HEADERS_CUT)
        cut = raw.rfind(b"\n", 0, _HEADER_LIMIT) + 1 or _HEADER_LIMIT
        body = _HEADERS_END.search(raw, cut)
        raw = raw[:cut] + (b"\n" + raw[body.end() :] if body else b"\n")
    return _not_too_many_parts(raw, problems)


def _not_too_many_parts(raw: bytes, problems: set[Problem]) -> bytes:
    """Each boundary and each container costs the parser memory, each level of nesting a part of its stack."""
    if raw.count(b"\n--") > _MOST_BOUNDARIES:
        problems.add(Problem.TOO_MANY_PARTS)
        position = 0
        for _ in range(_MOST_BOUNDARIES):
            position = raw.find(b"\n--", position) + 3
        raw = raw[: position - 3]
    further = next(itertools.islice(_NESTED.finditer(raw), _MOST_CONTAINERS, None), None)
    if further is None:
        return raw
    problems.add(Problem.TOO_MANY_PARTS)
    return raw[: further.start()]


def _body(raw: bytes) -> bytes:
    end = _HEADERS_END.search(raw)
    return raw[end.end() :] if end else raw


def _has_defects(message: Message) -> bool:
    return any(part.defects for part in [message, *parts.children(message)])


def _folded(text: str, problems: set[Problem]) -> Folded:
    if len(text) > _LONGEST_TEXT:
        problems.add(Problem.TEXT_CUT)
        text = text[:_LONGEST_TEXT]
    folded = fold_away(text)
    if not folded.text:
        problems.add(Problem.NO_TEXT)
    return folded


# --- Headers -------------------------------------------------------------------------------------


def _person(name: str, address: str, problems: set[Problem]) -> Person | None:
    found = _ADDRESS.fullmatch(to_text(address.encode("utf-8", "surrogateescape"), "", problems).strip())
    return Person(found[0].lower(), one_line(header_text(name, problems), problems, 200)) if found else None


def _people(values: list[str], problems: set[Problem]) -> tuple[Person, ...]:
    found: dict[str, Person] = {}
    for value in values[:20]:
        for name, address in kinds.addresses_in(value)[:_MOST_PEOPLE]:
            if person := _person(name, address, problems):
                found.setdefault(person.address, person)
    return tuple(found.values())[:_MOST_PEOPLE]


def _sender(headers: Headers, problems: set[Problem]) -> Person | None:
    """The one who wrote it; nobody where several are named: then nobody can be believed."""
    people = _people(headers.all("From"), problems)
    if len(people) > 1 or headers.count("From") > 1:
        problems.add(Problem.SEVERAL_SENDERS)
        return None
    if not people:
        problems.add(Problem.NO_SENDER)
        return None
    return people[0]


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    """What the servers on the way say about whose mailbox it is; the last server stands first."""
    values = headers.all("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
    found = [address.lower() for value in values[:20] for _, address in kinds.addresses_in(value)[:10]]
    return tuple(dict.fromkeys(address for address in found if _ADDRESS.fullmatch(address)))


def _moment(value: str, problems: set[Problem]) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return aware.astimezone(dt.UTC)
    except Exception:  # noqa: BLE001 - no date, or one that no calendar has
        problems.add(Problem.NO_DATE)
        return None


def _digest(raw: bytes, headers: Headers, sender: Person | None, ids: list[str]) -> str:
    """What makes a mail the same mail: its name, its sender and its date; the bytes where it has no name.

    Received lines, marks of scanners and the transfer encoding differ from way to way, these do not.
    """
    date = headers.first("Date").strip()
    known = "\n".join([ids[0] if ids else "", sender.address if sender else headers.first("From").strip(), date])
    hashed = hashlib.sha256(known.encode("utf-8", "surrogateescape"))
    if not (ids and date):
        hashed.update(headers.first("Subject").encode("utf-8", "surrogateescape"))
        hashed.update(_body(raw).replace(b"\r\n", b"\n").rstrip())
    return hashed.hexdigest()
