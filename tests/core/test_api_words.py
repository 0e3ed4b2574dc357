"""No reader gets a refusal in the other language because a library forgot a translation."""

from __future__ import annotations

import ast
import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
import rest_framework

from core.api.words import BORROWED

HOME = Path(rest_framework.__file__).parent
SPOKEN = ["exceptions.py", "fields.py", "relations.py", "serializers.py", "validators.py"]


def sentences() -> Iterator[str]:
    """What REST framework says to who sends something wrong."""
    for name in SPOKEN:
        for node in ast.walk(ast.parse((HOME / name).read_text())):
            match node:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(sentence)), *_]):
                    yield sentence


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_the_library_lacks_we_say(language: str) -> None:
    with (HOME / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    missing = {sentence for sentence in sentences() if catalogue.gettext(sentence) == sentence}
    assert missing - set(BORROWED) == set()
