"""The demo's news and needs. Said to be samples; what they rest on are the basins' own facts."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from basins.models import Basin
from basins.reference import rows
from basins.rules import needs, news
from core.bilingual import text
from core.spoken import BRUSSELS


class Sample(NamedTuple):
    """A news item: whose, how many days ago, and its texts."""

    basin: str
    days_ago: int
    title_fr: str
    title_nl: str
    summary_fr: str
    summary_nl: str
    body_fr: str
    body_nl: str


END_FR = "Ceci est un exemple, écrit pour la démonstration."
END_NL = "Dit is een voorbeeld, geschreven voor de demonstratie."

SAMPLES = (
    Sample(
        "sud-est",
        4,
        "Hôpital et ambulatoire : première rencontre",
        "Ziekenhuis en ambulante zorg: eerste ontmoeting",
        "Au menu : les violences intrafamiliales et la place des proches.",
        "Op het programma: intrafamiliaal geweld en de plaats van de naasten.",
        "La concertation thématique réunit les hôpitaux et les services du bassin. À deux tables, les participants "
        "ont parlé des violences intrafamiliales et des proches des patients.",
        "Het thematisch overleg brengt de ziekenhuizen en de diensten van de zorgzone samen. Aan twee tafels spraken "
        "de deelnemers over intrafamiliaal geweld en over de naasten van patiënten.",
    ),
    Sample(
        "sud-est",
        12,
        "La charte du Conseil de l’action est adoptée",
        "Het handvest van de zorgzone actieraad is goedgekeurd",
        "Les membres s’engagent pour une année civile.",
        "De leden verbinden zich voor één kalenderjaar.",
        "Le Conseil de l’action du bassin a adopté sa charte et suivi l’état des actions. Il se réunit en février, "
        "en juin et en octobre.",
        "De zorgzone actieraad keurde zijn handvest goed en volgde de stand van de acties op. Hij komt samen in "
        "februari, juni en oktober.",
    ),
    Sample(
        "sud-est",
        25,
        "Mieux connaître le réseau en santé mentale",
        "Het netwerk geestelijke gezondheid beter kennen",
        "Quarante professionnels à la concertation : leurs besoins, en résumé.",
        "Veertig professionals op het overleg: hun behoeften, kort samengevat.",
        "Saturation, listes d’attente, méconnaissance de l’offre : les besoins entendus à la concertation sont "
        "notés et seront soumis au Conseil de l’action.",
        "Verzadiging, wachtlijsten, te weinig kennis van het aanbod: de behoeften die op het overleg gehoord "
        "werden, zijn genoteerd en gaan naar de zorgzone actieraad.",
    ),
    Sample(
        "",
        8,
        "Le thème du mois : une fiche à partager",
        "Het thema van de maand: een fiche om te delen",
        "Chaque mois, les bassins préparent ensemble une fiche de prévention.",
        "Elke maand maken de zorgzones samen een preventiefiche.",
        "Tabac, vaccination, diabète : chaque mois a son thème, le même dans les cinq bassins. La fiche s’imprime "
        "et se distribue à l’accueil.",
        "Tabak, vaccinatie, diabetes: elke maand heeft een thema, hetzelfde in de vijf zorgzones. De fiche kan "
        "geprint worden en aan het onthaal worden uitgedeeld.",
    ),
    Sample(
        "",
        40,
        "Le Conseil de l’action régionale s’est réuni",
        "De regionale actieraad kwam samen",
        "Quatre ateliers, trois choix de quinze minutes chacun.",
        "Vier workshops, drie keuzes van telkens vijftien minuten.",
        "Les délégués des cinq bassins ont porté les points d’attention de leur territoire.",
        "De afgevaardigden van de vijf zorgzones brachten de aandachtspunten van hun gebied mee.",
    ),
    Sample(
        "centre-ouest",
        18,
        "Patch’work : 44 services ont ouvert leurs portes",
        "Patch’work: 44 diensten openden hun deuren",
        "132 professionnels sont allés voir comment travaillent leurs voisins.",
        "132 professionals gingen kijken hoe hun buren werken.",
        "La semaine portes ouvertes du bassin a eu lieu en mai 2025.",
        "De opendeurweek van de zorgzone vond plaats in mei 2025.",
    ),
    Sample(
        "nord-est",
        21,
        "Backstage : 24 hôtes, 79 visiteurs",
        "Backstage: 24 gastdiensten, 79 bezoekers",
        "Merci à celles et ceux qui ont accueilli.",
        "Dank aan wie onthaald heeft.",
        "La semaine portes ouvertes du bassin a eu lieu en mai 2025.",
        "De opendeurweek van de zorgzone vond plaats in mei 2025.",
    ),
    Sample(
        "sud",
        15,
        "Melting Papot’ revient en novembre",
        "Melting Papot’ komt terug in november",
        "Une semaine pour pousser la porte des services voisins.",
        "Een week om bij de buren binnen te lopen.",
        "Le programme suivra sur cette page.",
        "Het programma volgt op deze pagina.",
    ),
    Sample(
        "nord",
        10,
        "Bobbel Nord : une première en décembre",
        "Bobbel Noord: voor het eerst in december",
        "Le bassin Nord prépare sa semaine portes ouvertes.",
        "De zorgzone Noord bereidt haar opendeurweek voor.",
        "Les services qui veulent accueillir peuvent déjà se signaler à l’équipe du bassin.",
        "Diensten die willen onthalen, kunnen zich nu al melden bij het team van de zorgzone.",
    ),
)


def seed(today: dt.date) -> None:
    """Publish the samples on the days before ``today``, and note the needs heard in the autumn of 2024."""
    basins = {basin.code: basin for basin in Basin.objects.all()}
    for sample in SAMPLES:
        day = today - dt.timedelta(days=sample.days_ago)
        item = news.write_news(
            basin=basins.get(sample.basin),
            by=None,
            title_fr=sample.title_fr,
            title_nl=sample.title_nl,
            summary_fr=sample.summary_fr,
            summary_nl=sample.summary_nl,
            body_fr=f"{sample.body_fr}\n\n{END_FR}",
            body_nl=f"{sample.body_nl}\n\n{END_NL}",
        )
        news.publish(item=item, by=None, at=dt.datetime.combine(day, dt.time(9), tzinfo=BRUSSELS))
    seed_needs(basins["sud-est"])


def seed_needs(basin: Basin) -> None:
    """The needs that two concertations of Sud-Est reported; one heard in both is one need with two mentions."""
    for row in rows("needs_reported_2024.csv"):
        need = needs.raise_need(
            source="concertations",
            source_key=row["meeting"],
            source_label=row["meeting"],
            basin=basin,
            title=row["need_fr"],
            language="fr",
            words=row["need_fr"],
            heard_on=dt.date.fromisoformat(row["meeting"].rsplit(" ", 1)[1]),
            audience=row["about"],
        )
        if text(need, "title", "nl").is_fallback:
            needs.translate_need(need=need, language="nl", title=row["need_nl"], by=None)
