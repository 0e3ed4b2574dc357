"""Whether a person speaks in a mail, or a program: RFC 3834 and what programs do without having read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message
from email.utils import getaddresses

from core.mail.inbound.decoding import clean_text
from core.mail.inbound.headers import Headers, ids_in
from core.mail.inbound.parsed import FailedAddress, Kind, Person
from core.mail.inbound.parts import children, parameter

MARKER = "X-Loop"  # what our own mails carry (`core.mail.message`)
_MOST_HOPS = 30  # a usual mail has three to eight
_AUTO_PRECEDENCE = {"auto_reply", "auto-reply", "bulk", "junk", "list"}
_AUTO_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From", "X-Mail-Autoreply", "List-Id")
_AUTO_SUBJECT = re.compile(
    r"""\s*(?:
      réponse\s+automatique | r[ée]ponse\s+auto\b | message\s+automatique | absence\s+du\s+bureau\b
      | absen(?:t|te|ce)\s*(?:[:\-–]|jusqu|du\s+\d|le\s+\d) | je\s+suis\s+absente?
      | en\s+congés?\s*(?:[:\-–]|jusqu|du\s+\d)
      | notification\s+d['’]absence | message\s+d['’]absence
      | automatisch\s+antwoord | automatische?\s+(?:reactie|antwoord|beantwoording)
      | afwezigheids(?:bericht|melding|assistent)
      | afwezig\s*(?:[:\-–]|tot|van\s+\d) | niet\s+aanwezig\s*(?:[:\-–]|tot) | met\s+verlof\s*(?:[:\-–]|tot|van\s+\d)
      | auto(?:matic)?[\s\-]?(?:reply|response|antwort) | out\s+of\s+(?:the\s+)?office\b
      | on\s+(?:annual\s+)?leave\s*(?:[:\-–]|until)
      | automatische\s+antwort | abwesenheitsnotiz
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BOUNCE_SENDER = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|maildaemon|microsoftexchange[0-9a-f]+)@", re.IGNORECASE
)
_BOUNCE_SUBJECT = re.compile(
    r"""\s*(?:undeliver(?:able|ed)|mail\s+delivery\s+(?:failed|failure|system|subsystem)
      |delivery\s+(?:status\s+notification|failure)
      |failure\s+notice|returned\s+mail|non\s+remis(?:e|able)?|message\s+non\s+(?:remis|distribué)
      |échec\s+de\s+(?:la\s+)?(?:remise|distribution)|onbestelbaar|niet-bezorgd|niet\s+bezorgd|aflevering\s+mislukt|bezorging\s+mislukt)""",
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESS = re.compile(r"<?([A-Za-z0-9._%+'\-=]{1,64}@[A-Za-z0-9.\-]{1,200}\.[A-Za-z]{2,24})>?")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NAMED = re.compile(r"^(?:Original-)?Message-ID:\s*(<[^>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_REPORT_LIMIT = 64 * 1024


def kind_of(message: Message, headers: Headers, sender: Person | None, subject: str, marker: str) -> Kind:
    """What kind of mail it is; the first that holds: a loop, a bounce, an automatic reply, a message."""
    if is_loop(headers, marker):
        return Kind.LOOP
    if is_bounce(message, headers, sender, subject):
        return Kind.BOUNCE
    return Kind.AUTO_REPLY if is_automatic(message, headers, subject) else Kind.MESSAGE


def is_loop(headers: Headers, marker: str) -> bool:
    """One of ours that came back, or one that has been on its way through too many servers."""
    if headers.count("Received") > _MOST_HOPS:
        return True
    ids = ids_in(headers.first("Message-ID"))
    came_back = bool(marker) and any(each.lower().endswith(f"@{marker.lower()}>") for each in ids)
    return came_back or bool(headers.first(MARKER).strip())


def is_bounce(message: Message, headers: Headers, sender: Person | None, subject: str) -> bool:
    """A report that a mail was not delivered, in the form of RFC 3464 or in a server's own words."""
    if _report_type(message) == "delivery-status":
        return True
    if headers.first("X-Failed-Recipients"):
        return True
    is_from_server = sender is not None and bool(_BOUNCE_SENDER.match(sender.address))
    is_from_nobody = "Return-Path" in headers and headers.first("Return-Path").strip() in {"<>", ""}
    return (is_from_server or is_from_nobody or sender is None) and bool(_BOUNCE_SUBJECT.match(subject))


def is_automatic(message: Message, headers: Headers, subject: str) -> bool:
    """An answer nobody wrote."""
    submitted = headers.first("Auto-Submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if headers.first("Precedence").strip().lower() in _AUTO_PRECEDENCE:
        return True
    if any(name in headers and headers.first(name).strip().lower() not in {"no", "false"} for name in _AUTO_HEADERS):
        return True
    if _report_type(message) in {"disposition-notification", "feedback-report"}:
        return True
    return _is_calendar_reply(message) or bool(_AUTO_SUBJECT.match(subject))


def _report_type(message: Message) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    declared = parameter(message, "report-type").lower()
    if declared:
        return declared
    kinds = {part.get_content_type() for part in children(message)}
    return "delivery-status" if "message/delivery-status" in kinds else ""


def _is_calendar_reply(message: Message) -> bool:
    parts = [message, *children(message)]
    return any(
        part.get_content_type() == "text/calendar" and parameter(part, "method").lower() == "reply" for part in parts
    )


# --- What a bounce says --------------------------------------------------------------------------


def failures(parts: Sequence[Message], headers: Headers, text: str) -> tuple[FailedAddress, ...]:
    """The addresses that could not be reached for good; a delay is no failure."""
    found: dict[str, FailedAddress] = {}
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            for block in _blocks(part):
                _note(found, block)
    if found or any(part.get_content_type() == "message/delivery-status" for part in parts):
        return tuple(found.values())
    told = headers.first("X-Failed-Recipients") or text[:4000]
    for address in _ADDRESS.findall(told)[:3]:
        if not _BOUNCE_SENDER.match(address):
            status = _STATUS.search(text)
            found.setdefault(address.lower(), FailedAddress(address.lower(), status[1] if status else ""))
            break
    return tuple(found.values())


def _blocks(part: Message) -> list[dict[str, str]]:
    """The fields of a delivery status, whether the parser took them apart or not."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [{name.lower(): str(value) for name, value in each.items()} for each in children(part)[:50]]
    blocks: list[dict[str, str]] = [{}]
    for line in str(payload)[:_REPORT_LIMIT].splitlines():
        name, colon, value = line.partition(":")
        if not line.strip():
            blocks.append({})
        elif colon:
            blocks[-1].setdefault(name.strip().lower(), value.strip())
    return blocks


def _note(found: dict[str, FailedAddress], block: dict[str, str]) -> None:
    if block.get("action", "failed").strip().lower() != "failed":
        return
    for name in ("original-recipient", "final-recipient"):
        address = _ADDRESS.search(block.get(name, "").partition(";")[2] or block.get(name, ""))
        if address:
            status = _STATUS.search(block.get("status", ""))
            said = " ".join(clean_text(block.get("diagnostic-code", "").partition(";")[2], set()).split())[:300]
            found.setdefault(address[1].lower(), FailedAddress(address[1].lower(), status[1] if status else "", said))
            return


def spoken_of(parts: Sequence[Message], text: str) -> tuple[str, ...]:
    """The Message-IDs of the mails that a report speaks of: of what it sends back, whole or its headers.

    Older servers write those into their words.
    """
    found: list[str] = []
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            found += [each for sent in children(part)[:1] for each in ids_in(str(sent.get("Message-ID", "")))]
        elif kind in {"text/rfc822-headers", "message/rfc822-headers", "message/disposition-notification"}:
            found += _ids_in_block(part)
    if not found and (named := _NAMED.search(text[:_REPORT_LIMIT])):
        found.append(named[1])
    return tuple(dict.fromkeys(found))[:5]


def _ids_in_block(part: Message) -> list[str]:
    payload = part.get_payload()
    if isinstance(payload, list):
        return [each for block in children(part) for each in ids_in(str(block.get("Original-Message-ID", "")))]
    named = _NAMED.search(str(payload)[:_REPORT_LIMIT])
    return [named[1]] if named else []


def addresses_in(value: str) -> list[tuple[str, str]]:
    """Names and addresses of one header, taken apart before anything in it is decoded."""
    try:
        return getaddresses([value])
    except Exception:  # noqa: BLE001 - Python's parser stumbles over some broken headers
        return [("", found) for found in _ADDRESS.findall(value)]
