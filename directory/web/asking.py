"""From an address to a question, and from an answer to what the page draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from basins.access import Reader
from basins.territory import territory
from basins.web.context import BasinLink
from basins.web.forms import plain_line
from basins.web.tiles import Tile, tiles
from directory import access
from directory.search.facets import BY_KEY, CRITERIA, FACETS, OFFERED
from directory.search.finder import BASIN, Answer, find
from directory.search.places import places
from directory.search.questions import PAGES_AT_MOST, Order, Question
from directory.search.stems import spelled
from directory.search.thesaurus import Option
from directory.web.addresses import EVERYWHERE, adding, encoded, pairs_of, without

LONGEST_QUERY = 200
VALUES_PER_FACET = 30
SHOWN_AT_ONCE = 7


def question_from(params: QueryDict, *, basin: str | None, user: Reader) -> Question:
    """What an address asks for. What makes no sense in it is left out: an old link shows more rather than an error."""
    near = params.get("near", "").strip()
    flags = {flag.name.lower(): flag for flag in OFFERED}
    return Question(
        words=plain_line(params.get("q", ""))[:LONGEST_QUERY],
        near=near if near in places().by_postcode else "",
        basin=None if params.get(EVERYWHERE) else basin,
        home_basin=basin,
        chosen={
            key: tuple(dict.fromkeys(params.getlist(key)[:VALUES_PER_FACET])) for key in BY_KEY if params.getlist(key)
        },
        criteria=tuple(flags[name] for name in dict.fromkeys(params.getlist(CRITERIA)) if name in flags),
        visible=access.visible_to(user),
        order=_order(params, near),
        page=_page_number(params.get("page", "")),
        now=timezone.now(),
    )


def _order(params: QueryDict, near: str) -> Order:
    wanted = params.get("sort", "")
    if wanted not in Order.values or (wanted == Order.DISTANCE and near not in places().by_postcode):
        return Order.RELEVANCE
    return Order(wanted)


def _page_number(written: str) -> int:
    return (
        min(max(int(written), 1), PAGES_AT_MOST) if written.isascii() and written.isdigit() and len(written) < 9 else 1
    )


# --- What the page draws --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet with its count. ``inner``: narrower values, shown once the broader one is chosen."""

    name: str
    value: str
    label: str
    count: int
    is_chosen: bool
    is_inner: bool = False

    @property
    def id(self) -> str:
        return f"f-{self.name}-{self.value}"


@dataclass(slots=True)
class FacetView:
    """A facet as a group of tick boxes: some at once, the rest behind "more"."""

    key: str
    label: str
    first: list[Choice] = field(default_factory=list)
    more: list[Choice] = field(default_factory=list)
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the query without it."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A whole facet, or some of the words, to let go of when nothing is found, and how many there would be."""

    label: str
    query: str
    total: int


@dataclass(frozen=True, slots=True)
class CountedTile:
    """A tile of the map: how many serve the place, and the query that asks for them."""

    tile: Tile
    name: str
    count: int
    query: str
    is_chosen: bool


def facet_views(question: Question, answer: Answer) -> list[FacetView]:
    """All facets that have something to choose, the criteria second."""
    views = [_facet_view(facet.key, str(facet.label), question, answer) for facet in FACETS]
    criteria = _facet_view(CRITERIA, _("Criteria"), question, answer)
    views.insert(1, criteria)
    for place, view in enumerate(views):
        chosen = any(choice.is_chosen for choice in (*view.first, *view.more))
        view.is_open = place < 3 or chosen
    return [view for view in views if view.first]


def _facet_view(key: str, label: str, question: Question, answer: Answer) -> FacetView:
    chosen = _chosen(question, key)
    counts = answer.counts.get(key, {})
    options = answer.options.get(key, ())
    parents = {option.parent for option in options if option.code in chosen} | chosen
    view = FacetView(key, label)
    listed: list[Choice] = []
    children: dict[str, list[Option]] = {}
    for option in options:
        if option.parent:
            children.setdefault(option.parent, []).append(option)
    tops = [option for option in options if not option.parent]
    if key not in {"theme", "kind", "price", CRITERIA}:
        tops = _own_places_first(key, sorted(tops, key=lambda option: -counts.get(option.code, 0)), question)
    for option in tops:
        inner = children.get(option.code, []) if option.code in parents else []
        block = [_choice(key, option, counts, chosen)]
        block += [_choice(key, each, counts, chosen, is_inner=True) for each in inner]
        listed += [choice for choice in block if choice.count or choice.is_chosen]
    at_once = 20 if key == "theme" else SHOWN_AT_ONCE
    for choice in listed:
        if len(view.first) < at_once or choice.is_chosen:
            view.first.append(choice)
        else:
            view.more.append(choice)
    return view


def _own_places_first(key: str, options: list[Option], question: Question) -> list[Option]:
    if key != "served":
        return options
    known = places().by_postcode
    return sorted(options, key=lambda each: (known[each.code].basin_code != question.home_basin, each.code))


