"""A list kept by mail address: confirmed and changed by its link, told of changes, forgotten in time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail as sent
from django.test import Client
from django.utils import timezone

from basins.models import User
from core.mail import deliver_due
from core.models import OutboxMessage
from directory.leaflet import Sheet
from directory.models import SavedList, Service
from directory.rules import lists, records
from tests.basins.people_tools import at
from tests.directory.factories import service
from tests.factories import basin

pytestmark = pytest.mark.django_db
ADDRESS = "daan@example.org"


def picked(answer: Any) -> list[str]:
    return [str(card.service) for card in answer.context["chosen"]]


def kept_list(*rows: Service, is_confirmed: bool = True, **words: str) -> SavedList:
    sheet = Sheet(tuple(row.uuid for row in rows), **words)
    row = lists.keep(sheet=sheet, email=ADDRESS, language="fr", basin=basin())
    return lists.confirm(kept=row) if is_confirmed else row


def link_in(message: Any) -> str:
    found = re.search(r"https?://[^/]+(/\S+/enregistre/\S+/)\n", str(message.body))
    assert found is not None
    return found[1]


def test_a_list_is_kept_under_an_address_and_its_link_confirms_it(greet: Client) -> None:
    made = service(name_fr="Écoute")
    answer = greet.post(
        at("directory:leaflet", basin="sud-est"),
        {"r": str(made.uuid), "title_fr": "Pour vous", "email": " Daan@Example.org "},
    )
    assert answer["Location"] == at("directory:kept_sent", basin="sud-est")
    deliver_due()
    (letter,) = sent.outbox
    link = link_in(letter)
    assert (letter.to, greet.get(link).status_code) == ([ADDRESS], 200)
    assert SavedList.objects.get().confirmed_at is None  # opening a link changes nothing
    greet.post(link)
    row = SavedList.objects.get()
    assert (row.confirmed_at is not None, row.records, row.title_fr) == (True, [made.uuid], "Pour vous")


def test_a_kept_list_is_changed_by_its_link(greet: Client) -> None:
    one, two = service(name_fr="Un"), service(name_fr="Deux")
    row = kept_list(one)
    context = greet.get(at("directory:kept", basin="sud-est", held=_token(row))).context
    before = greet.get(context["change_url"])
    assert (picked(before), before.context["kept"]) == (["Un"], row)
    greet.post(at("directory:leaflet", basin="sud-est"), {"r": [str(two.uuid), str(one.uuid)], "keep": _token(row)})
    row.refresh_from_db()
    assert (row.records, SavedList.objects.count()) == ([two.uuid, one.uuid], 1)


def _token(row: SavedList) -> str:
    from directory.kept_queries import token_of

    return token_of(row)


def test_a_mailbox_is_not_filled_by_others(greet: Client) -> None:
    made = service()
    for _ in range(lists.WAITING_AT_MOST):
        kept_list(made, is_confirmed=False)
    answer = greet.post(at("directory:leaflet", basin="sud-est"), {"r": str(made.uuid), "email": ADDRESS})
    assert (answer.status_code, SavedList.objects.count()) == (422, lists.WAITING_AT_MOST)


def test_a_national_number_is_not_kept() -> None:
    from basins.rules.privacy import NationalNumberFound

    with pytest.raises(NationalNumberFound):
        kept_list(service(), line_fr="85.07.30-033.28")


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(lists.ListRefused):
        kept_list()


def told(today: dt.date) -> list[list[str]]:
    lists.tell_all(today=today)
    rows = OutboxMessage.objects.filter(kind="directory.list_changed").order_by("pk")
    return [row.params["records"] for row in rows]


def test_the_keeper_is_told_once_a_day_at_most_and_of_what_changed_alone() -> None:
    changed, other = service(name_fr="Change"), service(name_fr="Reste")
    kept_list(changed, other)
    today = timezone.localdate()
    assert told(today) == []
    records.edit_service(service=changed, values={"email": "neuf@example.org"}, by=None)
    assert told(today) == [[str(changed.uuid)]]
    records.edit_service(service=other, values={"email": "neuf@example.org"}, by=None)
    assert len(told(today)) == 1
    assert told(today + dt.timedelta(days=1)) == [[str(changed.uuid)], [str(other.uuid)]]
    assert len(told(today + dt.timedelta(days=2))) == 2


def test_another_name_of_the_organisation_is_a_change_of_its_records() -> None:
    made = service()
    kept_list(made)
    records.edit_organization(organization=made.organization, values={"name_fr": "Autrement"}, by=None)
    assert told(timezone.localdate()) == [[str(made.uuid)]]


def test_a_record_that_is_gone_is_said_by_the_name_it_had() -> None:
    made, other = service(name_fr="Disparu"), service(name_fr="Reste")
    kept_list(made, other)
    records.remove_service(service=made, by=None)
    assert told(timezone.localdate()) == [[str(made.uuid)]]
    deliver_due()
    assert "Disparu" in str(sent.outbox[-1].body)


def test_nobody_is_told_who_did_not_confirm() -> None:
    made = service()
    kept_list(made, is_confirmed=False)
    records.edit_service(service=made, values={"email": "neuf@example.org"}, by=None)
    assert told(timezone.localdate()) == []


def test_one_click_in_the_mail_erases_it_without_a_cookie_or_a_token_of_the_form() -> None:
    made = service()
    kept_list(made)
    records.edit_service(service=made, values={"email": "neuf@example.org"}, by=None)
    lists.tell_all(today=timezone.localdate())
    deliver_due()
    letter = sent.outbox[-1]
    url = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/" + url.split("/", 3)[3]
    mail_program = Client(enforce_csrf_checks=True)
    assert mail_program.get(path).status_code == 200
    assert SavedList.objects.count() == 1
    for _ in range(2):
        assert mail_program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert SavedList.objects.count() == 0


def test_a_link_that_was_changed_opens_nothing(greet: Client) -> None:
    token = _token(kept_list(service()))
    assert greet.get(at("directory:kept", basin="sud-est", held=f"{token}x")).status_code == 404


def test_what_nobody_confirms_goes_after_a_week() -> None:
    kept_list(service(), is_confirmed=False)
    confirmed = kept_list(service())
    long_ago = timezone.localdate() - dt.timedelta(days=700)
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        assert lists.forget_unused(before=long_ago) == 1
    assert SavedList.objects.get() == confirmed


def test_what_an_address_keeps_is_shown_and_forgotten(alice: User) -> None:
    from directory.mission import mission

    row = kept_list(service())
    assert [record.reference for record in mission.personal_data(ADDRESS)] == [str(row.uuid)]
    mission.forget(ADDRESS)
    assert list(mission.personal_data(ADDRESS)) == []
