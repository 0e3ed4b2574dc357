"""What stands in a log line, and what does not."""

from __future__ import annotations

import logging
from uuid import uuid4

import pytest

from core.logs import DiscreetFormatter
from core.signing import make_token


def line(message: str, *arguments: object, exc_info: object = None) -> str:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, message, arguments, exc_info)  # type: ignore[arg-type]  # as sys gives it
    return DiscreetFormatter("%(levelname)s %(message)s").format(record)


@pytest.mark.parametrize(
    "address", ["daan@example.org", "d.o'neil+visit@mail.example.brussels", "daan@wijk-huis.be"]
)  # fmt: skip
def test_an_address_is_taken_out(address: str) -> None:
    assert line("550 <%s> unknown", address) == "INFO 550 <…@…> unknown"


def test_the_last_line_of_a_trace_quotes_nobody() -> None:
    error = ValueError("Key (email)=(daan@example.org) already exists.")
    said = line("It failed", exc_info=(ValueError, error, None))
    assert said.splitlines()[-1] == "ValueError: Key (email)=(…@…) already exists."


def test_what_is_no_address_stays() -> None:
    assert line("2 mails @ 14:30 for @team") == "INFO 2 mails @ 14:30 for @team"


def test_a_signed_token_is_taken_out() -> None:
    token = make_token("test", uuid4())

    assert line("Not Found: /fr/%s/", token) == "INFO Not Found: /fr/…/"
