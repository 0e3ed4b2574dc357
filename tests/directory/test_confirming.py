"""“Still right?”: who is asked when, what the link opens, what staff decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail as sent
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from basins.models import User
from basins.rules.people import NotYours
from core.mail import deliver_due
from core.models import OutboxMessage
from directory import confirm_links
from directory.documents import document_of
from directory.enums import CorrectionState, Origin
from directory.models import Confirmation, Organization, Proposal, RecordChange, Service
from directory.rules import confirming, records
from directory.rules.confirming import NothingProposed, ProposalGone
from tests.basins.people_tools import at, staff_session
from tests.directory.desk_tools import desk, send
from tests.directory.factories import OrganizationFactory, service

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def asked_organization(**fields: Any) -> Organization:
    values = {"confirm_email": "info@example.org", "confirm_every_days": 100, **fields}
    return OrganizationFactory(**values)


def mails() -> list[str]:
    return [row.params["stage"] for row in OutboxMessage.objects.order_by("pk")]


def asked() -> tuple[Confirmation, Service]:
    """A round of an organisation with one record."""
    made = service(asked_organization(), phones=[{"number": "107"}], areas=["region"])
    row = Confirmation.objects.create(organization=made.organization, asked_on=timezone.localdate())
    return row, made


def page_of(row: Confirmation, language: str = "fr", **kwargs: Any) -> str:
    name = "confirm_record" if kwargs else "confirm"
    return at(f"directory_region:{name}", language, proof=confirm_links.proof_of(row), **kwargs)


# --- Asking ----------------------------------------------------------------------------------------
def test_a_new_organisation_is_asked_once_however_often_the_clock_strikes() -> None:
    asked_organization()
    assert [confirming.ask_and_remind(today=days(number)) for number in (0, 0, 1, 13)] == [1, 0, 0, 0]
    assert mails() == ["ask"]


def test_it_is_reminded_once_after_two_weeks_and_asked_again_at_its_pace() -> None:
    asked_organization()
    for number in (0, 14, 15, 30, 99, 100):
        confirming.ask_and_remind(today=days(number))
    assert mails() == ["ask", "remind", "ask"]


@pytest.mark.parametrize(
    "fields",
    [
        {"confirm_email": ""},
        {"status": "defunct"},
        {"assured_on": TODAY - dt.timedelta(days=99)},
    ],
)
def test_who_is_not_asked(fields: dict[str, Any]) -> None:
    asked_organization(**fields)
    assert confirming.ask_and_remind(today=TODAY) == 0


def test_who_is_due_is_asked_in_their_language() -> None:
    asked_organization(assured_on=TODAY - dt.timedelta(days=100), confirm_language="nl")
    confirming.ask_and_remind(today=TODAY)
    message = OutboxMessage.objects.get()
    assert (message.to, message.language) == ("info@example.org", "nl")


@pytest.mark.parametrize("answer", ["by link", "by the team"])
def test_who_answered_is_not_reminded(answer: str) -> None:
    made = asked_organization()
    confirming.ask_and_remind(today=TODAY)
    if answer == "by link":
        confirming.all_is_right(confirmation=Confirmation.objects.get(), today=days(3))
    else:
        Organization.objects.filter(pk=made.pk).update(assured_on=days(3))
    assert confirming.ask_and_remind(today=days(20)) == 0


def test_the_mail_names_the_records_and_leads_to_the_page(client: Client) -> None:
    service(asked_organization(confirm_language="nl"))
    confirming.ask_and_remind(today=timezone.localdate())
    deliver_due()
    body = str(sent.outbox[0].body)
    with override("nl"):
        link = confirm_links.confirm_url(Confirmation.objects.get())
    assert (body.count("- Gesprek aan huis"), body.count(link)) == (1, 1)
    assert client.get(link).status_code == 200


def test_a_mail_that_is_answered_before_it_leaves_is_not_sent() -> None:
    asked_organization()
    confirming.ask_and_remind(today=timezone.localdate())
    confirming.all_is_right(confirmation=Confirmation.objects.get(), today=timezone.localdate())
    deliver_due()
    assert sent.outbox == []


# --- The link --------------------------------------------------------------------------------------
def test_the_page_shows_and_changes_nothing(greet: Client) -> None:
    row, made = asked()
    page = greet.get(page_of(row))
    assert (page.status_code, [card["service"] for card in page.context["cards"]]) == (200, [made])
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "same-origin")
    row.refresh_from_db()
    assert row.answered_on is None


def test_all_is_right_dates_the_organisation_and_its_records(greet: Client) -> None:
    row, made = asked()
    assert greet.post(page_of(row)).status_code == 302
    row.refresh_from_db()
    made.refresh_from_db()
    today = timezone.localdate()
    assert {row.answered_on, made.assured_on, Organization.objects.get().assured_on} == {today}
    assert set(RecordChange.objects.filter(action="confirmed").values_list("origin", flat=True)) == {"organisation"}


@pytest.mark.parametrize("proof", ["nothing", "u.x.y", "x" * 3000])
def test_a_forged_link_opens_nothing(greet: Client, proof: str) -> None:
    assert greet.get(at("directory_region:confirm", proof=proof)).status_code == 404


def test_a_link_opens_no_record_of_another_organisation(greet: Client) -> None:
    row, _made = asked()
    assert greet.get(page_of(row, record=service().uuid)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_page(greet: Client, number: int, django_assert_num_queries: Any) -> None:
    row, made = asked()
    for _ in range(number - 1):
        service(made.organization)
    greet.get(page_of(row))
    # The round; the records with their terms, areas, places, languages, phones, hours, links, prices, papers, the
    # organisation's phones; what waits.
    with django_assert_num_queries(13):
        greet.get(page_of(row))


def test_what_changed_goes_to_the_team_and_changes_nothing_yet(greet: Client) -> None:
    row, made = asked()
    before = document_of(made)
    answer = send(
        greet, page_of(row, record=made.uuid), how_to_refer_fr="Appelez.", **{"phones-0-number": "02 555 12 12"}
    )
    assert answer.status_code == 302
    waiting = Proposal.objects.get()
    assert waiting.values == {"how_to_refer_fr": "Appelez.", "phones": [{"number": "+3225551212"}]}
    assert waiting.before == {"how_to_refer_fr": "", "phones": [{"number": "107"}]}
    assert document_of(Service.objects.get()) == before


def test_a_form_sent_as_it_stands_says_so(greet: Client) -> None:
    row, made = asked()
    answer = send(greet, page_of(row, record=made.uuid))
    assert (answer.status_code, Proposal.objects.count()) == (422, 0)


def test_a_second_correction_takes_the_place_of_the_first() -> None:
    row, made = asked()
    for text in ("Un.", "Deux."):
        confirming.propose(confirmation=row, service=made, values={"fees_fr": text}, today=TODAY)
    assert Proposal.objects.get().values == {"fees_fr": "Deux."}


def test_all_is_right_leaves_out_what_waits_for_the_team() -> None:
    row, made = asked()
    other = service(made.organization)
    confirming.propose(confirmation=row, service=made, values={"fees_fr": "Un."}, today=TODAY)
    assert confirming.all_is_right(confirmation=row, today=TODAY) == [other]
    made.refresh_from_db()
    assert (made.assured_on, Organization.objects.get().assured_on) == (None, None)


def test_nothing_new_is_no_proposal() -> None:
    row, made = asked()
    with pytest.raises(NothingProposed):
        confirming.propose(confirmation=row, service=made, values={"phones": [{"number": "107"}]}, today=TODAY)


# --- Deciding --------------------------------------------------------------------------------------
def proposal() -> tuple[Proposal, Service]:
    row, made = asked()
    values = {"fees_fr": "Gratuit.", "price": "free", "phones": [{"number": "02 555 12 12"}]}
    return confirming.propose(confirmation=row, service=made, values=values, today=TODAY), made


def test_the_team_takes_over_what_it_ticks(client: Client, alice: User) -> None:
    row, made = proposal()
    staff_session(client, alice).post(
        desk("staff_proposal", proposal=row.uuid), {"decision": "accept", "keys": ["price", "phones"]}
    )
    made.refresh_from_db()
    row.refresh_from_db()
    assert (made.price, made.fees_fr, str(made.phones.get().number)) == ("free", "", "+3225551212")
    assert made.origins["price"] == Origin.ORGANISATION
    assert (row.state, row.settled_by, made.assured_on) == (CorrectionState.DONE, alice, timezone.localdate())


def test_the_team_takes_over_nothing(client: Client, alice: User) -> None:
    row, made = proposal()
    before = document_of(made)
    staff_session(client, alice).post(desk("staff_proposal", proposal=row.uuid), {"decision": "dismiss"})
    row.refresh_from_db()
    assert (row.state, document_of(Service.objects.get())) == (CorrectionState.DISMISSED, before)


def test_the_list_shows_each_key_in_words_and_what_moved_since(client: Client, alice: User) -> None:
    _row, made = proposal()
    records.edit_service(service=made, values={"fees_fr": "Dix euros."}, by=alice)
    page = staff_session(client, alice).get(desk("staff_proposals"))
    (shown,) = page.context["rows"]
    assert sorted(line.key for line in shown["lines"]) == ["fees_fr", "phones", "price"]
    assert len(shown["moved"]) == 1


def test_it_is_settled_once(alice: User) -> None:
    row, _made = proposal()
    confirming.dismiss(proposal=row, by=alice)
    with pytest.raises(ProposalGone):
        confirming.accept(proposal=row, keys=["price"], today=TODAY, by=alice)


def test_what_is_wanted_of_a_record_that_is_gone_is_not_taken_over(alice: User) -> None:
    row, made = proposal()
    records.remove_service(service=made, by=alice)
    with pytest.raises(ProposalGone):
        confirming.accept(proposal=row, keys=["price"], today=TODAY, by=alice)


def test_strangers_decide_nothing(daan: User) -> None:
    row, _made = proposal()
    with pytest.raises(NotYours):
        confirming.dismiss(proposal=row, by=daan)
