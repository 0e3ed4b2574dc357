"""Seven volunteers, one of them away and one who waits to be admitted; two tickets that have one.

The questions to them go by the rules, so their letters lie in the demo's mailbox with the links that open a ticket.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence

from basins.models import User
from helpdesk.demo.cast import FACTS, Cast
from helpdesk.expert_enums import ExpertDomain, ExpertState
from helpdesk.models import Expert, Ticket
from helpdesk.rules import experts

FILE = FACTS / "demo_experts.csv"


def seed(cast: Cast, tickets: Sequence[Ticket]) -> None:
    """``tickets`` are the forty."""
    with FILE.open(encoding="utf-8", newline="") as file:
        pool = {row["name"]: _expert(row, number, cast) for number, row in enumerate(csv.DictReader(file))}
    damp, agent = tickets[2], cast.agents[tickets[2].basin.code]
    if agent is not None:
        experts.bring_in(
            ticket=damp,
            expert=pool["Philippe G."],
            domain=ExpertDomain.HOUSING,
            question="Le propriétaire ne répond plus et il y a trois enfants. Faut-il commencer par la commune ou par "
            "l’inspection régionale, et que risque la famille\u00a0?",
            by=agent,
        )
    crowded, agent = tickets[13], cast.agents[tickets[13].basin.code]
    if agent is not None:
        _asked_and_answered(crowded, pool["Ilse M."], agent)


def _asked_and_answered(ticket: Ticket, expert: Expert, agent: User) -> None:
    call = experts.bring_in(
        ticket=ticket,
        expert=expert,
        domain=ExpertDomain.HOME_HOSPITAL,
        question="Zes diensten aan huis en niemand heeft het overzicht. Wie neemt in zo’n situatie de coördinatie op, "
        "en kost dat de persoon iets?",
        by=agent,
    )
    experts.expert_replies(
        call=call,
        body="Vraag eerst of er al een referentieverpleegkundige is: die kan een overleg bijeenroepen, en dat is "
        "gratis voor de persoon. Is die er niet, begin dan bij de huisarts. Eén schriftje bij de persoon thuis helpt "
        "meer dan zes dossiers.",
    )


def _expert(row: Mapping[str, str], number: int, cast: Cast) -> Expert:
    home = cast.basins[row["home"]]
    is_active = row["state"] == ExpertState.ACTIVE
    told = cast.moment(40 + 11 * number if is_active else 1, 10)
    expert = Expert.objects.create(
        name=row["name"],
        email=f"expert{number + 1}@example.org",
        function=row["function"],
        organisation=row["organisation"],
        language=row["language"],
        languages=row["languages"].split(),
        domains=row["domains"].split(),
        reachable=row["reachable"].split(),
        home=home,
        about=row["about"],
        state=row["state"],
        away_until=cast.today + dt.timedelta(days=int(row["away"])) if row["away"] else None,
        consented_at=told,
        admitted_at=told + dt.timedelta(days=2) if is_active else None,
        admitted_by=cast.agents[home.code] if is_active else None,
    )
    expert.basins.set(cast.basins[code] for code in row["basins"].split())
    return expert
