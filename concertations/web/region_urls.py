"""The Region's own series: the pages of a basin's, without the basin."""

from concertations.web.urls import PUBLIC_URLS, urlpatterns

__all__ = ["PUBLIC_URLS", "urlpatterns"]
