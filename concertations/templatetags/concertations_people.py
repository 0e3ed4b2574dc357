"""Pieces of the pages around people: links of a signed token, the members of a group."""

from __future__ import annotations

from typing import Any

from django import template

from concertations.enums_communities import MembershipState
from concertations.links import code_of, page
from concertations.models import CommunityCycle, Membership, Series
from concertations.rules.memberships import why_no_application

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


@register.simple_tag
def recruiting(series: Series) -> list[CommunityCycle]:
    """Cycles of a community for which one can apply now, the first to begin first. One query, none for others."""
    if not series.is_closed_group:
        return []
    return [cycle for cycle in series.cycles.order_by("first_day", "pk") if not why_no_application(cycle)]
