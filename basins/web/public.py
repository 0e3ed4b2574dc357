"""What may be seen without signing in: the settings' list, and what each mission adds of its own."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from basins.missions import mission_modules


@cache
def public_urls() -> frozenset[str]:
    """``settings.PUBLIC_URLS``, and the ``PUBLIC_URLS`` next to the addresses of each mission, in its namespace.

    A mission writes its bare names (``{"week", "visit"}``): it opens nothing but its own pages.
    """
    found = set(settings.PUBLIC_URLS)
    for path, suffix in (("web.urls", ""), ("web.region_urls", "_region")):
        for mission, module in mission_modules(path):
            found |= {f"{mission}{suffix}:{name}" for name in getattr(module, "PUBLIC_URLS", ())}
    return frozenset(found)


def is_public(view_name: str) -> bool:
    """Whether the address of that name is open, or its whole namespace."""
    return not public_urls().isdisjoint({view_name, f"{view_name.partition(':')[0]}:*"})
