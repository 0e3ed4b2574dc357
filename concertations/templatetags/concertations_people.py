"""Pieces of the pages around people: links of a signed token, the members of a group."""

from __future__ import annotations

from typing import Any

from django import template

from concertations.enums_communities import MembershipState
from concertations.links import code_of, page
from concertations.models import CommunityCycle, Membership, Series

register = template.Library()


@register.simple_tag
def mine_url(series: Series, token: str, name: str = "mine", **kwargs: Any) -> str:
    """``{% mine_url series token "change" reference=… %}``: another page of the same link."""
    return page(name, code_of(series), token=token, **kwargs)


@register.simple_tag
def group_members(cycle: CommunityCycle) -> list[Membership]:
    """Who committed to a cycle, the moderators first."""
    rows = cycle.memberships.filter(state=MembershipState.ACCEPTED, committed_at__isnull=False)
    found = rows.select_related("participant").order_by("participant__name", "pk")
    return sorted(found, key=lambda row: row.moderator_place or 9)
