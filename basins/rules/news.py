"""News: written, published, withdrawn. The only writer of news items."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins import access
from basins.models import Basin, NewsItem, User
from basins.rules.log import actor
from basins.rules.people import NotYours
from core.bilingual import both
from core.errors import RuleError

logger = logging.getLogger(__name__)

TEXTS = frozenset(f"{field}_{language}" for field in ("title", "summary", "body") for language in ("fr", "nl"))


class NewsWithoutTitle(RuleError):
    """Nothing can be shown of an item that has a title in neither language."""

    code = "news-without-title"
    status = 422


@transaction.atomic
def write_news(*, basin: Basin | None, by: User | None, **texts: str) -> NewsItem:
    """A new draft of a basin (None: of the Region). ``texts``: ``title_fr``, ``summary_nl``, ``body_fr`` …

    Raises ``NotYours``, :class:`NewsWithoutTitle`, ``ValidationError``.
    """
    return _write(NewsItem(basin=basin), by=by, texts=texts)


@transaction.atomic
def edit_news(*, item: NewsItem, by: User | None, **texts: str) -> NewsItem:
    """Change the texts of an item, published or not; raises what :func:`write_news` raises. Locks the item."""
    return _write(_locked(item), by=by, texts=texts)


@transaction.atomic
def publish(*, item: NewsItem, by: User | None, at: dt.datetime | None = None) -> NewsItem:
    """Show an item from ``at`` (now) on. What is out already keeps its date unless another is given.

    Locks the item. Raises ``NotYours``.
    """
    item = _locked(item)
    _refuse_strangers(item, by)
    if at is None and item.published_at is not None and item.published_at <= timezone.now():
        return item
    item.published_at = at or timezone.now()
    item.save(update_fields=["published_at", "modified"])
    logger.info("%s published news %s", actor(by), item.uuid)
    return item


@transaction.atomic
def withdraw(*, item: NewsItem, by: User | None) -> NewsItem:
    """Make a draft of an item again; its page is not found from now on. Locks the item. Raises ``NotYours``."""
    item = _locked(item)
    _refuse_strangers(item, by)
    item.published_at = None
    item.save(update_fields=["published_at", "modified"])
    logger.info("%s withdrew news %s", actor(by), item.uuid)
    return item


def _locked(item: NewsItem) -> NewsItem:
    return NewsItem.objects.select_for_update(of=("self",), no_key=True).select_related("basin").get(pk=item.pk)


def _write(item: NewsItem, *, by: User | None, texts: dict[str, str]) -> NewsItem:
    _refuse_strangers(item, by)
    unknown = texts.keys() - TEXTS
    if unknown:
        raise TypeError(f"no text of a news item: {', '.join(sorted(unknown))}")
    for field, value in texts.items():
        setattr(item, field, value.strip())
    if not any(both(item, "title").values()):
        raise NewsWithoutTitle(_("Write a title in French or in Dutch."), field="title_fr")
    item.full_clean(exclude=["title"])  # the plain column repeats the French, which may be missing
    item.save()
    return item


def _refuse_strangers(item: NewsItem, by: User | None) -> None:
    if by is not None and not access.may_write_news(by, item):
        raise NotYours(_("You cannot write news here."), field="basin")