def _choice(key: str, option: Option, counts: dict[str, int], chosen: set[str], *, is_inner: bool = False) -> Choice:
    return Choice(key, option.code, option.label, counts.get(option.code, 0), option.code in chosen, is_inner)


def _chosen(question: Question, key: str) -> set[str]:
    if key == CRITERIA:
        return {flag.name.lower() for flag in question.criteria}
    return set(question.chosen.get(key, ()))


def chips(question: Question, answer: Answer) -> list[Chip]:
    """What is filtered, each to be taken away, the basin of the site first; words, too, where they find too little."""
    found = []
    if question.basin is not None:
        found.append(Chip(_basin_name(question.basin), encoded([*pairs_of(question), (EVERYWHERE, "on")])))
    for key, value in question.filters:
        option = _option(answer, key, value)
        if option is not None:
            found.append(Chip(option.label, without(question, key, value)))
    if (answer.missing or not answer.total) and (len(answer.asked) > 1 or found):
        found += [Chip(_quoted(words), _with_words(question, rest)) for words, rest in _parted(question, answer)]
    if question.near:
        found.append(Chip(_near(question.near), without(question, "near")))
    return found


def in_words(question: Question, options: Mapping[str, Sequence[Option]]) -> str:
    """A search as people say it: its words, its filters, its place. ``options``: `finder.all_options`.

    A value that no longer exists is said as it is written.
    """
    labels = {(key, option.code): option.label for key, listed in options.items() for option in listed}
    parts = [_quoted(question.words)] if question.words else []
    parts += [labels.get((key, value), value) for key, value in question.filters]
    if question.near:
        parts.append(_near(question.near))
    return " · ".join(str(part) for part in parts)


def _quoted(words: str) -> str:
    return _("“%(words)s”") % {"words": words}


def _near(postcode: str) -> str:
    place = places().by_postcode[postcode]
    return _("near %(place)s") % {"place": f"{place.postcode} {place.name}"}


def drops(question: Question, answer: Answer) -> list[Drop]:
    """What could be let go of when nothing is found: only what helps, most results first. A search per thing typed."""
    found = []
    if question.basin is not None:
        query = encoded([*pairs_of(question), (EVERYWHERE, "on")])
        found.append(Drop(_basin_name(question.basin), query, answer.without.get(BASIN, 0)))
    for key in BY_KEY:
        chosen = [option.label for value in question.chosen.get(key, ()) if (option := _option(answer, key, value))]
        if chosen:
            found.append(Drop(", ".join(chosen), without(question, key), answer.without.get(key, 0)))
    for flag in question.criteria:
        name = flag.name.lower()
        found.append(Drop(str(flag.label), without(question, CRITERIA, name), answer.without.get(name, 0)))
    found += [_without_words(question, words, rest) for words, rest in _parted(question, answer)]
    if len(answer.asked) > 1:
        found.append(_without_words(question, question.words, ""))
    return sorted((drop for drop in found if drop.total), key=lambda drop: -drop.total)


def _with_words(question: Question, words: str) -> str:
    return encoded(pairs_of(replace(question, words=words)))


def _parted(question: Question, answer: Answer) -> list[tuple[str, str]]:
    """Each thing that was typed, as it was typed, with the rest of the words."""
    typed = spelled(question.words)
    found = []
    for place in answer.asked:
        rest = [word for at, word in enumerate(typed) if at not in place]
        found.append((" ".join(typed[place.start : place.stop]) or question.words, " ".join(rest)))
    return found


def _without_words(question: Question, words: str, rest: str) -> Drop:
    asked = replace(question, words=rest, page=1, per_page=1)
    is_anything = bool(rest or question.filters or question.near)
    total = find(asked, exactly=True).total if is_anything else 0  # the whole directory answers nothing
    return Drop(words, encoded(pairs_of(asked)), total)


def _basin_name(code: str) -> str:
    facts = territory().find(code)
    return _("%(basin)s basin") % {"basin": facts.name if facts else code}


def _option(answer: Answer, key: str, value: str) -> Option | None:
    return next((each for each in answer.options.get(key, ()) if each.code == value), None)


def map_of(
    question: Question, answer: Answer, basins: Iterable[BasinLink]
) -> list[tuple[BasinLink, list[CountedTile]]]:
    """The tiles of the five basins with the number of results that serve each place."""
    counts, chosen = answer.counts.get("served", {}), _chosen(question, "served")
    return [(basin, [_counted(tile, question, counts, chosen) for tile in own]) for basin, own in tiles(basins)]


def _counted(tile: Tile, question: Question, counts: dict[str, int], chosen: set[str]) -> CountedTile:
    is_chosen = tile.postcode in chosen
    change = without if is_chosen else adding
    return CountedTile(
        tile=tile,
        name=places().by_postcode[tile.postcode].name if tile.postcode in places().by_postcode else tile.postcode,
        count=counts.get(tile.postcode, 0),
        query=change(question, "served", tile.postcode),
        is_chosen=is_chosen,
    )
