"""The addresses of the site, for the walk through all pages in both languages."""

from __future__ import annotations

from config.demo.personas import PERSONAS
from tests.language_world import ANYBODY, NEWCOMER, STAFF, VISITOR

# Every address of the site and who reads it. A new page is added here; its rows come from `language_world`.
PAGES: dict[str, list[str]] = {
    "home": [ANYBODY, STAFF],
    "agenda": [ANYBODY],
    "search": [ANYBODY],
    "news": [ANYBODY],
    "news_item": [ANYBODY],
    "find_basin": [ANYBODY],
    "my_space": [VISITOR, NEWCOMER, STAFF],
    "accessibility": [ANYBODY],
    "privacy": [ANYBODY],
    "components": [ANYBODY],
    "job": [STAFF],
    "account_login": [ANYBODY],
    "account_logout": [VISITOR],
    "mfa_index": [VISITOR, NEWCOMER],
    "mfa_activate_totp": [NEWCOMER],
    "mfa_reauthenticate": [VISITOR],
    "mfa_generate_recovery_codes": [VISITOR],
    "mfa_deactivate_totp": [VISITOR],
    "opendoors:editions": [ANYBODY],
    "opendoors:week": [ANYBODY],
    "opendoors:visit": [ANYBODY],
    "opendoors:booked": [ANYBODY],
    "opendoors:change": [ANYBODY],
    "opendoors:cancel": [ANYBODY],
    "opendoors:staff_editions": [STAFF],
    "opendoors:staff_edition_new": [STAFF],
    "opendoors:staff_edition": [STAFF],
    "opendoors:staff_edition_edit": [STAFF],
    "opendoors:staff_bookings": [STAFF],
    "opendoors:staff_import": [STAFF],
    "opendoors:staff_host_new": [STAFF],
    "opendoors:staff_host": [STAFF],
    "opendoors:staff_host_edit": [STAFF],
    "opendoors:staff_host_remove": [STAFF],
    "opendoors:staff_place_new": [STAFF],
    "opendoors:staff_place_edit": [STAFF],
    "opendoors:staff_visit_new": [STAFF],
    "opendoors:staff_visit": [STAFF],
    "opendoors:staff_visit_call_off": [STAFF],
    "demo:index": [ANYBODY],
    "demo:mails": [ANYBODY],
    "demo:mail": [ANYBODY],
}
# Parts of a page, put into it by a script.
FRAGMENTS: dict[str, list[str]] = {"job_fragment": [STAFF], "opendoors:seats": [ANYBODY]}
# Addresses that show no page of their own, and why.
NO_PAGE: dict[str, str] = {
    "root": "leads to a language",
    "health": "for programs",
    "robots": "for programs",
    "agenda_feed": "a calendar file",
    "job_stop": "answers a button",
    "job_file": "a file",
    "account_request_login_code": "the address of account_login",
    "account_confirm_login_code": "comes after a form, see below",
    "mfa_authenticate": "comes after a form, see below",
    "opendoors:booked_calendar": "a calendar file",
    "opendoors:staff_step": "answers a button",
    "opendoors:staff_on_paper": "answers a button",
    "opendoors:staff_bookings_csv": "a file",
    "demo:sign_in": "answers a button",
    "demo:remind": "answers a button",
    "demo:mail_html": "a mail in its own language",
    "demo:mail_attachment": "a file",
}
# Names that stand in a page without being rows.
NAMES: dict[str, str] = {
    "components": """Backstage Melting Papot’ Casa Hestia Den Dam Huis van het Kind Guichet GymSANA asbl Senghor SSM
        WoPS Mobile Tela Auderghem Oudergem
        Woluwe-Saint-Pierre Le Français Nederlands Gezondheidsbevordering Overheidsdiensten en ziekenfondsen
        Praktijkgemeenschappen preventiebijeenkomsten thuisverpleegkundigen Wijkgezondheidscentra dienstencentra
        samenwerkingsverbanden""",
    "demo:index": " ".join(each.name for each in PERSONAS),
}
