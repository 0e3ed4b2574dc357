"""What the directory's tests share."""

from __future__ import annotations

import pytest

from directory.search import finder
from directory.search.board import forget_board


@pytest.fixture(autouse=True)
def _fresh_answers() -> None:
    """Rows come and go without a number in tests; nothing found in another test is found again."""
    finder.forget_answers()
    forget_board()
