"""The gallery shows every component, to everybody, in both languages."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_gallery_is_open_to_all(client: Client, language: str) -> None:
    with override(language):
        url = reverse("components")

    response = client.get(url)

    assert (response.status_code, f'<html lang="{language}"' in response.content.decode()) == (200, True)


def test_gallery_shows_the_pieces_of_the_missions(client: Client) -> None:
    page = client.get(reverse("components")).content.decode()

    assert (page.count('<label class="visit'), page.count("&lt;span")) == (9, 0)


def test_gallery_shows_choices_side_by_side_and_stacked(client: Client) -> None:
    page = client.get(reverse("components")).content.decode()

    assert [page.count('<div class="pills">'), page.count('<div class="rows">')] == [3, 1]


def test_gallery_shows_a_form_that_came_back(client: Client) -> None:
    page = client.get(reverse("components")).content.decode()

    assert [page.count("note bad sum"), page.count('aria-invalid="true"')] == [1, 2]
