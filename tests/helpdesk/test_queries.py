"""Who finds which ticket; what one may not see is not there."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from basins.models import User
from basins.rights import Role
from core import signing
from helpdesk import queries
from helpdesk.enums import MessageKind
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.factories import MessageFactory, SnippetFactory, TicketFactory

pytestmark = pytest.mark.django_db


def test_a_helpdesk_sees_the_tickets_of_its_basin_and_nobody_else_does(alice: User, bram: User, daan: User) -> None:
    ticket = TicketFactory()
    other = TicketFactory(basin=basin("nord"))
    member = UserFactory()
    grant(member, Role.TEAM_MEMBER, "sud-est")

    readers = (alice, bram, daan, member, AnonymousUser())

    assert [list(queries.tickets_for(reader)) for reader in readers] == [[ticket], [other], [], [], []]


def test_a_basin_one_has_no_right_in_is_empty(alice: User) -> None:
    TicketFactory(basin=basin("nord"))

    assert list(queries.tickets_for(alice, "nord")) == []


def test_the_region_sees_all_basins_and_each_alone(db: None) -> None:
    hanne = UserFactory()
    grant(hanne, Role.REGION_ADMIN, None)
    here, there = TicketFactory(), TicketFactory(basin=basin("nord"))

    assert set(queries.tickets_for(hanne)) == {here, there}
    assert list(queries.tickets_for(hanne, "nord")) == [there]


def test_a_link_opens_the_ticket_of_its_asker_and_no_other_token_does() -> None:
    ticket = TicketFactory()
    token = signing.make_token(queries.LINK, ticket.asker.uuid)

    assert queries.by_link(token).ticket == ticket
    for wrong in (token[:-1] + "!", signing.make_token("opendoors.visitor", ticket.asker.uuid), "", "x" * 3000):
        with pytest.raises(signing.BadToken):
            queries.by_link(wrong)


def test_the_asker_never_reads_what_colleagues_note() -> None:
    ticket = TicketFactory()
    said = MessageFactory(ticket=ticket)
    MessageFactory(ticket=ticket, kind=MessageKind.NOTE, body="À rappeler lundi.")

    assert list(queries.thread_for_asker(ticket)) == [said]


def test_sentences_of_another_basin_are_not_offered(alice: User) -> None:
    everywhere, here = SnippetFactory(), SnippetFactory(basin=basin())
    SnippetFactory(basin=basin("nord"))
    SnippetFactory(is_active=False)

    assert list(queries.snippets_for(alice, "sud-est")) == [everywhere, here]
    assert list(queries.snippets_for(alice, "nord")) == []
