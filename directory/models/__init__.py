"""The directory after Open Referral HSDS 3.1; words of our own where HSDS has none."""

from directory.models.changes import RecordChange, Tombstone
from directory.models.confirmations import Confirmation, Proposal
from directory.models.copies import HsdsCopy
from directory.models.corrections import Correction
from directory.models.details import (
    CostOption,
    Language,
    Phone,
    RequiredDocument,
    Schedule,
    ServiceCapacity,
    Url,
)
from directory.models.lists import SavedList, SavedSearch
from directory.models.organizations import Organization, OrganizationIdentifier
from directory.models.people import Contact
from directory.models.places import Accessibility, Location
from directory.models.searching import MissedSearch, SearchEntry, SearchWord
from directory.models.services import Service, ServiceArea, ServiceAtLocation, ServiceTerm
from directory.models.sources import LikelyDouble, Source, SourceRecord
from directory.models.taxonomies import Taxonomy, TaxonomyTerm
from directory.models.ways import GuidedWay, WayStep

__all__ = [
    "Accessibility",
    "Confirmation",
    "Contact",
    "Correction",
    "CostOption",
    "GuidedWay",
    "HsdsCopy",
    "Language",
    "LikelyDouble",
    "Location",
    "MissedSearch",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Proposal",
    "RecordChange",
    "RequiredDocument",
    "SavedList",
    "SavedSearch",
    "Schedule",
    "SearchEntry",
    "SearchWord",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "ServiceTerm",
    "Source",
    "SourceRecord",
    "Taxonomy",
    "TaxonomyTerm",
    "Tombstone",
    "Url",
    "WayStep",
]
