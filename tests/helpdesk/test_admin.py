"""The back office of the helpdesk: targets and sentences by the coordinator, no words of tickets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from basins.models import User
from basins.rights import Role
from basins.rules.people import NotYours
from core.spoken import BRUSSELS
from helpdesk.models import MonthReport, ServiceTarget, Snippet, Ticket
from helpdesk.rules import documents, keeping, reading
from tests.basins.people_tools import at, listed, staff_session
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.factories import ServiceTargetFactory, SnippetFactory, TicketFactory
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 11, 9, 0, tzinfo=BRUSSELS)
MODELS = ["servicetarget", "snippet", "ticket", "ticketread", "monthreport", "askeddocument"]


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


def admin_page(name: str, **kwargs: Any) -> str:
    return at(f"admin:helpdesk_{name}", **kwargs)


def rows(code: str) -> dict[str, Any]:
    place = basin(code)
    ticket = TicketFactory(basin=place)
    reader = UserFactory()
    grant(reader, Role.HELPDESK_AGENT, code)
    reading.note_read(ticket=ticket, by=reader)
    return {
        "servicetarget": ServiceTargetFactory(basin=place),
        "snippet": SnippetFactory(basin=place),
        "ticket": ticket,
        "ticketread": ticket.reads.get(),
        "monthreport": a_month(code),
        "askeddocument": documents.ask(ticket=ticket, words="Le plan d’aide.", by=reader),
    }


def a_month(code: str) -> MonthReport:
    return MonthReport.objects.create(
        basin=basin(code), month=dt.date(2026, 4, 1), figures={"number": None, "parts": {}}, pdf=b"%PDF-"
    )


@pytest.mark.parametrize("name", MODELS)
def test_the_coordinator_sees_the_rows_of_the_basin_alone(desk: Client, name: str) -> None:
    ours, theirs = rows("sud-est")[name], rows("nord")[name]

    shown = desk.get(admin_page(f"{name}_changelist"))

    assert listed(shown) == [str(ours)]
    assert desk.get(admin_page(f"{name}_change", object_id=ours.pk)).status_code == 200
    assert desk.get(admin_page(f"{name}_change", object_id=theirs.pk)).status_code == 302


@pytest.mark.parametrize("name", MODELS)
def test_an_agent_has_none_of_it(client: Client, name: str) -> None:
    agent = UserFactory()
    grant(agent, Role.HELPDESK_AGENT, "sud-est")

    assert staff_session(client, agent).get(admin_page(f"{name}_changelist")).status_code in {302, 404}


def test_no_word_of_a_ticket_is_in_the_back_office(desk: Client) -> None:
    ticket = ask("Un couple âgé cherche un soutien.")

    for shown in (
        desk.get(admin_page("ticket_changelist")),
        desk.get(admin_page("ticket_change", object_id=ticket.pk)),
    ):
        assert "couple" not in shown.content.decode()


def test_a_new_target_moves_what_is_on_the_desk(desk: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        ticket = ask()
        sent = {"basin": basin().pk, "first_answer_hours": "2", "reply_hours": "4"}

        answer = desk.post(admin_page("servicetarget_add"), sent)

    ticket.refresh_from_db()
    assert answer.status_code == 302
    assert ticket.due_at == NOW + dt.timedelta(hours=2)


def test_a_target_of_nothing_is_refused(desk: Client) -> None:
    sent = {"basin": basin().pk, "first_answer_hours": "0", "reply_hours": "4"}

    answer = desk.post(admin_page("servicetarget_add"), sent)

    assert (answer.status_code, ServiceTarget.objects.count()) == (200, 0)


SENTENCES = {
    "title_fr": "Rappel",
    "title_nl": "Terugbellen",
    "position": "0",
    "is_active": "on",
    "body_fr": "Le service vous rappelle.",
    "body_nl": "De dienst belt u terug.",
}


def test_sentences_are_kept_in_both_languages(desk: Client) -> None:
    desk.post(admin_page("snippet_add"), SENTENCES | {"basin": basin().pk})

    kept = Snippet.objects.get()
    assert (kept.basin, kept.body_nl) == (basin(), "De dienst belt u terug.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"body_nl": ""}, "body_nl"), ({"title_fr": " "}, "title_fr"), ({"body_fr": "85.07.30-033.28"}, "body_fr")],
)
def test_sentences_that_lack_a_language_or_name_somebody_are_refused(
    desk: Client, changes: dict[str, str], field: str
) -> None:
    answer = desk.post(admin_page("snippet_add"), SENTENCES | {"basin": basin().pk} | changes)

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Snippet.objects.exists()


def test_sentences_are_taken_away(desk: Client) -> None:
    snippet = SnippetFactory(basin=basin())

    desk.post(admin_page("snippet_delete", object_id=snippet.pk), {"post": "yes"})

    assert not Snippet.objects.exists()


def test_those_of_all_five_basins_are_the_regions(alice: User) -> None:
    with pytest.raises(NotYours):
        keeping.keep_snippet(snippet=SnippetFactory.build(basin=None), by=alice)
    with pytest.raises(NotYours):
        keeping.set_target(target=ServiceTarget(basin=basin("nord")), by=alice)


def test_no_ticket_is_made_or_changed_in_the_back_office(desk: Client) -> None:
    ticket = TicketFactory()

    assert desk.get(admin_page("ticket_add")).status_code == 404
    assert desk.post(admin_page("ticket_change", object_id=ticket.pk), {"code": "X"}).status_code == 404
    assert Ticket.objects.get().code == ticket.code


def test_a_public_month_is_shown_with_its_paper_and_never_changed(desk: Client) -> None:
    month = a_month("sud-est")
    change = admin_page("monthreport_change", object_id=month.pk)

    shown = desk.get(change).text

    paper = at("helpdesk:public_figures_pdf", basin="sud-est", month="2026-04")
    assert f'<a href="{paper}">PDF 2026-04</a>' in shown
    assert "&lt; 5" in shown
    assert desk.post(change, {"month": "2026-03-01"}).status_code == 404
