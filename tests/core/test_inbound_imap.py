"""Mail fetched from a real server: each one once, whatever is killed when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from core.inbound_settings import mailbox_of
from core.mail.inbound import LIMIT, InboundMail, Kind
from core.mail.inbound.mailboxes import MailboxError, fetch
from core.mail.inbound.taking import take
from core.models import TakenMail
from core.tasks import fetch_mail
from tests.core.imap_server import PASSWORD, USER, Server, running
from tests.core.processes import python

received: list[tuple[InboundMail, str]] = []


def receive(mail: InboundMail, mailbox: str) -> str:
    """What stands in for the helpdesk."""
    if "cannot" in mail.subject:
        raise RuntimeError("a fault of ours")
    received.append((mail, mailbox))
    return "received"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture(autouse=True)
def _empty(server: Server, settings: Any) -> None:
    server.empty()
    received.clear()
    settings.INBOUND_MAIL_RECEIVER = "tests.core.test_inbound_imap.receive"


def raw(number: int, subject: str = "Vraag") -> bytes:
    head = f"From: a@example.org\r\nSubject: {subject} {number}\r\nMessage-ID: <{number}@example.org>\r\n"
    return f"{head}Date: Mon, 2 Mar 2026 10:00:00 +0100\r\n\r\nHallo {number}\r\n".encode()


def into(given: list[bytes]) -> Callable[[bytes], str]:
    def take_one(each: bytes) -> str:
        given.append(each)
        return "given"

    return take_one


def test_what_is_new_is_given_over_and_marked(server: Server) -> None:
    server.put(raw(1), raw(2))
    given: list[bytes] = []

    assert fetch(server.mailbox(), into(given)) == 2

    assert given == [raw(1), raw(2)]
    assert server.flags() == ["\\Seen", "\\Seen"]
    assert fetch(server.mailbox(), into(given)) == 0


def test_a_mail_is_not_marked_before_it_is_taken(server: Server) -> None:
    server.put(raw(1))
    seen_meanwhile: list[list[str]] = []

    def look(_raw: bytes) -> str:
        seen_meanwhile.append(server.flags())
        return ""

    fetch(server.mailbox(), look)

    assert seen_meanwhile == [[""]]


def test_one_that_cannot_be_taken_waits_and_holds_up_no_other(server: Server) -> None:
    server.put(raw(1), raw(2), raw(3))

    def stumble(each: bytes) -> str:
        if b"Hallo 2" in each:
            raise RuntimeError("a fault of ours")
        return ""

    assert fetch(server.mailbox(), stumble) == 2
    assert server.flags() == ["\\Seen", "", "\\Seen"]


def test_a_mailbox_that_is_emptied_keeps_only_what_was_not_taken(server: Server) -> None:
    server.put(raw(1), raw(2))

    def stumble(each: bytes) -> str:
        if b"Hallo 2" in each:
            raise RuntimeError("a fault of ours")
        return ""

    fetch(server.mailbox(is_emptied=True), stumble)

    assert server.flags() == [""]


def test_another_folder_is_read(server: Server) -> None:
    server.put(raw(1), folder="Aide urgente")

    assert fetch(server.mailbox(folder="Aide urgente"), lambda _raw: "") == 1


def test_a_mail_that_is_too_long_is_fetched_up_to_the_limit(server: Server) -> None:
    server.put(raw(1) + b"x" * 80 + b"\r\n" + (b"y" * 78 + b"\r\n") * (LIMIT // 80))
    given: list[bytes] = []

    fetch(server.mailbox(), into(given))

    assert [len(each) for each in given] == [LIMIT + 1]


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server) -> None:
    with pytest.raises(MailboxError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(server.mailbox(authority=""), lambda _raw: "")


def test_a_certificate_for_another_name_is_refused(server: Server) -> None:
    with pytest.raises(MailboxError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(server.mailbox(host="localhost"), lambda _raw: "")


def test_a_server_that_is_away_is_told() -> None:
    nobody = mailbox_of("sud-est=imaps://u:p@127.0.0.1:1/INBOX")

    with pytest.raises(MailboxError, match="sud-est: ConnectionRefusedError"):
        fetch(nobody, lambda _raw: "")


# --- As the clock does it ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_task_takes_mail_once_under_the_name_of_its_mailbox(server: Server, settings: Any) -> None:
    settings.INBOUND_MAILBOXES = [server.mailbox()]
    server.put(raw(1), raw(1), raw(2))

    fetch_mail()
    fetch_mail()

    assert [(mail.message_id, mailbox) for mail, mailbox in received] == [
        ("<1@example.org>", "sud-est"),
        ("<2@example.org>", "sud-est"),
    ]
    noted = TakenMail.objects.values_list("channel", "mailbox", "outcome")
    assert list(noted) == [("imap", "sud-est", "received")] * 2


@pytest.mark.django_db
def test_a_mailbox_that_is_away_keeps_no_other_waiting(server: Server, settings: Any) -> None:
    settings.INBOUND_MAILBOXES = [server.mailbox(password="wrong", name="nord"), server.mailbox()]
    server.put(raw(1))

    fetch_mail()

    assert [mailbox for _, mailbox in received] == ["sud-est"]


@pytest.mark.django_db
def test_a_fault_of_ours_leaves_the_mail_for_another_time(server: Server, settings: Any) -> None:
    settings.INBOUND_MAILBOXES = [server.mailbox()]
    server.put(raw(1, "cannot"))

    fetch_mail()

    assert server.flags() == [""]
    assert not TakenMail.objects.exists()


@pytest.mark.django_db
def test_one_of_our_own_mails_is_known_as_such(settings: Any) -> None:
    settings.SITE_URL = "https://bassins.example"
    take(raw(1).replace(b"\r\n\r\n", b"\r\nX-Loop: bassins.example\r\n\r\n", 1), channel="imap")

    assert [mail.kind for mail, _ in received] == [Kind.LOOP]


# --- Killed --------------------------------------------------------------------------------------
KILLED = """
import os, signal
from pathlib import Path
from core.mail.inbound import mailboxes, taking
from tests.core.imap_server import Server
settings.INBOUND_MAIL_RECEIVER = "tests.core.test_inbound_imap.keep"
mailbox = Server(Path(os.environ["IMAP_FOLDER"]), int(os.environ["IMAP_PORT"])).mailbox()
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
"""
BEFORE_THE_MARK = "mailboxes._mark = die\n"
BEFORE_THE_COMMIT = """
from tests.core import test_inbound_imap
real = test_inbound_imap.keep
def keep(mail, mailbox):
    real(mail, mailbox)
    die()
