"""What the basins share: the territory, people and their rights, partners' keys, news and needs."""

from basins.models.keys import PartnerKey
from basins.models.needs import Need, NeedMention, NeedStep
from basins.models.news import NewsItem
from basins.models.people import RoleGrant, User
from basins.models.territory import Basin, Municipality, Neighbourhood, PostcodeArea, SiteHost

__all__ = [
    "Basin",
    "Municipality",
    "Need",
    "NeedMention",
    "NeedStep",
    "Neighbourhood",
    "NewsItem",
    "PartnerKey",
    "PostcodeArea",
    "RoleGrant",
    "SiteHost",
    "User",
]
