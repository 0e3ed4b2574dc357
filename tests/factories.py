"""Small makers of rows for tests: sequences instead of chance, only what a test does not care about.

A mission's rows: ``tests/<mission>/factories.py``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

import factory
from django.db.models import Model
from django.utils import timezone
from factory.django import DjangoModelFactory

from basins.models import Basin, NewsItem, RoleGrant, User
from basins.rights import Role

M = TypeVar("M", bound=Model)
BRUSSELS = ZoneInfo("Europe/Brussels")


def basin(code: str = "sud-est") -> Basin:
    """One of the five; they come with the migrations."""
    return Basin.objects.get(code=code)


def local(day: dt.date, clock: str) -> dt.datetime:
    """``clock`` (``"09:00"``) of ``day`` in Brussels."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), tzinfo=BRUSSELS)


class Maker(Generic[M]):
    """A factory as a function: ``make(field=…)`` stores a row, ``make.build(field=…)`` does not."""

    def __init__(self, factory_class: type[DjangoModelFactory[M]], _model: type[M]) -> None:
        self._factory = factory_class

    def __call__(self, **fields: Any) -> M:
        return cast(M, self._factory.create(**fields))

    create = __call__

    def create_batch(self, number: int, **fields: Any) -> list[M]:
        return [self(**fields) for _ in range(number)]

    def build(self, **fields: Any) -> M:
        return cast(M, self._factory.build(**fields))


class _UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "fr"
    password = "!"


def grant(user: User, role: Role, code: str | None) -> RoleGrant:
    """Give ``user`` a role in a basin (or, with ``None``, in the Region)."""
    return RoleGrant.objects.create(user=user, role=role, basin=basin(code) if code else None)


class _NewsItemFactory(DjangoModelFactory[NewsItem]):
    class Meta:
        model = NewsItem

    basin = factory.LazyFunction(basin)
    title_fr = factory.Sequence(lambda n: f"Nouvelle {n}")
    title_nl = factory.Sequence(lambda n: f"Nieuws {n}")
    published_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=1))


UserFactory = Maker(_UserFactory, User)
NewsItemFactory = Maker(_NewsItemFactory, NewsItem)
