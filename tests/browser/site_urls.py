"""All addresses, those of the demo included."""

from django.urls import include, path

from config import urls
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here

urlpatterns = [path("demo/", include("config.demo.urls", namespace="demo")), *urls.urlpatterns]
