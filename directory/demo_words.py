"""Tables that `directory.demo` draws from."""

from __future__ import annotations

from typing import Any

_WORKDAYS = "MO,TU,WE,TH,FR"

HOURS: dict[str, list[dict[str, Any]]] = {
    "office": [{"byday": _WORKDAYS, "opens_at": "09:00", "closes_at": "17:00"}],
    "mornings": [{"byday": _WORKDAYS, "opens_at": "09:00", "closes_at": "12:00"}],
    "afternoon": [{"byday": "MO,TU,TH", "opens_at": "13:30", "closes_at": "17:30"}],
    "evening": [
        {"byday": _WORKDAYS, "opens_at": "09:00", "closes_at": "12:30"},
        {"byday": "MO,WE", "opens_at": "17:00", "closes_at": "20:30", "by_appointment": True},
    ],
    "week": [{"byday": f"{_WORKDAYS},SA", "opens_at": "08:00", "closes_at": "20:00"}],
    "always": [{"byday": f"{_WORKDAYS},SA,SU", "opens_at": "00:00", "closes_at": "00:00"}],
}
LANGUAGES = [
    ["fr"],
    ["fr", "nl"],
    ["fr", "nl", "en"],
    ["nl"],
    ["nl", "fr", "en", "ar"],
    ["fr", "en", "es", "pt"],
    ["fr", "ar", "tr"],
    ["fr", "nl", "en", "uk"],
    ["fr", "sfb"],
    ["nl", "vgt"],
]

# The first word that is found in a named organisation's row says what it does.
BY_WORDS = (
    ("regional support", "umbrella"),
    ("umbrella", "umbrella"),
    ("gp on-call", "general-practice"),
    ("mobile mental", "mobile-team"),
    ("psychiatric care", "mobile-team"),
    ("mental", "mental-health"),
    ("addiction", "addictions"),
    ("drugs", "addictions"),
    ("palliative", "palliative"),
    ("migrant", "migration"),
    ("interpret", "migration"),
    ("undocumented", "migration"),
    ("hygiene", "homelessness"),
    ("homeless", "homelessness"),
    ("home care", "coordination"),
    ("coordination centres", "coordination"),
    ("home hospital", "coordination"),
    ("home iv", "nursing"),
    ("intermediate care", "care-home"),
    ("home help", "family-help"),
    ("transport", "disability"),
    ("seniors", "day-centre"),
    ("solidarity", "meeting-place"),
    ("neighbourhood", "meeting-place"),
    ("community", "health-promotion"),
    ("health promotion", "health-promotion"),
    ("childhood", "youth"),
    ("paediatric", "coordination"),
    ("family", "family-planning"),
    ("screening", "health-promotion"),
    ("low threshold", "social-work"),
    ("low-threshold", "social-work"),
    ("", "social-work"),
)
# Functions and groups among the names, not organisations.
NO_ORGANISATION = frozenset(
    {
        "functions / categories",
        "federations",
        "unknown – ask",
        "shelters",
        "RAT",
        "Services d'aide aux familles",
        "services d'aide à domicile (AS coordinate AM/AF)",
        "Centres de coordination (aide et soins à domicile)",
        "Hôtels de soins (Flandre)",
        "LDC / dienstencentra",
        "Bébé/child: Equipes de liaison pédiatrique (2 in Brussels)",
        "Coordinations sociales St-Gilles, Forest, Schaerbeek (2), Laeken",
    }
)
DUTCH_NAMES = {
    "Bruxelles Social": "Sociaal Brussel",
    "CDCS": "CMDC",
    "Abrumet": "Abrumet",
    "IDR": "Straatverpleging",
    "CMGU": "GBBW",
    "CASG": "CAW Brussel",
    "Médecins du Monde": "Dokters van de Wereld",
    "Croix-Rouge": "Rode Kruis",
}
THEMES_OF_ACTIVITIES = {
    "Liens sociaux": "meeting-place",
    "Activité physique": "physical-activity",
    "Alimentation saine": "healthy-food",
    "Santé mentale": "psychological-support",
    "Réduction des risques": "risk-reduction",
}
AUDIENCES_OF_ACTIVITIES = (
    ("senior", "older-people"),
    ("65 ans", "older-people"),
    ("femmes", "women"),
    ("précarité", "people-in-poverty"),
    ("étudiants", "young-adults"),
    ("adultes", "adults"),
    ("", "everybody"),
)
# About the middle of each municipality, by NIS code; records lie scattered around it.
LATITUDES = {
    "21001": (50.833, 4.307),
    "21002": (50.815, 4.426),
    "21003": (50.864, 4.292),
    "21004": (50.850, 4.352),
    "21005": (50.836, 4.389),
    "21006": (50.870, 4.403),
    "21007": (50.811, 4.324),
    "21008": (50.873, 4.309),
    "21009": (50.827, 4.372),
    "21010": (50.877, 4.326),
    "21011": (50.862, 4.326),
    "21012": (50.855, 4.328),
    "21013": (50.828, 4.346),
    "21014": (50.853, 4.369),
    "21015": (50.867, 4.380),
    "21016": (50.798, 4.348),
    "21017": (50.799, 4.415),
    "21018": (50.846, 4.428),
    "21019": (50.834, 4.446),
}
PEOPLE = "Amina Bart Camille Dries Élise Fatima Gilles Hanne Inès Joris Karim Leen Mehdi Nadia Olivier Petra".split()
FAMILIES = "Exemple Voorbeeld Modèle Proef Essai Staal".split()
# Functions of persons to turn to, and the theme they are asked about.
FUNCTIONS = (
    ("Référente démence", "Referentiepersoon dementie", "dementia"),
    ("Référent palliatif", "Referentiepersoon palliatieve zorg", "palliative-care"),
    ("Référente seniors", "Referentiepersoon senioren", "loneliness"),
    ("Personne de liaison avec l’hôpital", "Verbindingspersoon met het ziekenhuis", "hospital-link"),
    ("Case manager", "Casemanager", "care-coordination"),
    ("Référent logement", "Referentiepersoon huisvesting", "unhealthy-housing"),
    ("Référente assuétudes", "Referentiepersoon verslaving", "addiction"),
)
