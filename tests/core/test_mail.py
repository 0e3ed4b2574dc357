"""The outbox: what is written, what goes out, and what staff do with what was parked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from core.bell import bell
from core.mail import deliver, deliver_due, drop, in_words, post, send_again
from core.mail.letters import letter
from core.models import OutboxMessage
from tests.core.letters import post_hello, renderings, use_test_templates

pytestmark = pytest.mark.django_db
State = OutboxMessage.State


@pytest.fixture(autouse=True)
def _letters(settings: Any) -> None:
    use_test_templates(settings)
    settings.SITE_URL = "https://bassins.example"
    settings.DEFAULT_FROM_EMAIL = "Bassins · Zorgzones <noreply@bassins.example>"
    renderings.clear()


def sent() -> Any:
    (message,) = django_mail.outbox
    return message


# --- Writing the row -----------------------------------------------------------------------------


def test_posting_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    post_hello("warm")
    with django_assert_num_queries(1):
        message = post_hello("k")
    assert OutboxMessage.objects.get(key="k") == message


def test_a_posted_row_says_who_what_and_where() -> None:
    row = OutboxMessage.objects.get(pk=post_hello().pk)
    assert (row.kind, row.to, row.language, row.params, row.scope, row.state) == (
        "tests.hello", "daan@example.org", "nl", {"name": "Daan"}, "sud-est", "queued",
    )  # fmt: skip
    assert row.message_id == f"<{row.uuid}@bassins.example>"


def test_a_key_writes_one_row_for_ever() -> None:
    post_hello("reminder:1")
    again = post(
        "tests.hello", to="other@example.org", language="fr", params={"name": "Eva"}, key="reminder:1", scope=""
    )
    assert again is None
    assert OutboxMessage.objects.get().to == "daan@example.org"


def test_a_change_that_is_rolled_back_takes_its_mail_along() -> None:
    with transaction.atomic():
        post_hello()
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == 0


def test_an_unknown_kind_is_refused_where_it_is_posted() -> None:
    with pytest.raises(LookupError):
        post_hello(kind="tests.unheard-of")


def test_a_language_we_do_not_speak_is_refused() -> None:
    with pytest.raises(ValueError, match="'de'"):
        post_hello(language="de")


def test_a_kind_belongs_to_one_function() -> None:
    with pytest.raises(ValueError, match="is taken by"):
        letter("tests.hello")(lambda params: None)


def test_a_transaction_rings_once_for_all_its_mails(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[int, ...]] = []
    monkeypatch.setattr(bell, "ring", lambda *, mails=(), jobs=(): rung.append(mails))
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        first, second = post_hello("a"), post_hello("b")
    assert rung == [(first.pk, second.pk)]


def test_a_savepoint_that_is_rolled_back_does_not_silence_the_others(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[int, ...]] = []
    monkeypatch.setattr(bell, "ring", lambda *, mails=(), jobs=(): rung.append(mails))
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with transaction.atomic():
            post_hello("lost")
            transaction.set_rollback(True)
        kept = post_hello("kept")
    assert rung == [(kept.pk,)]


# --- What goes out -------------------------------------------------------------------------------


def test_a_delivered_mail_is_marked_as_sent() -> None:
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False):
        row = post_hello()
        assert deliver(row.pk) == "sent"
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.attempts, row.subject) == (
        "sent", dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), 1, "Bonjour Daan",
    )  # fmt: skip


def test_the_headers_of_a_mail() -> None:
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False):
        row = post_hello()
        deliver(row.pk)
    message = sent().message()
    assert {name: str(message[name]) for name in message if not name.startswith(("MIME", "Content-Type"))} == {
        "Subject": "Bonjour Daan",
        "From": "Bassins · Zorgzones <noreply@bassins.example>",
        "To": "daan@example.org",
        "Date": "Mon, 02 Mar 2026 10:00:00 +0100",
        "Message-ID": row.message_id,
        "Content-Language": "nl",
        "Auto-Submitted": "auto-generated",
        "X-Loop": "bassins.example",
        "X-Auto-Response-Suppress": "All",
        "Reply-To": "team@example.org",
    }


def test_text_and_html_speak_the_receivers_language_and_brussels_time() -> None:
    with translation.override("fr"), timezone.override(dt.UTC):
        deliver(post_hello(language="nl").pk)
    with translation.override("nl"):
        dutch = translation.gettext("French")
    assert sent().body == f"Daan, 09:15\n{dutch} https://bassins.example\n"
    assert sent().alternatives[0].content.startswith('<html lang="nl"><title>Bonjour Daan</title>')


def test_names_are_escaped_in_html_and_plain_in_text() -> None:
    deliver(post_hello(name="<b>L'été</b>").pk)
    assert sent().body.startswith("<b>L'été</b>, 09:15")
    assert "<p>&lt;b&gt;L&#x27;été&lt;/b&gt;</p>" in sent().alternatives[0].content


def test_an_attachment_keeps_its_type_and_its_parameters() -> None:
    deliver(post_hello().pk)
    (part,) = sent().message().iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_param("method")) == (
        "visite.ics", "text/calendar", "PUBLISH",
    )  # fmt: skip
    assert part.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\n"


def test_nobodys_name_adds_a_header() -> None:
    deliver(post_hello(name="Eva\r\nBcc: everybody@example.org\n\nSpam").pk)
    assert sent().message()["Bcc"] is None
    assert sent().subject == "Bonjour Eva Bcc: everybody@example.org Spam"
    assert sent().recipients() == ["daan@example.org"]


@pytest.mark.parametrize(
    "address",
    ["a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org", "A <a@example.org>", "nobody", "a@-"],
)
def test_what_is_not_one_address_is_parked(address: str) -> None:
    row = post_hello(to=address)
    assert deliver(row.pk) == "parked"
    row.refresh_from_db()
    assert row.last_error == f"not-an-address: {address}"
    assert django_mail.outbox == []


def test_a_domain_with_accents_is_written_as_the_net_knows_it() -> None:
    deliver(post_hello(to="daan@bâtiment.example").pk)
    assert sent().recipients() == ["daan@xn--btiment-pwa.example"]


def test_a_letter_with_nothing_to_say_is_dropped() -> None:
    assert deliver(post_hello(name="Nobody").pk) == "dropped"
    assert django_mail.outbox == []


def test_a_fault_in_a_letter_parks_it_with_the_reason() -> None:
    row = post_hello(kind="tests.broken")
    assert deliver(row.pk) == "parked"
    row.refresh_from_db()
    assert row.last_error == "cannot-be-written: ZeroDivisionError Daan"


def test_a_kind_the_program_no_longer_knows_is_parked() -> None:
    row = post_hello()
    OutboxMessage.objects.update(kind="tests.of-last-year")
    assert deliver(row.pk) == "parked"
    row.refresh_from_db()
    assert row.last_error.startswith("no-such-letter: ")


def test_a_sent_mail_is_not_sent_again() -> None:
    row = post_hello()
    deliver(row.pk)
    assert deliver(row.pk) == "sent"
    assert len(django_mail.outbox) == 1


def test_a_pause_is_kept_even_when_the_worker_is_told_to_deliver() -> None:
    row = post_hello()
    OutboxMessage.objects.update(next_attempt_at=timezone.now() + dt.timedelta(minutes=1))
    assert deliver(row.pk) == "queued"
    assert django_mail.outbox == []


def test_a_message_that_is_not_there_is_no_error() -> None:
    assert deliver(0) == ""


def test_the_sweep_sends_what_is_due_oldest_first() -> None:
    now = timezone.now()
    for key, minutes in (("new", 1), ("old", 9), ("future", -5)):
        post_hello(key, name=key)
        OutboxMessage.objects.filter(key=key).update(next_attempt_at=now - dt.timedelta(minutes=minutes))
    assert deliver_due() == 2
    assert [message.subject for message in django_mail.outbox] == ["Bonjour old", "Bonjour new"]


def test_the_sweep_goes_on_after_a_broken_letter() -> None:
    post_hello("a", kind="tests.broken")
    post_hello("b")
    assert deliver_due() == 1


# --- Staff ---------------------------------------------------------------------------------------


def test_a_parked_mail_is_sent_again_on_request() -> None:
    row = post_hello()
    OutboxMessage.objects.update(
        state="parked", attempts=12, next_attempt_at=timezone.now() + dt.timedelta(days=1), last_error="x: y"
    )
    assert send_again(row) is True
    assert deliver(row.pk) == "sent"


def test_a_sent_mail_can_neither_be_sent_again_nor_dropped() -> None:
    row = post_hello()
    deliver(row.pk)
    assert (send_again(row), drop(row)) == (False, False)


def test_a_dropped_mail_does_not_go_out() -> None:
    row = post_hello()
    assert drop(row) is True
    assert deliver(row.pk) == "dropped"


def test_a_dropped_mail_that_opens_a_door_keeps_no_secret() -> None:
    row = post_hello(kind="tests.secret")
    OutboxMessage.objects.update(rendered=b"12345678")
    drop(row)
    row.refresh_from_db()
    assert (row.state, row.params, row.rendered) == ("dropped", {}, None)


def test_another_dropped_mail_keeps_what_it_said() -> None:
    row = post_hello()
    drop(row)
    row.refresh_from_db()
    assert row.params == {"name": "Daan"}


def test_a_fault_in_a_letter_is_logged_without_what_it_was_about(caplog: pytest.LogCaptureFixture) -> None:
    row = post_hello(kind="tests.broken", name="daan@example.org")
    deliver(row.pk)
    said = caplog.records[-1].getMessage()
    assert ("ZeroDivisionError" in said, "in broken" in said, "@" in said) == (True, True, False)
    assert caplog.records[-1].exc_info is None


def test_the_reason_is_said_in_words() -> None:
    with translation.override(None):
        assert in_words("recipient-refused: 550 no such user") == (
            "The receiver's mail server does not accept this address. (550 no such user)"
        )


def test_a_reason_inside_a_reason_is_said_too() -> None:
    with translation.override(None):
        assert in_words("too-often: try-later: 451 busy") == (
            "The mail server could not take it for three days; the last answer: "
            "(The mail server asked to try again later. (451 busy))"
        )
