"""What the desks work with: targets, sentences to reuse, and mail that waits to be looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from helpdesk.demo.cast import Cast
from helpdesk.enums import HeldReason
from helpdesk.models import HeldMail, ServiceTarget, Snippet, Ticket

SNIPPETS = (
    ("Rappeler", "Terugbellen", "Nous vous rappelons cet après-midi.", "We bellen u deze namiddag terug."),
    (
        "Deux pistes",
        "Twee mogelijkheden",
        "Voici deux pistes, dans l’ordre où nous les essaierions.",
        "Hier zijn twee mogelijkheden, in de volgorde waarin wij ze zouden proberen.",
    ),
    (
        "Complet ?",
        "Volzet?",
        "Si un service est complet, dites-le-nous : nous cherchons plus loin.",
        "Is een dienst volzet, laat het ons weten: we zoeken verder.",
    ),
    (
        "Pas d’urgence ici",
        "Geen spoeddienst",
        "Si la situation devient dangereuse, appelez le 112. Notre réponse est un avis, elle ne remplace pas un soin.",
        "Wordt de situatie gevaarlijk, bel dan 112. Ons antwoord is een advies en vervangt geen zorg.",
    ),
)
# Mails nobody could place: basin, question they name (of the forty, or none), reason, hours ago, name, sender,
# subject, words.
MAILS = (
    (
        "sud-est",
        2,
        HeldReason.UNKNOWN_SENDER,
        3,
        "Leïla K.",
        "leila.k@example.org",
        "Re: [{code}] logement humide",
        "Bonjour, je suis une collègue de qui vous a appelés. La commune propose une visite, faut-il l’attendre\u00a0?",
    ),
    (
        "sud-est",
        None,
        HeldReason.FORWARDED,
        22,
        "Accueil Maison médicale de l’Exemple",
        "accueil@example.org",
        "TR: demande de logement adapté",
        "Pour suivi, merci. Une patiente en chaise roulante cherche un logement au rez-de-chaussée à Etterbeek.",
    ),
    (
        "nord",
        None,
        HeldReason.AUTOMATIC,
        5,
        "Thuiszorg Het Model",
        "onthaal@example.org",
        "Automatisch antwoord: afwezig",
        "Ik ben afwezig tot maandag. Voor dringende vragen belt u ons onthaal.",
    ),
    (
        "nord",
        13,
        HeldReason.UNKNOWN_SENDER,
        2,
        "Stijn V.",
        "stijn.v@example.org",
        "Antw: [{code}] coördinatie",
        "Dag, ik ben de kinesist in deze situatie. Als er een overleg komt, wil ik er graag bij zijn.",
    ),
)


def prepare(cast: Cast) -> None:
    """Each basin's targets, and the sentences of all."""
    for place, (title_fr, title_nl, body_fr, body_nl) in enumerate(SNIPPETS):
        Snippet.objects.create(title_fr=title_fr, title_nl=title_nl, body_fr=body_fr, body_nl=body_nl, position=place)
    ServiceTarget.objects.bulk_create(ServiceTarget(basin=basin) for basin in cast.basins.values())


def hold_mails(cast: Cast, tickets: Sequence[Ticket]) -> None:
    """Mails that somebody looks at first; those that name a ticket name it by its code."""
    now = timezone.now()
    for basin, number, reason, hours, name, email, subject, body in MAILS:
        ticket = None if number is None else tickets[number]
        HeldMail.objects.create(
            basin=cast.basins[basin],
            ticket=ticket,
            reason=reason,
            from_name=name,
            from_email=email,
            subject=subject.format(code=ticket.code if ticket else ""),
            body=body,
            received_at=now - dt.timedelta(hours=hours),
        )
