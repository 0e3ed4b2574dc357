"""Minutes of the demo: two approved ones with the real needs of 2024, one that waits for the next meeting.

Needs and numbers are those of the slides; what to remember, decisions, actions and news are made up. The needs stand in
the basin's list already (``basins.demo``): here they are tied to the minutes, not heard a second time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from basins.enums import BasinCode
from basins.models import Need, NeedMention
from basins.reference import rows
from concertations.enums_minutes import ActionState, PointKind
from concertations.models import Action, Meeting, Minutes, MinutesSection, RaisedNeed
from concertations.reference import FACTS
from concertations.rules import actions, importing_consultation, minutes, minutes_points
from concertations.rules.actions import ActionData
from concertations.rules.gathering import SOURCE
from concertations.rules.minutes_points import NewsData, PointData
from core.bilingual import both
from core.text import fold

NEEDS, REMEMBER = ("Besoins du terrain", "Behoeften van het terrein"), ("À retenir", "Te onthouden")
NEWS = ("Nouvelles des uns et des autres", "Nieuws van elkaar")
CONSULTATION = "2019"


@dataclass(frozen=True, slots=True)
class Sample:
    """The minutes of one meeting. ``occasion``: what the list of needs calls it; "" where no need was noted."""

    slug: str
    day: dt.date
    occasion: str
    remember: Sequence[tuple[str, str]]
    decisions: Sequence[tuple[str, str]]
    # What, in both languages; by whom; in how many days from today; whether it is done.
    agreed: Sequence[tuple[str, str, str, int, bool]]
    news: Sequence[tuple[str, str]] = ()


SAMPLES = (
    Sample(
        "prevention",
        dt.date(2024, 9, 12),
        "CT Prévention 2024-09-12",
        [
            (
                "L’offre d’activités existe ; le chemin vers elle manque. Accompagner une première fois change tout.",
                "Het aanbod aan activiteiten bestaat; de weg ernaartoe ontbreekt. Eén keer meegaan maakt het verschil.",
            )
        ],
        [
            (
                "Les besoins entendus vont au conseil du bassin, avec ceux de la santé mentale.",
                "De gehoorde behoeften gaan naar de zorgzone actieraad, samen met die van geestelijke gezondheid.",
            )
        ],
        [
            (
                "Rassembler les activités existantes dans une liste commune",
                "De bestaande activiteiten in één lijst samenbrengen",
                "Équipe du bassin · Team van de zorgzone",
                -400,
                True,
            )
        ],
    ),
    Sample(
        "sante-mentale",
        dt.date(2024, 9, 26),
        "CT Santé mentale 2024-09-26",
        [
            (
                "Chacun connaît une partie du réseau ; personne n’en a l’ensemble.",
                "Iedereen kent een stuk van het netwerk; niemand kent het geheel.",
            ),
            (
                "Réorienter prend du temps : les listes d’attente sont longues et changent vite.",
                "Doorverwijzen kost tijd: de wachtlijsten zijn lang en veranderen snel.",
            ),
        ],
        [
            (
                "Trois rencontres par an, chaque fois chez un autre service.",
                "Drie ontmoetingen per jaar, telkens bij een andere dienst.",
            )
        ],
        [],
    ),
    Sample(
        "sante-mentale",
        dt.date(2025, 5, 20),
        "",
        [
            (
                "La sortie de l’hôpital se prépare dès l’entrée : c’est là que le relais se perd le plus souvent.",
                "Het ontslag begint bij de opname: daar gaat de opvolging het vaakst verloren.",
            )
        ],
        [
            (
                "Une fiche commune dit qui appeler, à quelle heure et pour quoi.",
                "Een gemeenschappelijke fiche zegt wie men belt, wanneer en waarvoor.",
            )
        ],
        [
            (
                "Écrire la fiche « Qui appeler ? » et la faire relire",
                "De fiche ‘Wie bellen?’ schrijven en laten nalezen",
                "Service de santé mentale · Dienst voor geestelijke gezondheidszorg",
                12,
                False,
            ),
            (
                "Inviter les hôpitaux à la prochaine rencontre",
                "De ziekenhuizen uitnodigen op de volgende ontmoeting",
                "Équipe du bassin · Team van de zorgzone",
                -6,
                False,
            ),
            (
                "Demander aux mutualités leur liste de référents",
                "De ziekenfondsen hun lijst van contactpersonen vragen",
                "Mutualité · Ziekenfonds",
                -40,
                True,
            ),
        ],
        [
            (
                "Une permanence psychologique gratuite ouvre le mercredi",
                "Elke woensdag gratis psychologische permanentie",
            )
        ],
    ),
)


def seed(today: dt.date, *, is_new: bool) -> None:
    """Minutes of meetings that were held, and the consultation of 2019. What was entered since stays."""
    if not is_new:
        return
    content = (FACTS / f"consultation_{CONSULTATION}.json").read_bytes()
    importing_consultation.apply(content=content, slug=CONSULTATION, by=None)
    for sample in SAMPLES:
        meeting = _meetings(sample.slug).filter(starts_at__date=sample.day).first()
        if meeting is not None:
            _write(sample, meeting, today)


def _meetings(slug: str) -> QuerySet[Meeting]:
    return Meeting.objects.filter(series__basin__code=BasinCode.SUD_EST, series__slug=slug).order_by("starts_at")


def _write(sample: Sample, meeting: Meeting, today: dt.date) -> None:
    row = minutes.begin(meeting=meeting, by=None)
    under = _heading(row, REMEMBER)
    for kind, said in ((PointKind.REMEMBER, sample.remember), (PointKind.DECISION, sample.decisions)):
        for text_fr, text_nl in said:
            data = PointData(kind=kind, text_fr=text_fr, text_nl=text_nl)
            minutes_points.keep_point(section=under, data=data, by=None)
    done = [_agreed(under, each, today) for each in sample.agreed]
    if sample.news:
        section = _heading(row, NEWS)
        for title_fr, title_nl in sample.news:
            shared = NewsData(title_fr=title_fr, title_nl=title_nl, said_by="Service de santé mentale")
            minutes_points.keep_news(section=section, data=shared, by=None)
    if sample.occasion:
        _tie_needs(_heading(row, NEEDS), sample.occasion)
    minutes.send(minutes=row, by=None)
    for action in filter(None, done):
        actions.move(action=action, to=ActionState.DONE, by=None)
    _approve(row)


def _heading(row: Minutes, titles: tuple[str, str]) -> MinutesSection:
    return minutes.add_section(minutes=row, title_fr=titles[0], title_nl=titles[1], by=None)


def _agreed(under: MinutesSection, agreed: tuple[str, str, str, int, bool], today: dt.date) -> Action | None:
    text_fr, text_nl, owner, days, is_done = agreed
    data = ActionData(
        text_fr=text_fr,
        text_nl=text_nl,
        owner=owner,
        owner_email="" if is_done else "chantal@example.org",
        due_on=today + dt.timedelta(days=days),
    )
    action = actions.keep_action(section=under, data=data, by=None)
    return action if is_done else None


def _tie_needs(under: MinutesSection, occasion: str) -> None:
    """In the past: what was raised then is in the list since."""
    known = {
        fold(both(mention.need, "title")["fr"]): mention.need
        for mention in NeedMention.objects.filter(source=SOURCE, source_key=occasion).select_related("need")
    }
    about = {"population": "population", "professionals": "professionnels"}
    for row in rows("needs_reported_2024.csv"):
        need: Need | None = known.get(fold(row["need_fr"]))
        if row["meeting"] == occasion and need is not None:
            RaisedNeed.objects.create(
                section=under,
                title=row["need_fr"],
                language="fr",
                about=about.get(row["about"], row["about"]),
                need=need,
            )


def _approve(row: Minutes) -> None:
    """At the next meeting that was held, where there was one."""
    row.refresh_from_db()
    later = minutes.approvable_in(row).first()
    if later is not None:
        minutes.approve(minutes=row, meeting=later, by=None)
