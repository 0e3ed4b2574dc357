"""What a process keeps of the database under a version, so that no search reads it twice."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """A value and the version it belongs to; made anew when somebody comes with another version.

    Kept as the object itself: unpickling it out of Django's cache would cost more than a whole search.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._held: tuple[Hashable, T] | None = None

    def get(self, version: Hashable) -> T:
        """The value of that version. Two threads that find it old at once make it once."""
        held = self._held
        if held is not None and held[0] == version:
            return held[1]
        with self._lock:
            if self._held is None or self._held[0] != version:
                self._held = (version, self._make())
            return self._held[1]


class Recent(Generic[T]):
    """The last values by key, the oldest forgotten first, each for ``seconds`` at most."""

    def __init__(self, *, at_most: int, seconds: float) -> None:
        self._at_most, self._seconds = at_most, seconds
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            held = self._held.get(key)
            if held is None or held[0] < time.monotonic():
                return None
            self._held.move_to_end(key)
            return held[1]

    def keep(self, key: Hashable, value: T) -> None:
        with self._lock:
            self._held[key] = (time.monotonic() + self._seconds, value)
            self._held.move_to_end(key)
            while len(self._held) > self._at_most:
                self._held.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
