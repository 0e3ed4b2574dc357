"""What may be seen without signing in on the ground floor. Everything else asks who is there.

Names as ``request.resolver_match.view_name`` gives them; a trailing ``*`` stands for a whole
namespace. A mission names its own next to its addresses (``basins.web.public``);
`tests/config/test_public_urls.py` holds the whole list, word for word, against the addresses there are.
"""

PUBLIC_URLS: frozenset[str] = frozenset(
    {
        "root",
        "health",
        "inbound_mail",  # each call is signed (`core.mail.inbound.web`)
        "robots",
        "sitemap",
        "sitemap_section",
        "home",
        "agenda",
        "agenda_feed",
        "search",
        "news",
        "news_item",
        "find_basin",
        "accessibility",
        "privacy",
        "components",
        # A long job asks who is there itself (`core.jobs_web`): some are started by the holder of a link.
        "job",
        "job_fragment",
        "job_stop",
        "job_file",
        # Sign-in, step by step.
        "account_login",
        "account_request_login_code",
        "account_confirm_login_code",
        "mfa_authenticate",
        "account_logout",
        # The API authenticates by key, view by view.
        "api:*",
        # The demo's own pages; they do not exist elsewhere.
        "demo:*",
    }
)
