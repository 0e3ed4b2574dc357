"""The French and the Dutch catalogue: complete, alike, and written as the two languages are."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.utils.translation.trans_real import translation

from tests import language_tools as tools

NBSP = "\N{NO-BREAK SPACE}"
OURS = ("basins", "config", "core", *settings.MISSIONS)
# Of pages that this site does not have: passwords, the browsable API.
NEVER_SHOWN = {
    "A page number within the paginated result set.",
    "A search term.",
    "A {value_type} identifying this {name}.",
    "After you’ve created a user, you’ll be able to edit more user options.",
    "Extra Actions",
    "Forgotten your login credentials?",
    "In case you’ve forgotten, you are:",
    "Number of results to return per page.",
    "The initial index from which to return the results.",
    "The pagination cursor value.",
    "UUID string",
    "Which field to use when ordering the results.",
    "content",
    "main content",
    "navbar",
    "request form",
    "request info",
    "response info",
    "unique integer value",
    "unique value",
}
both = pytest.mark.parametrize("language", tools.LANGUAGES)


def problems(language: str, is_wrong: Callable[[str, str], bool]) -> list[str]:
    """The messages of which a translation is wrong."""
    found = []
    for entry in tools.catalogue(language):
        texts = tools.texts_of(entry)
        sources = [entry.msgid] if len(texts) == 1 else [entry.msgid, *[entry.msgid_plural] * (len(texts) - 1)]
        found += [f"{source} → {text}" for source, text in zip(sources, texts, strict=True) if is_wrong(source, text)]
    return found


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]|%%n|\{\w+\}|<(?:str|slug|uuid|int):\w+>", text))


def visible(text: str) -> str:
    """Without markup, placeholders and addresses."""
    return re.sub(r"<[^>]+>|%\(\w+\)[a-z]|https?://\S+", "x", text)


def is_address(msgid: str) -> bool:
    return re.fullmatch(r"(?:[a-z-]+|<\w+:\w+>|/)+(?:/|\.ics|\.csv|\.pdf)", msgid) is not None


@both
def test_every_message_is_translated(language: str) -> None:
    entries = tools.catalogue(language)
    empty = [entry.msgid for entry in entries if not all(text.strip() for text in tools.texts_of(entry))]
    assert (empty, entries.fuzzy_entries(), entries.obsolete_entries()) == ([], [], [])


def test_both_catalogues_hold_the_same_messages() -> None:
    fr, nl = ({(entry.msgid, entry.msgctxt) for entry in tools.catalogue(code)} for code in tools.LANGUAGES)
    assert fr == nl


@both
def test_placeholders_stay(language: str) -> None:
    def loses_one(source: str, text: str) -> bool:
        # “One seat” may say its number in words, or the translation may say it in figures.
        return placeholders(text) != placeholders(source)

    allowed = {entry.msgid for entry in tools.catalogue(language) if entry.msgid_plural}
    assert [each for each in problems(language, loses_one) if each.split(" → ")[0] not in allowed] == []


@both
def test_plural_forms_know_all_they_name(language: str) -> None:
    found = []
    for entry in tools.catalogue(language):
        known = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        found += [text for text in entry.msgstr_plural.values() if not placeholders(text) <= known]
    assert found == []


@both
def test_apostrophes_and_quotes_are_typographic(language: str) -> None:
    assert problems(language, lambda _, text: re.search(r"['\"]", visible(text)) is not None) == []


def test_french_marks_stand_off_by_a_space_that_does_not_break() -> None:
    def is_wrong(source: str, text: str) -> bool:
        shown = visible(text).replace("Authorization: ", "")
        before = re.search(rf"(?<!{NBSP})[:;?!»](?=\s|$|»)", shown)
        return (before or re.search(rf"«(?!{NBSP})", shown)) is not None

    assert problems("fr", is_wrong) == []


def test_dutch_marks_stand_close() -> None:
    assert problems("nl", lambda _, text: re.search(r"[\s][:;?!](?=\s|$)|[«»]", visible(text)) is not None) == []


@both
def test_a_sentence_ends_as_its_source_does(language: str) -> None:
    """A full stop or none: a title stays a title."""

    def differs(source: str, text: str) -> bool:
        return source.rstrip().endswith((".", ":", "…")) != text.rstrip().endswith((".", ":", "…"))

    assert [each for each in problems(language, differs) if not each.startswith("The %(field)s is missing")] == []


@both
def test_addresses_are_plain_and_their_own(language: str) -> None:
    addresses = {entry.msgid: entry.msgstr for entry in tools.catalogue(language) if is_address(entry.msgid)}
    plain = [text for text in addresses.values() if not re.fullmatch(r"[a-z0-9<>:_./-]+", text)]
    assert (plain, len(set(addresses.values()))) == ([], len(addresses))


# --- Code ----------------------------------------------------------------------------------------
def messages_in_code() -> Iterator[tuple[str, str]]:
    """Every message that code asks for, with its file. The collector overlooks those inside f-strings."""
    for folder in OURS:
        for source in sorted((tools.ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(source.read_text())):
                if isinstance(node, ast.Call) and node.args and _asks_for_words(node.func):
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value, str(source.relative_to(tools.ROOT))


def _asks_for_words(function: ast.expr) -> bool:
    names = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
    return (isinstance(function, ast.Name) and function.id in names) or (
        isinstance(function, ast.Attribute) and function.attr in names
    )


def test_every_message_of_the_code_is_collected() -> None:
    known = {entry.msgid for entry in tools.catalogue("fr")}
    assert [f"{path}: {msgid}" for msgid, path in messages_in_code() if msgid not in known] == []


def test_no_dutch_reader_gets_french_from_django() -> None:
    """Where Django's Dutch catalogue has a gap it gives the French sentence: ours must fill it."""
    french, dutch = ({key for key, _ in translation(code)._catalog.items()} for code in tools.LANGUAGES)
    gaps = {key for key in french - dutch if isinstance(key, str)}
    assert sorted(gaps - NEVER_SHOWN) == []
