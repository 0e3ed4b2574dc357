"""What the basins themselves give to the common pages: the menu's first words, news, accounts, needs heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from basins import demo, search
from basins.addresses import page_url
from basins.missions import Figure, Forgotten, MenuEntry, Mission, Period, PersonalRecord, PrivacyRow, SearchHit
from basins.models import Basin, NeedMention, NewsItem
from basins.partners import SCOPE_WEBHOOKS
from basins.queries import published_news
from basins.rules import privacy, routing
from basins.territory import BasinFacts, territory
from core import spoken
from core.bilingual import Text, both, current_language, text

# What people type who look for somebody to call.
HELPDESK_WORDS = gettext_noop("helpdesk phone telephone number contact call")


class Basins(Mission):
    """The ground floor's own share of the registry."""

    name = "basins"

    def menu(self, basin: Basin | None) -> Iterable[MenuEntry]:
        code = basin.code if basin else None
        home = _("The basin") if basin else _("The basins")
        yield MenuEntry(home, page_url("home", code), frozenset({"home"}))
        yield MenuEntry(_("Calendar"), page_url("agenda", code), frozenset({"agenda"}))
        yield MenuEntry(_("News"), page_url("news", code), frozenset({"news", "news_item"}))

    def figures(self, basin: Basin | None, period: Period) -> Iterable[Figure]:
        heard = NeedMention.objects.filter(heard_on__range=(period.start, period.end))
        news = NewsItem.objects.filter(published_at__date__range=(period.start, period.end))
        if basin is not None:
            heard, news = heard.filter(need__basin=basin), news.filter(basin=basin)
        times = heard.aggregate(times=Coalesce(Sum("weight"), 0))["times"]
        yield Figure("needs_heard", _("Needs heard"), heard.values("need").distinct().count())
        yield Figure("need_mentions", _("Times a need was mentioned"), times)
        yield Figure("news_published", _("News items published"), news.count())

    def search(self, words: str, basin: Basin | None) -> Iterable[SearchHit]:
        code = basin.code if basin else None
        yield from self._of_postcode(words, code) if search.is_postcode(words) else self._basins(words)
        yield from self._helpdesks(words, code)
        for item in published_news(basin):
            found = search.score(
                words,
                both(item, "title").values(),
                (*both(item, "summary").values(), *both(item, "body").values()),
            )
            if found:
                yield SearchHit(
                    kind=_("News"),
                    title=text(item, "title"),
                    url=page_url("news_item", code, uuid=item.uuid),
                    excerpt=search.excerpt(text(item, "summary").value or text(item, "body").value),
                    score=found * 0.9,
                    basin_code=item.basin.code if item.basin else None,
                )

    def _basins(self, words: str) -> Iterable[SearchHit]:
        """Basins by name and by municipality: whoever types a place wants to know whose it is."""
        language = current_language()
        for facts in territory().basins:
            places = [place for in_language in facts.places_in.values() for place in in_language]
            found = max(
                search.score(words, facts.names.values()),
                0.9 * search.score(words, [place.name for place in places]),
            )
            if found:
                yield SearchHit(
                    kind=_("Basin"),
                    title=Text(_("%(basin)s basin") % {"basin": facts.name}, language, is_fallback=False),
                    url=page_url("home", facts.code),
                    excerpt=_places_in_words(facts),
                    score=found,
                    basin_code=facts.code,
                )

    def _of_postcode(self, words: str, own: str | None) -> Iterable[SearchHit]:
        """What the page "Which basin?" answers, in its order; nothing where it knows no answer."""
        language = current_language()
        try:
            candidates = routing.candidates(words)
        except routing.UnknownPostcode:
            return
        page = f"{page_url('find_basin', own)}?postcode={words.strip()}"
        for place, candidate in enumerate(candidates):
            basin = candidate.basin
            title = _("%(basin)s basin") % {"basin": text(basin, "name")} if basin else _("Basin not known")
            yield SearchHit(
                kind=_("Basin"),
                title=Text(title, language, is_fallback=False),
                url=page_url("home", basin.code) if basin else page,
                excerpt=candidate.reason,
                score=0.99 - place / 1000,
                basin_code=basin.code if basin else None,
            )

    def _helpdesks(self, words: str, own: str | None) -> Iterable[SearchHit]:
        """Whom to call in each basin, the own one first; where nobody told us, that is said."""
        names = search.in_both(HELPDESK_WORDS)
        for facts in territory().basins:
            basin_names = list(facts.names.values())
            found = search.score(words, [*names, *(f"{name} {own_name}" for name in names for own_name in basin_names)])
            if not found or search.score(words, basin_names):
                continue
            yield SearchHit(
                kind=_("Helpdesk"),
                title=Text(
                    _("Helpdesk of the %(basin)s basin") % {"basin": facts.name}, current_language(), is_fallback=False
                ),
                url=page_url("home", facts.code),
                excerpt=_helpdesk_in_words(facts),
                score=0.9 if facts.code == own else 0.85 if facts.helpdesk_phone else 0.82,
                basin_code=facts.code,
            )

    def personal_data(self, email: str) -> Iterable[PersonalRecord]:
        return privacy.records_of(email)

    def forget(self, email: str) -> Forgotten:
        return privacy.forget(email=email)

    def scopes(self) -> dict[str, str]:
        return {SCOPE_WEBHOOKS: _("Be told by webhooks of what happens to what the key made")}

    def privacy_rows(self) -> Iterable[PrivacyRow]:
        yield PrivacyRow(
            _("Your account: e-mail address, name, language"),
            _("So that you can sign in with a code by mail"),
            _("24 months after you last signed in"),
        )
        yield PrivacyRow(
            _("Needs that you raise: your words, and your e-mail address if you give it"),
            _("To answer you when something is done about it"),
            _("The need stays; your address goes when you ask for it"),
        )
        yield PrivacyRow(
            _("Mails that we sent you"),
            _("To send each of them once, and to find out what became of it"),
            _("Like what the mail is about"),
        )
        yield PrivacyRow(
            _("The team: who could do what, and when"),
            _("To answer for changes"),
            _("As long as the basin works with it"),
        )

    def seed_demo(self, *, today: dt.date, is_new: bool) -> None:
        if is_new:
            demo.seed(today=today)


def _places_in_words(facts: BasinFacts) -> str:
    return ", ".join(f"{place.name} {' '.join(place.postcodes)}".strip() for place in facts.places)


def _helpdesk_in_words(facts: BasinFacts) -> str:
    if facts.helpdesk_phone:
        return f"{spoken.phone(facts.helpdesk_phone)} · {_('Monday to Friday, 9:00 to 17:00')}"
    return facts.helpdesk_email or _("We were not given a phone number for the helpdesk of this basin.")


mission = Basins()
