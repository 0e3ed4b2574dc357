"""Mails of 25 MB, kind ones and hostile ones: what they may cost in time and memory."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Callable

from core.mail.inbound import LIMIT, Problem, parse

HEAD = b"From: a@example.org\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <a@example.org>\r\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
SECONDS = 20  # of processor time, where a usual machine needs 1 to 4
MEGABYTES = 700  # beyond what the interpreter had


def filled(begin: bytes, unit: bytes) -> bytes:
    return begin + unit * ((LIMIT - len(begin)) // len(unit))


def with_attachment() -> bytes:
    lines = base64.encodebytes(bytes(range(256)) * 300)
    begin = b"--x\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n--x\r\nContent-Type: application/pdf; name=a.pdf\r\n"
    return filled(MIXED + begin + b"Content-Transfer-Encoding: base64\r\n\r\n", lines)[: LIMIT - 10] + b"\r\n--x--\r\n"


MAILS: dict[str, Callable[[], bytes]] = {
    "an attachment": with_attachment,
    "empty lines": lambda: filled(HEAD + b"\r\n", b"\n"),
    "addresses without end": lambda: filled(HEAD + b"\r\n", b"a@" * 500 + b":\r\n"),
    "unclosed comments": lambda: filled(HTML, b"<!--"),
    "unclosed tags": lambda: filled(HTML, b"<a"),
    "closing tags": lambda: filled(HTML + b"<div>" * 199, b"</p>"),
    "boundaries": lambda: filled(MIXED, b"--x\r\n\r\na\r\n"),
    "nested containers": lambda: filled(MIXED, b'--x\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'),
    "headers": lambda: filled(HEAD, b"X-A: b\r\n"),
    "junk said to be base64": lambda: filled(HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n", b"\x80\x81*"),
    "flowing lines": lambda: filled(HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n", b"a \r\n"),
    "random": lambda: os.urandom(LIMIT),
}
PROGRAM = """
import resource, sys, time
import django
django.setup()
from core.mail.inbound import parse
from tests.core.test_inbound_cost import MAILS
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name, made in MAILS.items():
    raw, started = made(), time.process_time()
    parse(raw)
    print(f"{time.process_time() - started:.1f} {name}")
print(f"{(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.0f} MB")
"""


def test_mails_of_25_megabytes_cost_little() -> None:
    """In a process of its own: only there can the most memory it ever had be read."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    *mails, memory = [line.split(maxsplit=1) for line in ran.stdout.splitlines()]

    assert [name for seconds, name in mails if float(seconds) > SECONDS] == []
    assert len(mails) == len(MAILS)
    assert float(memory[0]) < MEGABYTES


def test_the_text_before_a_large_attachment_is_read() -> None:
    mail = parse(with_attachment())

    assert (mail.text, mail.problems) == ("Bonjour", ())
    assert [file.name for file in mail.attachments] == ["a.pdf"]
    assert mail.attachments[0].size > 18_000_000


def test_what_is_longer_is_read_up_to_the_limit_and_says_so() -> None:
    assert Problem.TOO_LARGE in parse(HEAD + b"\r\nBonjour\r\n" + b"x" * LIMIT).problems