test_inbound_imap.keep = keep
"""
GO = 'mailboxes.fetch(mailbox, lambda raw: taking.take(raw, channel="imap"))\nprint("done")\n'


def keep(mail: InboundMail, mailbox: str) -> str:
    """A receiver whose row can be seen from another process."""
    from core.models import IdempotencyRecord

    number = IdempotencyRecord.objects.filter(owner="mail").count()
    IdempotencyRecord.objects.create(owner="mail", key=f"{mail.message_id} {number}", fingerprint=mail.digest)
    return "kept"


def kept() -> int:
    from core.models import IdempotencyRecord

    return IdempotencyRecord.objects.filter(owner="mail").count()


def run(server: Server, code: str) -> int:
    environment = {"IMAP_FOLDER": str(server.folder), "IMAP_PORT": str(server.port)}
    process = python(KILLED + code + GO, **environment)
    process.communicate(timeout=60)
    return process.returncode


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("moment", "stored"), [(BEFORE_THE_MARK, 1), (BEFORE_THE_COMMIT, 0)], ids=["before the mark", "before the commit"]
)
def test_a_process_that_is_killed_loses_nothing_and_doubles_nothing(server: Server, moment: str, stored: int) -> None:
    server.put(raw(1))

    assert run(server, moment) == -9
    assert (kept(), server.flags()) == (stored, [""])
    assert run(server, "") == 0

    assert (kept(), server.flags()) == (1, ["\\Seen"])


# --- What an operator writes ---------------------------------------------------------------------


def test_a_mailbox_is_read_from_one_line(server: Server) -> None:
    line = f"nord=imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}/INBOX?then=delete"
    mailbox = mailbox_of(f"{line}&ca={server.authority}")

    assert mailbox == server.mailbox(name="nord", is_emptied=True)
    assert PASSWORD not in repr(mailbox)


def test_the_usual_ports_are_known() -> None:
    secure, turned = mailbox_of("a=imaps://u:p@mail.example"), mailbox_of("a=imap+tls://u:p@mail.example/Aide")

    assert (secure.port, secure.folder, secure.is_starttls) == (993, "INBOX", False)
    assert (turned.port, turned.folder, turned.is_starttls) == (143, "Aide", True)


@pytest.mark.parametrize(
    "line",
    [
        "imaps://u:geheim@mail.example",
        "Sud Est=imaps://u:geheim@mail.example",
        "a=imap://u:geheim@mail.example",
        "a=imaps://u@mail.example",
        "a=imaps://u:geheim@",
        "a=imaps://u:geheim@mail.example:port",
        "a=imaps://u:geheim@mail.example/INBOX?delete=yes",
    ],
)
def test_a_line_that_is_wrong_is_told_without_its_password(line: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are for an operator
        mailbox_of(line)

    assert "geheim" not in str(caught.value)
