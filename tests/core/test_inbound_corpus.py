"""Raw mails as programs and people send them, each held against the result that a person wrote down beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mail.inbound import InboundMail, Kind, parse

CORPUS = Path(__file__).parent / "mail_corpus"
MAILS = sorted(CORPUS.glob("*.eml"))
OUR_HOST = "bassins.example"


def understood(mail: InboundMail) -> dict[str, Any]:
    """What was made of a mail, in the form of the files."""
    return {
        "kind": str(mail.kind),
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "sender": {"address": mail.sender.address, "name": mail.sender.name} if mail.sender else None,
        "to": [{"address": person.address, "name": person.name} for person in mail.to],
        "delivered_to": list(mail.delivered_to),
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
        "subject": mail.subject,
        "bare_subject": mail.bare_subject,
        "text": mail.text,
        "quoted": mail.quoted,
        "signature": mail.signature,
        "attachments": [[file.name, file.type, file.size] for file in mail.attachments],
        "failed": [[each.address, each.status, each.said] for each in mail.failed],
        "about": list(mail.about),
        "failed_check": mail.failed_check,
        "problems": [str(problem) for problem in mail.problems],
    }


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_mail_is_understood(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    assert understood(parse(path.read_bytes(), marker=OUR_HOST)) == expected


def test_each_mail_has_its_expected_result_and_there_are_many() -> None:
    assert {path.stem for path in MAILS} == {path.stem for path in CORPUS.glob("*.json")}
    assert len(MAILS) >= 60


def test_line_ends_of_unix_change_nothing() -> None:
    for path in MAILS:
        if not path.stem.startswith(("charset-utf16", "attachments", "loop-", "nested")):
            raw = path.read_bytes()
            dos, unix = (parse(each, marker=OUR_HOST) for each in (raw, raw.replace(b"\r\n", b"\n")))
            assert (dos.text, dos.quoted, dos.subject, dos.digest) == (
                unix.text,
                unix.quoted,
                unix.subject,
                unix.digest,
            )


# --- Whatever comes ------------------------------------------------------------------------------
PIECES = [path.read_bytes() for path in MAILS]


def holds(mail: InboundMail) -> None:
    """What is promised of any result."""
    assert isinstance(mail.kind, Kind)
    words = "\n".join((mail.subject, mail.text, mail.quoted, mail.signature, *(file.name for file in mail.attachments)))
    assert "\x00" not in words
    words.encode()  # no half characters: a database takes it
    assert "\n" not in mail.subject
    assert len(mail.digest) == 64


@given(st.binary(max_size=4000))
def test_random_bytes_never_raise(raw: bytes) -> None:
    holds(parse(raw, marker=OUR_HOST))


@given(st.sampled_from(PIECES), st.sampled_from(PIECES), st.data())
def test_mails_cut_and_joined_never_raise(first: bytes, second: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(first)))
    begin = data.draw(st.integers(0, len(second)))
    middle = data.draw(
        st.one_of(st.binary(max_size=40), st.sampled_from([b"\r\n", b"\r\n\r\n", b"=?", b"--", b"\xff"]))
    )

    holds(parse(first[:cut] + middle + second[begin:], marker=OUR_HOST))


@given(st.sampled_from(PIECES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=30))
def test_mails_with_wrong_bytes_never_raise(raw: bytes, changes: list[tuple[float, int]]) -> None:
    broken = bytearray(raw)
    for place, byte in changes:
        if broken:
            broken[int(place * (len(broken) - 1))] = byte

    holds(parse(bytes(broken), marker=OUR_HOST))
