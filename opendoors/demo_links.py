"""Hosts of the demo's weeks and the directory: some linked, some proposed, most still open."""

from __future__ import annotations

from django.utils.translation import override

from core.text import fold
from directory.documents import Document
from directory.enums import Origin
from directory.rules import records
from opendoors import queries_links
from opendoors.enums import HostState, LinkKind
from opendoors.models import Edition, Host
from opendoors.rules import linking

# What the directory calls some of the hosts: not always as they call themselves.
KNOWN = {
    "SSM Chapelle-aux-Champs": ("1200", "Rue de l’Exemple 30"),
    "Planning Familial de Woluwe-Saint-Pierre": ("1150", "Rue de l’Exemple 12"),
    "Le Chien Vert – service de santé mentale": ("1150", "Rue de l’Exemple 84"),
    "Zoniënzorg": ("1160", "Voorbeeldstraat 21"),
    "Infor-Homes Bruxelles": ("1030", "Rue de l’Exemple 59"),
}
LINKED = ("ssm chapelle-aux-champs", "maison medicale", "gymsana", "huis van het kind", "casa hestia")
MADE = ("casa hestia", "huis van het kind den dam")
REFUSED = "home-info"


def tie(*, is_new: bool) -> None:
    """The hosts of the week that was held: five linked, one refused; the open week has them proposed."""
    edition = Edition.objects.filter(basin__code="sud-est").order_by("starts_on").first()
    if not is_new or edition is None:
        return
    for name, (postcode, street) in KNOWN.items():
        _know(name, {"postcode": postcode, "street_fr": street})
    with override("fr"):  # the words of the reasons are not kept
        lines = queries_links.lines(list(queries_links.hosts_to_link(edition)))
    for line in lines:
        _decide(line)


def _know(name: str, place: Document) -> None:
    organization = records.create_organization(values={"name_fr": name}, by=None, origin=Origin.PROGRAM, is_demo=True)
    records.create_location(organization=organization, values=place, by=None, origin=Origin.PROGRAM, is_demo=True)


def _decide(line: queries_links.Line) -> None:
    host: Host = line.host
    if host.state != HostState.ACCEPTED:
        return
    if host.search_name.startswith(MADE):
        linking.make(host=host, by=None, is_demo=True)
    elif line.proposals and host.search_name.startswith(LINKED):
        likeliest = line.proposals[0].organization
        linking.confirm(host=host, kind=LinkKind.ORGANIZATION, record=likeliest.uuid, by=None)
    elif line.proposals and fold(host.name).startswith(REFUSED):
        linking.refuse(host=host, organization=line.proposals[0].organization.uuid, by=None)
