"""Mail fetched by IMAP: seen only once it is stored, so that a process killed in between loses nothing."""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from core.inbound_settings import Mailbox
from core.mail.inbound.reading import LIMIT

logger = logging.getLogger(__name__)

TIMEOUT = 30  # seconds for each answer of the server
AT_ONCE = 200  # mails per visit; the rest waits for the next one
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """The mailbox cannot be reached, does not let us in, or says something that makes no sense."""


def fetch(mailbox: Mailbox, take: Callable[[bytes], str]) -> int:
    """Give each mail that is not seen yet to ``take``, and mark it once ``take`` came back. Returns how many.

    ``take`` commits. Killed after that and before the mark, the mail comes again at the next visit,
    and ``take`` knows it. A mail at which ``take`` raises stays unseen, the others go on. Raises `MailboxError`.
    """
    taken = 0
    with _conversation(mailbox) as imap:
        _select(imap, mailbox)
        for number in _unseen(imap)[:AT_ONCE]:
            raw = _content(imap, number)
            if raw is None:
                continue  # somebody else took it away meanwhile
            try:
                take(raw)
            except Exception as error:  # noqa: BLE001 - a fault at one mail must not stop the others
                # Where, not what: an exception's own words may quote the mail.
                trace = "".join(traceback.format_tb(error.__traceback__))
                kind = type(error).__name__
                logger.error("A mail in %s was not taken, it is tried again: %s\n%s", mailbox.name, kind, trace)  # noqa: TRY400
                continue
            _mark(imap, number, mailbox)
            taken += 1
    return taken


@contextmanager
def _conversation(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    context = ssl.create_default_context(cafile=mailbox.authority or None)
    try:
        if mailbox.is_starttls:
            imap = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT)
            imap.starttls(context)
        else:
            imap = imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(f"{mailbox.name}: {type(error).__name__} {error}") from error
    try:
        imap.login(mailbox.user, mailbox.password)
        yield imap
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(f"{mailbox.name}: {type(error).__name__} {error}") from error
    finally:
        with suppress(Exception):
            imap.logout()


def _select(imap: imaplib.IMAP4, mailbox: Mailbox) -> None:
    folder = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
    _checked(imap.select(f'"{folder}"'), f"the folder {mailbox.folder}")


def _unseen(imap: imaplib.IMAP4) -> list[str]:
    data = _checked(imap.uid("SEARCH", "UNSEEN UNDELETED"), "the search")
    return [number.decode() for number in (data[0] or b"").split()]


def _content(imap: imaplib.IMAP4, number: str) -> bytes | None:
    """The mail's bytes; of one that is too long so many that the reader sees that it is."""
    sizes = b" ".join(each for each in _checked(imap.uid("FETCH", number, "(RFC822.SIZE)"), "a size") if each)
    size = _SIZE.search(sizes)
    if size is None:
        return None
    what = "(BODY.PEEK[])" if int(size[1]) <= LIMIT else f"(BODY.PEEK[]<0.{LIMIT + 1}>)"
    data = _checked(imap.uid("FETCH", number, what), "a mail")
    return next((bytes(each[1]) for each in data if isinstance(each, tuple)), None)


def _mark(imap: imaplib.IMAP4, number: str, mailbox: Mailbox) -> None:
    flags = r"(\Seen \Deleted)" if mailbox.is_emptied else r"(\Seen)"
    _checked(imap.uid("STORE", number, "+FLAGS.SILENT", flags), "a mark")
    if mailbox.is_emptied:
        if "UIDPLUS" in imap.capabilities:
            _checked(imap.uid("EXPUNGE", number), "the removal")
        else:
            _checked(imap.expunge(), "the removal")


def _checked(answer: tuple[str, list[Any]], what: str) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{what} was refused")
    return data
