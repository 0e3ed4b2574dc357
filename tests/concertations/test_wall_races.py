"""One phone presses many times at once: on real connections, released together."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError

from concertations.enums_tables import PostItKind
from concertations.models import Wall
from concertations.rules import post_its
from tests.concertations.room_tools import stick, wall
from tests.opendoors.race_tools import all_at_once, said

pytestmark = pytest.mark.django_db(transaction=True)


def press(row: Wall, number: int) -> None:
    post_its.write(wall=row, digest="one", text=f"Besoin {number}", kind=PostItKind.NEED, language="fr")


def test_however_often_it_presses_a_phone_has_two() -> None:
    row = wall()
    answers = all_at_once(8, lambda number: said(lambda: press(row, number)))
    assert answers == Counter({"done": 2, "wall": 6})
    assert list(row.post_its.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_without_the_lock_two_would_take_the_same_number_and_the_database_says_no(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = wall()
    post_its.take_back(wall=row, digest="one", number=stick(row, "Un", phone="one").number or 0)
    both_have_read = threading.Barrier(2)

    def checked(*_row: Any, **_refusal: Any) -> None:
        both_have_read.wait(timeout=20)

    monkeypatch.setattr(post_its, "locked", lambda wall: Wall.objects.get(pk=wall.pk))
    monkeypatch.setattr(post_its, "check_row", checked)

    def one(number: int) -> str:
        try:
            press(row, number)
        except IntegrityError as error:
            return "once" if "concertations_post_it_number_once_per_phone" in str(error) else str(error)
        return "done"

    assert all_at_once(2, one) == Counter({"done": 1, "once": 1})
