"""Reading pages as a translator does: what is said, in which language, and which words nobody translated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import polib
from django.apps import apps
from django.db.models import CharField, TextField
from django.utils.translation.trans_real import translation

from core import spoken
from scripts.catalogues import compile_catalogue

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "nl")
OTHER = {"fr": "nl", "nl": "fr"}

VOID = frozenset("area base br col embed hr img input link meta source track wbr path rect circle use".split())
SILENT = frozenset({"script", "style", "code", "pre", "kbd", "samp"})
SPOKEN_ATTRIBUTES = (
    "title",
    "alt",
    "aria-label",
    "aria-description",
    "placeholder",
    "data-one",
    "data-many",
    "data-none",
)

# Written alike in both languages, or names; each is a decision.
ANYWHERE = frozenset(
    """
    admin aegis api authenticator brussels cocof cocom csv demo e fr freeotp ggc google html id idempotency json key
    lsfb mail message
    microsoft nl openapi pdf post qr totp txt uid utf vgc vgt wcag www xml yaml
    """.split()
)

CODE_LIKE = re.compile(r"\S*(?:@|://|www\.|[a-z]\d|\d[A-Za-z]|_|/\w+/|\w\.\w)\S*")
WORD = re.compile(r"[^\W\d_]+")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%n|%[sd]|\{\w*\}|<[^>]+>|&\w+;")


def words(text: str) -> set[str]:
    """The words of a text in lower case; addresses, codes and numbers are none."""
    plain = text.replace("\N{SOFT HYPHEN}", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return {word.lower() for word in WORD.findall(CODE_LIKE.sub(" ", plain)) if len(word) > 1}


# --- Catalogues ----------------------------------------------------------------------------------
@cache
def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"), wrapwidth=0)


def compile_all() -> None:
    """The tests read the words that are in the checkout, not those of the last ``make messages``."""
    for language in LANGUAGES:
        source = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            compile_catalogue(source)


def texts_of(entry: polib.POEntry) -> list[str]:
    """The translations of a message: one, or its plural forms."""
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


@cache
def vocabulary(language: str) -> frozenset[str]:
    """Every word that our catalogue and the catalogues of Django and its friends may say in ``language``."""
    said = [PLACEHOLDER.sub(" ", text) for entry in catalogue(language) for text in texts_of(entry)]
    said += [PLACEHOLDER.sub(" ", str(text)) for _, text in translation(language)._catalog.items()]
    for table in (spoken._MONTHS, spoken._MONTHS_SHORT, spoken._DAYS, spoken._DAYS_SHORT):
        said += table[language]
    return frozenset(word for text in said for word in words(text))


@cache
def whole_messages(language: str) -> frozenset[str]:
    """English messages, and those of the other language, that a page in ``language`` must not say."""
    own = {text for entry in catalogue(language) for text in texts_of(entry)}
    foreign = {entry.msgid for entry in catalogue(language)}
    foreign |= {text for entry in catalogue(OTHER[language]) for text in texts_of(entry)}
    return frozenset(foreign - own)


# --- Rows ----------------------------------------------------------------------------------------
@cache
def words_of_rows(language: str) -> frozenset[str]:
    """What people entered (names, titles), of bilingual fields in ``language``. Kept until ``cache_clear``."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField) and not field.name.endswith(f"_{OTHER[language]}")
        ]
        for row in model._default_manager.values_list(*names) if names else ():
            found |= {word for value in row if value for word in words(str(value))}
    return frozenset(found)


# --- Pages ---------------------------------------------------------------------------------------
class PageReader(HTMLParser):
    """``said``: each text and each spoken attribute of a page, with the language of its element."""

    def __init__(self, html: str, language: str) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self.page_language = ""
        self.headings = 0
        self._start = language
        self._open: list[tuple[str, str]] = []  # elements: tag and language, "" where nobody translates
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        language = "" if values.get("translate") == "no" else values.get("lang", self._language)
        if tag == "html":
            self.page_language = language
        self.headings += tag == "h1"
        said = [values[name] for name in SPOKEN_ATTRIBUTES if name in values]
        if tag == "input" and values.get("type") in {"submit", "button", "reset"}:
            said.append(values.get("value", ""))
        if tag in {"optgroup", "option"}:
            said.append(values.get("label", ""))
        self.said += [(text, language) for text in said if text.strip()]
        if tag not in VOID:
            self._open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        places = [place for place, (opened, _) in enumerate(self._open) if opened == tag]
        if places:
            del self._open[places[-1] :]

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in SILENT for tag, _ in self._open):
            self.said.append((re.sub(r"[ \t\r\n]+", " ", data).strip(" "), self._language))

    @property
    def _language(self) -> str:
        return self._open[-1][1] if self._open else self._start


def strange(said: Iterable[tuple[str, str]], language: str, known: frozenset[str]) -> Iterator[str]:
    """What nobody translated: messages of the other languages, and words that no catalogue and no row has."""
    forbidden, allowed = whole_messages(language), vocabulary(language) | ANYWHERE | known
    for text, spoken_in in said:
        if spoken_in[:2] != language:
            continue
        if text in forbidden and not words(text) <= known:
            yield text
            continue
        unknown = words(text) - allowed
        if unknown:
            yield f"{text[:120]} [{' '.join(sorted(unknown))}]"


def strange_on_page(html: str, language: str, known: frozenset[str]) -> list[str]:
    return sorted(set(strange(PageReader(html, language).said, language, known)))


def badly_set(said: Iterable[tuple[str, str]], language: str, known: frozenset[str]) -> Iterator[str]:
    """French whose marks stand too close, Dutch whose marks stand off: colons that a template added by itself."""
    wrong = {
        "fr": r"(?<![\s\N{NO-BREAK SPACE}])[:;?!](?=\s|$)|^[:;?!]|« |[^\N{NO-BREAK SPACE}]»",
        "nl": r"\s[:;?!](?=\s|$)|[«»]",
    }
    for text, spoken_in in said:
        if spoken_in[:2] == language and words(text) - known and re.search(wrong[language], text):
            yield text
