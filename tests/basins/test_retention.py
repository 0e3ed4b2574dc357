"""Nothing is kept for longer than the page on privacy says."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from basins import tasks
from basins.mission import mission
from basins.models import User
from basins.rights import Role
from basins.rules import retention
from core.mail import forget_before
from core.models import LongJob, OutboxMessage
from tests.factories import UserFactory, grant

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 31)


def brussels(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(day).replace(tzinfo=retention.BRUSSELS)


def account(*, last_seen: str = "", created: str = "2020-01-01") -> User:
    return UserFactory(created=brussels(created), last_login=brussels(last_seen) if last_seen else None)


def mail(state: str, changed: str) -> OutboxMessage:
    row = OutboxMessage.objects.create(
        key=f"{state} {changed}", kind="x", to="daan@example.org", language="nl", message_id=f"<{state}{changed}@x>",
        state=state, sent_at=brussels(changed) if state == "sent" else None,
    )  # fmt: skip
    OutboxMessage.objects.filter(pk=row.pk).update(modified=brussels(changed))
    return row


@pytest.mark.parametrize(
    ("what", "expected"),
    [("accounts", "2024-03-31"), ("registrations", "2025-03-31"), ("mail", "2025-03-31"), ("job_files", "2026-02-28")],
)
def test_terms_are_whole_months_from_midnight_in_brussels(what: str, expected: str) -> None:
    assert retention.first_kept(what, TODAY) == brussels(expected)


# --- Accounts ------------------------------------------------------------------------------------
LIMIT = brussels("2024-03-31")


@pytest.mark.parametrize(
    ("last_seen", "created", "forgotten"),
    [
        ("2024-03-30T23:59", "2020-01-01", 1),
        ("2024-03-31T00:00", "2020-01-01", 0),
        ("", "2024-03-30", 1),
        ("", "2024-04-01", 0),
    ],
)
def test_an_account_goes_24_months_after_the_last_sign_in(last_seen: str, created: str, forgotten: int) -> None:
    account(last_seen=last_seen, created=created)
    assert (retention.forget_accounts(LIMIT), User.objects.count()) == (forgotten, 1 - forgotten)


@pytest.mark.parametrize(
    ("ended", "forgotten"), [(None, 0), ("2024-04-01", 0), ("2024-03-30", 1)], ids=["runs", "ended lately", "ended"]
)
def test_the_log_of_the_team_is_kept_while_it_may_be_asked_for(ended: str | None, forgotten: int) -> None:
    role = grant(account(last_seen="2020-05-05"), Role.TEAM_MEMBER, "sud-est")
    role.ended_at = brussels(ended) if ended else None
    role.save()
    assert retention.forget_accounts(LIMIT) == forgotten


def test_what_a_forgotten_colleague_gave_stays() -> None:
    gone, colleague = account(last_seen="2020-05-05"), account(last_seen="2026-03-01")
    given = grant(colleague, Role.TEAM_MEMBER, "sud-est")
    given.granted_by = gone
    given.save()
    retention.forget_accounts(LIMIT)
    given.refresh_from_db()
    assert (given.user_id, given.granted_by_id) == (colleague.pk, None)


# --- Mails, jobs, sessions -----------------------------------------------------------------------
@pytest.mark.parametrize(("state", "left"), [("sent", 1), ("dropped", 1), ("parked", 1), ("queued", 2)])
def test_mails_that_are_over_go_after_their_term(state: str, left: int) -> None:
    for changed in ("2025-03-30", "2025-04-01"):
        mail(state, changed)
    assert forget_before(brussels("2025-03-31")) == 2 - left
    assert OutboxMessage.objects.count() == left


def test_sessions_that_are_over_go() -> None:
    now = timezone.now()
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + dt.timedelta(days=days))
    assert (retention.forget_sessions(), Session.objects.get().session_key) == (1, "new")


# --- All of it -----------------------------------------------------------------------------------
@pytest.fixture
def old() -> None:
    """An account, a mail and a job that have expired whenever this runs."""
    user = account(last_seen="2001-01-01")
    mail("sent", "2001-01-01")
    LongJob.objects.create(
        kind="x", language="fr", started_by=account(last_seen="2001-01-01"), state="done", ended_at=user.created
    )


def left() -> tuple[int, int, int]:
    return User.objects.count(), OutboxMessage.objects.count(), LongJob.objects.count()


@pytest.mark.usefixtures("old")
def test_the_clock_forgets_and_logs_figures_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="basins.tasks")
    tasks.forget_expired()
    said = [each.getMessage() for each in caplog.records if each.name == "basins.tasks"]
    assert (left(), said) == (
        (0, 0, 0),
        [
            "1 rows of mails have expired and are forgotten",
            "1 rows of jobs have expired and are forgotten",
            "2 rows of accounts have expired and are forgotten",
        ],
    )


@pytest.mark.usefixtures("old")
def test_a_second_night_finds_nothing(caplog: pytest.LogCaptureFixture) -> None:
    tasks.forget_expired()
    caplog.clear()
    tasks.forget_expired()
    assert ([each for each in caplog.records if each.name == "basins.tasks"], left()) == ([], (0, 0, 0))


@pytest.mark.usefixtures("old")
def test_a_fault_in_one_step_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(today: dt.date) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(mission, "forget_expired", fail)
    tasks.forget_expired()
    errors = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert (left(), errors) == ((0, 0, 0), ["basins that have expired could not be forgotten"])


@pytest.mark.usefixtures("old")
def test_the_command_says_what_would_go_and_erases_nothing(capsys: Any) -> None:
    call_command("forget_expired")
    said = capsys.readouterr().out.splitlines()
    steps = ["mails: 1", "mails that came in: 0", "jobs: 1", "accounts: 2", "sessions: 0"]
    assert (left(), said[-6:]) == ((2, 1, 1), [*steps, "Nothing was erased. Give --apply to do it."])


@pytest.mark.usefixtures("old")
def test_told_to_the_command_erases(capsys: Any) -> None:
    call_command("forget_expired", "--apply")
    call_command("forget_expired", "--apply")
    assert (left(), "accounts: 0" in capsys.readouterr().out) == ((0, 0, 0), True)
