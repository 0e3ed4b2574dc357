"""What is kept of a mail: each of its texts with national register numbers masked, in lengths the tables hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from basins.enums import Language
from basins.rules.privacy import national_numbers
from core.mail.inbound import InboundMail
from core.mail.outbox import mail_host
from core.text import fold
from helpdesk.rules.asking import BODY_AT_MOST
from helpdesk.rules.identity import MASK

QUOTED_AT_MOST = 20_000
_ID_AT_MOST = 300
_OURS = re.compile(r"<[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@[\w.-]{1,200}>")
_ROOM = 1500  # for the names of attachments, and who wrote, in front of words that a colleague puts into a thread
_MOST_REFERENCES = 20
_READ = 4000  # characters that tell the language
_FRENCH = frozenset(
    "bonjour je nous vous il elle est une des les du au aux pour qui dans avec sur pas mais merci chez cette ce son "
    "sont bonsoir madame monsieur".split()
)
_DUTCH = frozenset(
    "beste goedemorgen dag ik wij we u hij zij is een het van voor wie die dat in met op niet maar bedankt bij deze "
    "zijn geachte mevrouw meneer heer kan".split()
)


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a mail as they may be stored. ``from_email`` is empty where it is no address that can be kept."""

    language: str
    from_name: str
    from_email: str
    to_email: str
    subject: str
    bare_subject: str
    body: str
    quoted: str
    attachments: Sequence[str]
    message_id: str
    in_reply_to: str
    references: Sequence[str]

    @classmethod
    def of(cls, mail: InboundMail, address_language: str) -> Words:
        """``address_language``: that of the helpdesk's address it was sent to, where the text does not tell."""
        language = language_of(f"{mail.bare_subject} {mail.text}") or address_language or Language.FR
        files = [without_numbers(file.name or file.type)[:200] for file in mail.attachments]
        body, rest = _cut(without_numbers(mail.text[: BODY_AT_MOST + QUOTED_AT_MOST]), BODY_AT_MOST - _ROOM)
        earlier = [each[:QUOTED_AT_MOST] for each in (rest, mail.signature, mail.quoted)]
        return cls(
            language=language,
            from_name=without_numbers(mail.sender.name if mail.sender else "")[:160],
            from_email=_address(mail.sender.address if mail.sender else ""),
            to_email=_address(mail.addresses[0] if mail.addresses else ""),
            subject=without_numbers(mail.subject)[:300],
            bare_subject=without_numbers(mail.bare_subject)[:200],
            body=without_numbers("\n\n".join(filter(None, [body, _left_out(files, language)]))),
            quoted=without_numbers("\n\n".join(filter(None, earlier)))[:QUOTED_AT_MOST],
            attachments=files,
            message_id=identifier(mail.message_id),
            in_reply_to=identifier(mail.in_reply_to[0]) if mail.in_reply_to else "",
            references=[identifier(each) for each in mail.references[-_MOST_REFERENCES:]],
        )


def without_numbers(text: str) -> str:
    """``text`` with a mask in place of each national register number."""
    while found := national_numbers(text):
        for start, end in reversed(found):
            text = text[:start] + MASK + text[end:]
    return text


def identifier(message_id: str) -> str:
    """A Message-ID as it is kept: one with a national number in it, or too long, by another name, always the same.

    Those of our own letters are random; of a few thousand one looks like such a number, and answers must find it.
    """
    is_ours = _OURS.fullmatch(message_id) and message_id.endswith(f"@{mail_host(settings.SITE_URL)}>")
    if is_ours or (len(message_id) <= _ID_AT_MOST and not national_numbers(message_id)):
        return message_id
    return f"<{salted_hmac('helpdesk.message-id', message_id).hexdigest()}@masked.invalid>"


def language_of(text: str) -> str:
    """French or Dutch by its small words; ``""`` where they do not tell."""
    words = re.findall(r"[a-z']+", fold(text[:_READ]))
    french, dutch = (sum(word in known for word in words) for known in (_FRENCH, _DUTCH))
    if french == dutch:
        return ""
    return Language.FR if french > dutch else Language.NL


def _address(address: str) -> str:
    """An address that can be stored and written to, or nothing."""
    if not address or national_numbers(address):
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def _left_out(files: Sequence[str], language: str) -> str:
    if not files:
        return ""
    with translation.override(language):
        return _(
            "(Attachments are not kept: a file we asked for goes on the page of the question. Left out: %(names)s)"
        ) % {"names": ", ".join(files)[:700]}


def _cut(text: str, length: int) -> tuple[str, str]:
    """``text`` in two where it is too long: at the end of a line, or of a word."""
    if len(text) <= length:
        return text, ""
    at = max(text.rfind("\n", length // 2, length), text.rfind(" ", length - 200, length))
    at = at if at > 0 else length
    return text[:at].rstrip(), text[at:].lstrip()
