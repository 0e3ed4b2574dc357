"""Searches that somebody follows: confirmed by the link in the mail, told when something new fits.

What fits is worked out by whoever calls (`directory.following`): rules neither read addresses nor search.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Basin
from basins.rules.privacy import refuse_national_numbers
from core.checks import check_row
from core.errors import RuleError
from core.mail import post
from directory.models import SavedSearch
from directory.rules.lists import check_waiting

BROADEST = 200  # results that can be followed; more is news for nobody
TOLD_AT_ONCE = 20


class FollowRefused(RuleError):
    """A search that cannot be followed: it asks nothing, or nearly everything."""

    code = "follow-refused"
    status = 422


@transaction.atomic
def follow(*, query: str, found: Sequence[UUID], email: str, language: str, basin: Basin | None) -> SavedSearch:
    """Keep a search with what it gives today and send the link that confirms it.

    The same search for the same address is the same row; while unconfirmed nothing is sent twice a day.
    Raises :class:`FollowRefused`, ``TooManyWaiting``, ``NationalNumberFound``.
    """
    address = email.strip().lower()
    if not query:
        raise FollowRefused(_("Search for something first."))
    if len(found) > BROADEST:
        raise FollowRefused(
            _("This search gives more than %(most)d records: narrow it, then follow it.") % {"most": BROADEST}
        )
    refuse_national_numbers(query=query)
    row = SavedSearch.objects.filter(email=address, query=query, basin=basin).first()
    if row is None:
        check_waiting(address)
        row = SavedSearch(email=address, language=language, basin=basin, query=query, used_on=timezone.localdate())
        row.known = list(found)
        check_row(row, refusal=FollowRefused)
        row.save()
    post(
        "directory.search_followed",
        to=address,
        language=row.language,
        params={"search": str(row.uuid)},
        key=f"directory.search_followed:{row.uuid}:{timezone.localdate()}",
        scope=basin.code if basin else "",
    )
    return row


@transaction.atomic
def confirm(*, followed: SavedSearch) -> SavedSearch:
    """The holder says yes. The same again changes nothing. Takes the row's lock."""
    row = SavedSearch.objects.select_for_update(of=("self",), no_key=True).get(pk=followed.pk)
    row.confirmed_at = row.confirmed_at or timezone.now()
    row.used_on = timezone.localdate()
    row.save()
    return row


@transaction.atomic
def give_up(*, followed: SavedSearch) -> None:
    """Erase it; the second time changes nothing."""
    SavedSearch.objects.filter(pk=followed.pk).delete()


@transaction.atomic
def tell(*, followed: SavedSearch, found: Sequence[UUID], today: dt.date) -> bool:
    """Tell what fits now and did not the last time, at most once a day. Takes the row's lock. True: a mail went."""
    row = SavedSearch.objects.select_for_update(of=("self",), no_key=True).filter(pk=followed.pk).first()
    if row is None or row.confirmed_at is None or row.told_on == today:
        return False
    known = set(row.known)
    new = [record for record in found if record not in known]
    row.known = list(found)
    if new:
        row.told_on = today
        post(
            "directory.search_news",
            to=row.email,
            language=row.language,
            params={"search": str(row.uuid), "records": [str(each) for each in new[:TOLD_AT_ONCE]], "number": len(new)},
            key=f"directory.search_news:{row.uuid}:{today}",
            scope=row.basin.code if row.basin else "",
        )
    row.save()
    return bool(new)
