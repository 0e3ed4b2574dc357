"""What the description of the API says of HSDS; the official schemas say the rest.

Nothing is serialized with these: `directory.hsds` writes plain values, which costs a fraction. A test holds that
each name here is sent, and each answer fits the official schemas.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from directory.enums import RecordStatus

Anything = serializers.Serializer[Any]
OBJECTS = {"type": "array", "items": {"type": "object", "additionalProperties": True}}


@extend_schema_field(OBJECTS)
class Objects(serializers.Field[Any, Any, Any, Any]):
    """A list of objects as the official schema has them."""


@extend_schema_field({"type": "object", "additionalProperties": True})
class AnObject(serializers.Field[Any, Any, Any, Any]):
    """An object as the official schema has it."""


class HsdsOrganizationSerializer(Anything):
    """HSDS *organization*; the specification that the profile names describes each field."""

    id = serializers.UUIDField()
    name = serializers.CharField(help_text="In the language asked for, else in the other one.")
    description = serializers.CharField(allow_blank=True)
    alternate_name = serializers.CharField(required=False)
    email = serializers.EmailField(required=False)
    website = serializers.CharField(required=False)
    legal_status = serializers.CharField(required=False)
    kind = serializers.CharField(required=False)
    status = serializers.ChoiceField(choices=RecordStatus.choices, required=False)
    organization_identifiers = Objects(required=False)
    phones = Objects(required=False)
    contacts = Objects(required=False)
    locations = Objects(required=False)
    services = Objects(required=False)
    attributes = Objects(required=False, help_text="Terms, and the texts in both languages.")


class HsdsServiceSerializer(Anything):
    """HSDS *service*. Lists have the plain fields and the organisation; `full` and a single one have all."""

    id = serializers.UUIDField()
    last_modified = serializers.DateTimeField()
    name = serializers.CharField(required=False, help_text="In the language asked for, else in the other one.")
    status = serializers.ChoiceField(choices=RecordStatus.choices, required=False)
    organization_id = serializers.UUIDField(required=False)
    description = serializers.CharField(required=False)
    url = serializers.CharField(required=False)
    email = serializers.EmailField(required=False)
    application_process = serializers.CharField(required=False, help_text="How to refer.")
    eligibility_description = serializers.CharField(required=False, help_text="For whom.")
    fees_description = serializers.CharField(required=False)
    minimum_age = serializers.IntegerField(required=False)
    maximum_age = serializers.IntegerField(required=False)
    assured_date = serializers.DateField(required=False, help_text="When it was last checked.")
    alert = serializers.CharField(required=False)
    organization = HsdsOrganizationSerializer(required=False)
    phones = Objects(required=False)
    schedules = Objects(required=False)
    service_areas = Objects(required=False, help_text="The territory served.")
    service_at_locations = Objects(required=False, help_text="Where it is.")
    languages = Objects(required=False)
    cost_options = Objects(required=False)
    required_documents = Objects(required=False)
    contacts = Objects(required=False)
    capacities = Objects(required=False)
    waiting = AnObject(required=False)
    attributes = Objects(required=False, help_text="Terms, and the texts in both languages.")


class HsdsServiceAtLocationSerializer(Anything):
    """HSDS *service_at_location*: one service at one place."""

    id = serializers.UUIDField()
    description = serializers.CharField(required=False)
    service = HsdsServiceSerializer()
    location = AnObject()
    phones = Objects(required=False)
    schedules = Objects(required=False)


class HsdsTaxonomySerializer(Anything):
    """HSDS *taxonomy*: a list of terms."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    uri = serializers.CharField(required=False)
    version = serializers.CharField(required=False)


class HsdsTaxonomyTermSerializer(Anything):
    """HSDS *taxonomy_term*."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    parent_id = serializers.UUIDField(required=False)
    taxonomy = serializers.CharField()
    taxonomy_id = serializers.UUIDField()
    taxonomy_detail = HsdsTaxonomySerializer()
    term_uri = serializers.CharField(required=False)
    synonyms = AnObject(required=False, help_text="Words people use for it, by language.")


class HsdsRootSerializer(Anything):
    """What this API is."""

    version = serializers.CharField(help_text="Of HSDS.")
    profile = serializers.CharField(help_text="The canonical URI of our profile; it answers with the profile.")
    openapi_url = serializers.CharField()
    profile_version = serializers.CharField()
    lists = serializers.ListField(child=serializers.CharField())
