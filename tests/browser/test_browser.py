"""The browser itself."""

from __future__ import annotations

import pytest

from tests.browser.conftest import chromium


def test_without_chromium_the_tests_fail_and_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(pytest.fail.Exception, match="install the package chromium"):
        chromium()
