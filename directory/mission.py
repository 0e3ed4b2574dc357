"""What the directory gives to the pages that all missions share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _

from basins.missions import (
    Desk,
    Figure,
    Forgotten,
    HomeCard,
    MenuEntry,
    Mission,
    Period,
    PersonalRecord,
    PrivacyRow,
    SearchHit,
    Task,
)
from basins.models import Basin, User
from basins.rights import Right
from basins.rules import retention
from core.bilingual import text
from directory import access, kept_queries, public_queries, queries, staff_queries
from directory.enums import RecordStatus
from directory.models import Correction, SavedList, Service
from directory.rules import contacts, corrections, indexing, lists, missed
from directory.search.finder import find
from directory.search.questions import Question
from directory.web.addresses import directory_url, record_url

FOUND_ON_COMMON_PAGE = 15
PAGES = frozenset({"search", "record", "organization", "wrong", "missing", "leaflet", "follow", "ways", "way"})


class Directory(Mission):
    """The service directory: *répertoire*, *repertorium*."""

    name = "directory"

    def menu(self, basin: Basin | None) -> Iterable[MenuEntry]:
        space = "directory" if basin else "directory_region"
        url = directory_url("search", basin.code if basin else None)
        return [MenuEntry(_("Directory"), url, frozenset(f"{space}:{name}" for name in PAGES))]

    def home_cards(self, basin: Basin | None) -> Iterable[HomeCard]:
        return [
            HomeCard(
                _("Find who helps"),
                _("Services, phone lines, welcome points, rights and trainings: for whom, where, how to refer."),
                directory_url("search", basin.code if basin else None),
                _("Search the directory"),
                "find",
            )
        ]

    def search(self, words: str, basin: Basin | None) -> Iterable[SearchHit]:
        code = basin.code if basin else None
        if not words.strip():
            return
        question = Question(words=words, basin=code, home_basin=code, per_page=FOUND_ON_COMMON_PAGE)
        answer = find(question, exactly=True)
        services = public_queries.cards([hit.service for hit in answer.hits], AnonymousUser())
        for place, service in enumerate(services):
            yield _hit(service, code, best=0.78 - place / 200)

    def tasks_for(self, user: User) -> Iterable[Task]:
        kept = sorted(user.basins_with(Right.MANAGE_DIRECTORY))
        waiting = staff_queries.waiting_corrections() if kept else 0
        if waiting:
            url = reverse("directory:staff_corrections", kwargs={"basin": kept[0]})
            yield Task(_("Records that readers say are wrong: %(number)d") % {"number": waiting}, url)
        proposed = staff_queries.waiting_proposals() if kept else 0
        if proposed:
            url = reverse("directory:staff_proposals", kwargs={"basin": kept[0]})
            yield Task(_("Changes that organisations want: %(number)d") % {"number": proposed}, url)

    def desks(self, user: User) -> Iterable[Desk]:
        if not access.may_manage_directory(user):
            return
        for basin in Basin.objects.filter(code__in=user.basins_with(Right.MANAGE_DIRECTORY)):
            name = {"basin": text(basin, "name")}
            records_url = reverse("directory:staff_records", kwargs={"basin": basin.code})
            yield Desk(_("Records of the directory: %(basin)s") % name, records_url)
            missed_url = reverse("directory:staff_missed", kwargs={"basin": basin.code})
            yield Desk(_("Not found in the directory: %(basin)s") % name, missed_url)
            wrong_url = reverse("directory:staff_corrections", kwargs={"basin": basin.code})
            yield Desk(_("What readers say is wrong: %(basin)s") % name, wrong_url)
            lists_url = reverse("directory:staff_sources", kwargs={"basin": basin.code})
            yield Desk(_("Lists that are imported: %(basin)s") % name, lists_url)
            ways_url = reverse("directory:staff_ways", kwargs={"basin": basin.code})
            yield Desk(_("Guided pages: %(basin)s") % name, ways_url)

    def figures(self, basin: Basin | None, period: Period) -> Iterable[Figure]:
        services = queries.services_for(AnonymousUser()).filter(status=RecordStatus.ACTIVE)
        if basin is not None:
            services = queries.serving(services, basin)
        checked = services.filter(assured_on__range=(period.start, period.end))
        return [
            Figure("directory.records", _("Records in the directory"), services.count()),
            Figure("directory.checked", _("Records checked in this time"), checked.count()),
        ]

    def personal_data(self, email: str) -> Iterable[PersonalRecord]:
        for contact in queries.contacts_of(email):
            yield PersonalRecord(
                what=_("Person to turn to"),
                reference=str(contact.uuid),
                fields={
                    "name": contact.name,
                    "email": contact.email,
                    "function": str(text(contact, "function")),
                    "organisation": str(contact.organization),
                    "phones": [phone.number for phone in contact.phones.all()],
                    "show_name": contact.show_name,
                    "published": contact.is_published,
                    "consent_on": contact.consent_on,
                    "consent_how": contact.consent_how,
                },
                reason=_("So that professionals know whom to turn to. Published with your consent alone."),
            )
        for organization in queries.confirmed_by(email):
            yield PersonalRecord(
                what=_("Address for confirmation"),
                reference=str(organization),
                fields={"email": organization.confirm_email},
                reason=_("To ask whether what the directory says of the organisation is still right."),
            )
        for kept in kept_queries.of_address(email):
            is_list = isinstance(kept, SavedList)
            yield PersonalRecord(
                what=_("List of services that you keep") if is_list else _("Search that you follow"),
                reference=str(kept.uuid),
                fields={"email": kept.email, "what": str(kept), "confirmed": kept.confirmed_at},
                reason=_("To send you its link, and to tell you what changed."),
            )
        for correction in Correction.objects.filter(email=email.strip().lower()).select_related(
            "service", "organization", "location__organization"
        ):
            yield PersonalRecord(
                what=_("A record that you said is wrong"),
                reference=str(correction.uuid),
                fields={"email": correction.email, "words": correction.words, "record": str(correction.record)},
                reason=_("To put the record right and to tell you what became of it."),
            )

    def forget(self, email: str) -> Forgotten:
        return Forgotten(contacts.forget(email=email) + corrections.forget(email=email) + lists.forget(email=email))

    def forget_expired(self, today: dt.date) -> int:
        old = retention.first_kept("directory_contacts", today).date()
        unused = retention.first_kept("directory_kept", today).date()
        erased = contacts.forget_given_before(old) + missed.forget_before(old)
        return erased + lists.forget_unused(before=unused)

    def privacy_rows(self) -> Iterable[PrivacyRow]:
        yield PrivacyRow(
            _("Persons to turn to in the directory: function, name, e-mail address, phone"),
            _("So that professionals find the right person; the name is shown only where the person wants it"),
            _("As long as the person agrees, and for 24 months after they last said so"),
        )
        yield PrivacyRow(
            _("What you say is wrong in the directory: your words, and your e-mail address if you give it"),
            _("To put the record right and to answer you"),
            _("The words as long as the record; your address goes when you ask for it"),
        )
        yield PrivacyRow(
            _("Searches of the directory that found nothing: words, place, filters; nothing of who searched"),
            _("To learn which services are unknown or lacking"),
            _("24 months after somebody last searched for it"),
        )
        yield PrivacyRow(
            _("Lists of services that you keep and searches that you follow: your e-mail address"),
            _("To send you the link, and to tell you what changed"),
            _("Until you stop it, at most 24 months after you last used it; a week if you do not confirm"),
        )

    def seed_demo(self, *, today: dt.date, is_new: bool) -> None:
        from directory import demo  # noqa: PLC0415 - the demo's data is no part of a site that runs

        if is_new:
            demo.seed(today)
            indexing.index_all()


def _hit(service: Service, basin: str | None, *, best: float) -> SearchHit:
    """A record among the hits of all missions: the order of the directory's own search is kept."""
    organization = text(service.organization, "name")
    summary = text(service, "short_description")
    return SearchHit(
        kind=service.get_kind_display(),
        title=text(service, "name"),
        url=record_url(service, basin),
        excerpt=" · ".join(filter(None, [str(organization), str(summary)])),
        score=best,
    )


mission = Directory()
