"""Which organisations the hosts of 2024 may be, by their real names."""

from __future__ import annotations

from typing import Any

import pytest

from directory.likeness import InCommon, mail_domain, propose
from opendoors import queries_links
from opendoors.models import Host
from tests.opendoors.link_tools import hosts_of_2024, many_others, organization

pytestmark = pytest.mark.django_db


def found_for(host: Host) -> list[tuple[str, list[str]]]:
    (alike,) = propose({1: queries_links.asked_of(host)}).values()
    return [(each.organization.name_fr, [str(reason) for reason in each.reasons]) for each in alike]


@pytest.mark.parametrize(
    ("host", "there", "reasons"),
    [
        ("GymSANA asbl", "Gymsana", ["name"]),
        ("Kom à la maison asbl", "KOM à la maison", ["name"]),
        ("Home-Info", "Home Info", ["name"]),
        ("Équipe Mobile Eolia", "Equipe mobile Éolia vzw", ["name"]),
        ("Planning Familial Woluwe-Saint-Pierre", "Planning familial de Woluwe-Saint-Pierre", ["alike"]),
        ("SSM Le Chien Vert", "Chien Vert", ["part"]),
        ("SSM Chapelle-aux-Champs - Département Adultes", "Chapelle-aux-Champs", ["part"]),
        ("Infor-Homes Bruxelles asbl & Alzheimer Belgique asbl", "Alzheimer Belgique", ["part"]),
        ("Zoniënzorg vzw - Lokaal Dienstencentrum Waha", "Zonienzorg", ["part"]),
        ("CPAS d'Etterbeek", "CPAS – Etterbeek", ["alike"]),
        ("SSM Le Chien Vert", "Le Chien Vert – service social", ["word"]),
    ],
)
def test_a_host_is_found_under_the_name_the_directory_gives_it(host: str, there: str, reasons: list[str]) -> None:
    many_others()
    organization(there)
    known = {name.casefold(): row for name, row in hosts_of_2024().items()}

    assert found_for(known[host.casefold()]) == [(there, reasons)]


@pytest.mark.parametrize(
    ("host", "there"),
    [
        ("CPAS de Woluwe-Saint-Pierre", "CPAS d’Etterbeek"),
        ("Maison Médicale Univers Santé", "Maison médicale du Maelbeek"),
        ("Centre de service social de Bruxelles Sud-Est", "Service social juif"),
        ("Le Senghor", "Le Sas"),
        ("Soins à Domicile asbl", "Soins palliatifs à domicile Continuing Care"),
        ("SSM Le WoPS", "SSM La Gerbe"),
    ],
)
def test_words_that_half_the_services_share_propose_nothing(host: str, there: str) -> None:
    many_others()
    organization(there)

    assert found_for(hosts_of_2024()[host]) == []


def test_the_same_address_is_said_and_brings_a_faint_likeness_out() -> None:
    many_others()
    hosts = hosts_of_2024()
    place = hosts["La Maison Ouverte asbl"].places.get()
    organization("Maison de l’ouverture", postcode=place.postcode, street=place.street_fr)

    assert found_for(hosts["La Maison Ouverte asbl"]) == [("Maison de l’ouverture", ["alike", "address"])]


def test_the_same_postcode_decides_between_two_of_one_name() -> None:
    hosts = hosts_of_2024()
    here = hosts["Ricochet asbl"].places.get().postcode
    organization("Ricochet", postcode="1000")
    organization("Ricochet", postcode=here)

    (far, near) = (["name"], ["name", "postcode"])
    assert found_for(hosts["Ricochet asbl"]) == [("Ricochet", near), ("Ricochet", far)]


def test_a_name_that_is_spelt_in_another_way_is_found_round_the_corner() -> None:
    many_others()
    hosts = hosts_of_2024()
    organization("Ricochett", postcode=hosts["Ricochet asbl"].places.get().postcode)

    assert found_for(hosts["Ricochet asbl"]) == [("Ricochett", ["alike", "postcode"])]


def test_the_name_of_a_municipality_at_the_same_address_proposes_nothing() -> None:
    many_others()
    hosts = hosts_of_2024()
    place = hosts["Planning Familial Woluwe-Saint-Pierre"].places.get()
    organization("Résidence Woluwe-Saint-Pierre", postcode=place.postcode, street=place.street_fr)

    assert found_for(hosts["Planning Familial Woluwe-Saint-Pierre"]) == []


def test_a_shelter_is_not_found_by_its_address() -> None:
    hosts = hosts_of_2024()
    place = hosts["La Maison Ouverte asbl"].places.get()
    made = organization("Maison de l’ouverture", postcode=place.postcode, street=place.street_fr)
    made.locations.update(hides_address=True)

    assert found_for(hosts["La Maison Ouverte asbl"]) == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"email": "info@chassinfo.be"}, "mail"),
        ({"url": "https://www.chassinfo.be/contact"}, "mail"),
        ({"phone": "+3223186058"}, "phone"),
    ],
)
def test_a_mail_domain_or_a_phone_proposes_by_itself(fields: dict[str, Any], reason: str) -> None:
    host = hosts_of_2024()["Chass'Info"]
    host.contact_email, host.contact_phone = "anna@chassinfo.be", "02/318 60 58"
    organization("Tout autre nom", **fields)

    assert found_for(host) == [("Tout autre nom", [reason])]


def test_an_address_that_anybody_can_have_says_nothing() -> None:
    host = hosts_of_2024()["Chass'Info"]
    host.contact_email = "chassinfo@gmail.com"
    organization("Tout autre nom", email="autre@gmail.com")

    assert found_for(host) == []
    assert (mail_domain("a@Example.BE"), mail_domain("a@gmail.com"), mail_domain("")) == ("example.be", "", "")


def test_at_most_three_are_proposed_the_likeliest_first() -> None:
    for name in ("Atoll Est", "Atoll Est Bruxelles", "Atoll", "Est"):
        organization(name)

    names = [name for name, _why in found_for(hosts_of_2024()["Atoll Est"])]

    assert (len(names), names[0]) == (3, "Atoll Est")


def test_merged_organisations_are_found_by_the_one_they_are_part_of_alone() -> None:
    into = organization("Réseau Est", alternate_names=["Atoll Est"])
    organization("Atoll Est", merged_into=into)

    assert [name for name, _why in found_for(hosts_of_2024()["Atoll Est"])] == ["Réseau Est"]


@pytest.mark.parametrize("number", [1, 51])
def test_queries_do_not_grow_with_the_hosts(number: int, django_assert_num_queries: Any) -> None:
    hosts = list(hosts_of_2024().values())[:number]
    organization("Atoll Est", postcode="1040")
    organization(hosts[0].name)
    asked = {host.pk: queries_links.asked_of(host) for host in hosts}

    with django_assert_num_queries(7):
        propose(asked)


def test_every_reason_is_in_words() -> None:
    assert all(str(reason.label) != reason.value for reason in InCommon)
