"""A parameter that nobody reads: said, with the one that was probably meant.

Left unread it would look like an answer: ``?postcod=1040`` would give the whole Region. See
docs/decisions/hsds-parameters.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler
from rest_framework.request import Request

from core.errors import RuleError

ALIKE = 0.75
# What the same is called by other interfaces, and by ours at another address.
CALLED = (
    ("per_page", "limit", "size", "page_size", "pagesize", "rows", "count", "max"),
    ("page", "cursor", "offset", "start", "after", "page_number"),
    ("search", "q", "query", "text", "keyword", "keywords", "name"),
    ("postcode", "zip", "postal_code", "near"),
    ("proximity", "distance", "radius", "within"),
    ("modified_after", "since", "updated_after", "modified_since"),
    ("format", "output", "type"),
)


class UnknownParameter(RuleError):
    """A query parameter that does not exist at this address. `nearest` is the one probably meant, `known` are all."""

    code = "unknown-parameter"
    title = gettext_lazy("A parameter does not exist")
    status = 400

    @classmethod
    def of(cls, unknown: Sequence[str], known: Sequence[str]) -> UnknownParameter:
        name = unknown[0][:80]
        nearest = nearest_of(name, known)
        if nearest:
            said = _("There is no parameter “%(name)s” here. Did you mean “%(nearest)s”?")
        else:
            said = _("There is no parameter “%(name)s” here. There are: %(known)s.")
        words = said % {"name": name, "nearest": nearest, "known": ", ".join(known)}
        return cls(words, field=name, nearest=nearest, known=list(known))


def refuse_unknown(request: Request, known: Collection[str]) -> None:
    """Raises ``UnknownParameter`` for the first one that is not among ``known``."""
    unknown = sorted(request.query_params.keys() - known)
    if unknown:
        raise UnknownParameter.of(unknown, sorted(known))


def nearest_of(name: str, known: Sequence[str]) -> str:
    """The known name probably meant; ``""`` where none is like it."""
    plain = name.lower().replace("-", "_")
    for names in CALLED:
        here = [each for each in names if each in known]
        if plain in names and here:
            return here[0]
    found = process.extractOne(plain, known, scorer=JaroWinkler.similarity, score_cutoff=ALIKE)
    return str(found[0]) if found else ""
