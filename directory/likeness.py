"""Which organisations something told elsewhere may be: a host of open doors, the sender of a question.

Proposed for a person to confirm, never settled here. Names of the directory are read once for all that is asked.
`rules.importing_doubles` asks the same of the rows of a list, by rules of its own: there what is alike holds
a row back, here it is only shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, utils

from basins.models import Municipality
from core.bilingual import both
from core.errors import RuleError
from core.text import fold
from directory.models import Location, Organization, Phone, Service
from directory.numbers import phone_number
from directory.rules.importing_doubles import FAINTLY_ALIKE, LEGAL_FORMS
from directory.rules.importing_spots import ALIKE, MOST_PROPOSED, spots_of

K = TypeVar("K", bound=Hashable)

# Of 100: the same name; one within the other; all that tells something in one; a rare word, round the corner.
SAME, PART, TOLD, NEAR = 98, 84, 78, 66
BY_PHONE, BY_MAIL = 82, 80
MORE_AT_ADDRESS, MORE_AT_POSTCODE, MORE_BY_NUMBER = 8, 3, 6
RARE_IN = 3  # names
COMMON_FROM = 200  # one name of so many: a word in more of them tells nothing
SHORTEST_RARE = 5  # letters
SHORT_NUMBER = 6  # digits: half the country shares 112
SMALL_WORDS = frozenset("les des aux van den het een une the pour voor avec met sur bij dans bruxelles brussel".split())
# Everybody has an address there: it says nothing of who somebody works for.
FREE_MAIL = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.be hotmail.fr outlook.com outlook.be live.be live.com msn.com "
    "yahoo.com yahoo.fr icloud.com me.com skynet.be proximus.be telenet.be scarlet.be voo.be base.be "
    "protonmail.com proton.me gmx.com laposte.net".split()
)


class InCommon(TextChoices):
    """Why something is proposed, as the page says it."""

    NAME = "name", _("the same name")
    ALIKE = "alike", _("a name that is alike")
    PART = "part", _("one name is part of the other")
    WORD = "word", _("a rare word in both names")
    ADDRESS = "address", _("the same address")
    POSTCODE = "postcode", _("the same postcode")
    MAIL = "mail", _("the same mail domain")
    PHONE = "phone", _("the same phone number")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known elsewhere. ``places``: pairs of postcode and street; a street in any language."""

    names: tuple[str, ...]
    places: tuple[tuple[str, str], ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(slots=True)
class Alike:
    """An organisation that it may be. ``service``: its record whose own name is alike, if there is one."""

    organization: Organization
    percent: int
    reasons: list[InCommon]
    service: Service | None = None

    @property
    def services(self) -> list[Service]:
        """Its records, by name, to choose from."""
        return list(self.organization.services.all())


@dataclass(slots=True)
class _Found:
    percent: int = 0
    more: int = 0
    reasons: dict[InCommon, None] = field(default_factory=dict)
    service: int | None = None

    def named(self, percent: int, reason: InCommon) -> None:
        self.percent = max(self.percent, percent)
        self.reasons[reason] = None

    def also(self, reason: InCommon, more: int) -> None:
        self.more += more
        self.reasons[reason] = None

    @property
    def total(self) -> int:
        return min(self.percent + self.more, 100)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name for comparison: without accents, signs and legal form, and the words of it that can tell something."""

    text: str
    words: frozenset[str]

    @classmethod
    def of(cls, folded: str) -> _Name:
        words = utils.default_process(folded).split()
        kept = [word for word in words if word not in LEGAL_FORMS] or words
        words_that_tell = [word for word in kept if len(word) > 2 and word not in SMALL_WORDS]
        return cls(" ".join(kept), frozenset(words_that_tell or kept))


class Likely:
    """The directory as it is compared: built once, asked for many. Eight queries however many."""

    def __init__(self, asked: Iterable[Asked]) -> None:
        self.asked = list(asked)
        self._read_names()
        self._read_places()
        self._read_phones()

    def _read_names(self) -> None:
        rows = Organization.objects.filter(merged_into=None).values_list("pk", "folded_names", "email", "url")
        self.names: dict[int, list[_Name]] = {}
        self.by_domain: dict[str, set[int]] = defaultdict(set)
        for pk, names, email, url in rows.iterator():
            self.names[pk] = [_Name.of(name) for name in names]
            for domain in filter(None, (mail_domain(email), _web_domain(url))):
                self.by_domain[domain].add(pk)
        services = Service.objects.values_list("pk", "organization_id", "name_fr", "name_nl")
        self.service_names: dict[int, list[tuple[int, _Name]]] = defaultdict(list)
        for pk, owner, *names in services.iterator():
            self.service_names[owner] += [(pk, _Name.of(fold(name))) for name in names if name]
        counted: Counter[str] = Counter()
        for listed in self.names.values():
            counted.update(set().union(*(name.words for name in listed)))
        most = max(RARE_IN, len(self.names) // COMMON_FROM)
        self.places = _words_of_places()
        self.telling = {word for word, number in counted.items() if number <= most} - self.places
        self.rare = {word for word in self.telling if counted[word] <= RARE_IN and len(word) >= SHORTEST_RARE}
        self.by_word: dict[str, set[int]] = defaultdict(set)
        for pk, listed in self.names.items():
            for name in [*listed, *(name for _pk, name in self.service_names.get(pk, ()))]:
                for word in name.words & self.telling:
                    self.by_word[word].add(pk)
        # A name of common words alone is found as a whole: "CPAS d’Etterbeek".
        self.by_words: dict[frozenset[str], set[int]] = defaultdict(set)
        for pk, listed in self.names.items():
            for name in listed:
                self.by_words[name.words].add(pk)

    def _read_places(self) -> None:
        """A shelter's address is nobody's business, not even as a reason."""
        postcodes = {postcode for each in self.asked for postcode, _street in each.places if postcode}
        rows = Location.objects.filter(postcode__in=postcodes, hides_address=False)
        self.at_postcode: dict[str, set[int]] = defaultdict(set)
        self.at_address: dict[tuple[str, str], set[int]] = defaultdict(set)
        for owner, postcode, *streets in rows.values_list("organization_id", "postcode", "street_fr", "street_nl"):
            self.at_postcode[postcode].add(owner)
            for street in filter(None, streets):
                self.at_address[postcode, _street(street)].add(owner)
        # Compared letter by letter, for what is spelt in another way.
        there = ((pk, postcode) for postcode, owners in self.at_postcode.items() for pk in sorted(owners))
        self.spelt_at = spots_of(there, {pk: [name.text for name in names] for pk, names in self.names.items()})

    def _read_phones(self) -> None:
        self.by_phone: dict[str, set[int]] = defaultdict(set)
        wanted = {number for each in self.asked for number in _numbers(each)}
        if not wanted:
            return
        rows = Phone.objects.filter(number__in=wanted, contact=None, professionals_only=False)
        owners = ("organization_id", "location__organization_id", "service__organization_id")
        for number, *found in rows.values_list("number", *owners):
            self.by_phone[number] |= set(filter(None, found))

    def find(self, asked: Asked) -> list[tuple[int, _Found]]:
        """The organisations that it may be, the likeliest first."""
        mine = [_Name.of(fold(name)) for name in asked.names if name]
        found: dict[int, _Found] = {}
        postcodes = {postcode for postcode, _at in asked.places if postcode}
        near = set().union(*(self.at_postcode.get(each, set()) for each in postcodes))
        there = set().union(*(self.at_address.get((code, _street(at)), set()) for code, at in asked.places if at))
        for pk in self._worth_comparing(mine, postcodes, there):
            self._compare(mine, pk, found, is_near=pk in near, is_there=pk in there)
        for number in _numbers(asked):
            for pk in self.by_phone.get(number, ()):
                self._add(found, pk, InCommon.PHONE, BY_PHONE)
        for domain in {mail_domain(email) for email in asked.emails} - {""}:
            for pk in self.by_domain.get(domain, ()):
                self._add(found, pk, InCommon.MAIL, BY_MAIL)
        for pk, each in found.items():
            if pk in there:
                each.also(InCommon.ADDRESS, MORE_AT_ADDRESS)
            elif pk in near:
                each.also(InCommon.POSTCODE, MORE_AT_POSTCODE)
        ranked = sorted(((pk, each) for pk, each in found.items() if pk in self.names), key=_rank)
        return ranked[:MOST_PROPOSED]

    def _worth_comparing(self, mine: list[_Name], postcodes: set[str], there: set[int]) -> set[int]:
        worth = set(there)
        for name in mine:
            worth |= self.by_words.get(name.words, set())
            for word in name.words & self.telling:
                worth |= self.by_word[word]
            for spot in (self.spelt_at[each] for each in postcodes if each in self.spelt_at):
                worth |= {pk for pk, _percent in spot.alike(name.text)}
        return worth & self.names.keys()

    def _compare(self, mine: list[_Name], pk: int, found: dict[int, _Found], *, is_near: bool, is_there: bool) -> None:
        outcome = _Found()
        for my_name in mine:
            for name in self.names[pk]:
                self._compare_names(my_name, name, outcome, is_near=is_near, is_there=is_there)
            for service, name in self.service_names.get(pk, ()):
                percent = round(fuzz.token_sort_ratio(my_name.text, name.text))
                if percent >= ALIKE and my_name.words & self.telling:
                    outcome.named(min(percent, SAME), InCommon.NAME if percent == 100 else InCommon.ALIKE)
                    outcome.service = service
        if outcome.reasons:
            found[pk] = outcome

    def _compare_names(self, one: _Name, other: _Name, found: _Found, *, is_near: bool, is_there: bool) -> None:
        percent = round(fuzz.token_sort_ratio(one.text, other.text))
        shared = one.words & other.words
        told = shared & self.telling
        if percent == 100:
            found.named(SAME, InCommon.NAME)
        elif percent >= ALIKE:
            found.named(percent, InCommon.ALIKE)
        elif told and shared in (one.words, other.words):
            found.named(PART, InCommon.PART)
        elif len(told) > 1 and told in (one.words & self.telling, other.words & self.telling):
            found.named(TOLD, InCommon.WORD)
        elif is_near and shared & self.rare:
            found.named(NEAR, InCommon.WORD)
        elif is_there and percent >= FAINTLY_ALIKE and shared - self.places:
            found.named(percent, InCommon.ALIKE)

    @staticmethod
    def _add(found: dict[int, _Found], pk: int, reason: InCommon, percent: int) -> None:
        known = found.setdefault(pk, _Found())
        if known.percent:
            known.also(reason, MORE_BY_NUMBER)
        known.named(percent, reason)


def propose(asked: Mapping[K, Asked]) -> dict[K, list[Alike]]:
    """For each that is asked at most three organisations, the likeliest first, each with why."""
    if not asked:
        return {}
    likely = Likely(asked.values())
    found = {key: likely.find(each) for key, each in asked.items()}
    rows = organizations_with_records(pk for each in found.values() for pk, _why in each)
    return {
        key: [_alike(rows[pk], why) for pk, why in each if pk in rows]  # one may be gone since
        for key, each in found.items()
    }


def organizations_with_records(keys: Iterable[int]) -> dict[int, Organization]:
    """Organisations by key, each with its records by name and its places."""
    rows = Organization.objects.filter(pk__in=set(keys)).prefetch_related(
        Prefetch("services", Service.objects.order_by("name_fr", "pk")),
        Prefetch("locations", Location.objects.filter(hides_address=False).select_related("municipality")),
    )
    return {row.pk: row for row in rows}


def mail_domain(email: str) -> str:
    """``"info@www.example.be"`` → ``"example.be"``; "" for an address that anybody can have."""
    domain = email.rpartition("@")[2].strip().casefold().removeprefix("www.") if "@" in email else ""
    return "" if domain in FREE_MAIL else domain


def _alike(organization: Organization, found: _Found) -> Alike:
    own = next((row for row in organization.services.all() if row.pk == found.service), None)
    return Alike(organization, found.total, list(found.reasons), own)


def _rank(pair: tuple[int, _Found]) -> tuple[int, int]:
    return -pair[1].total, pair[0]


def _web_domain(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0].casefold().removeprefix("www.")


def _street(street: str) -> str:
    return " ".join(utils.default_process(fold(street)).split())


def _words_of_places() -> set[str]:
    """Names of municipalities: half the services of Etterbeek have it in their name."""
    names = [name for row in Municipality.objects.all() for name in both(row, "name").values()]
    return {word for name in names for word in utils.default_process(fold(name)).split()}


def _numbers(asked: Asked) -> list[str]:
    """In the one form in which phones are stored; what is no number is none."""
    found = []
    for written in asked.phones:
        try:
            number = phone_number(written)
        except RuleError:
            continue
        if len(number) > SHORT_NUMBER:
            found.append(number)
    return found
