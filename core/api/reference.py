"""The description as a page for people: operations and shapes, put into rows a template can show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

METHODS = ("get", "post", "put", "patch", "delete")
_PROBLEM = "#/components/schemas/Problem"


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter, a header, or a field of a shape."""

    name: str
    kind: SafeString
    text: SafeString
    place: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation may answer."""

    code: str
    text: str
    kind: SafeString
    headers: list[Row]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    text: SafeString
    needs_key: bool
    parameters: list[Row]
    body: SafeString
    answers: list[Answer]
    refusals: list[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that is sent or received."""

    name: str
    text: SafeString
    fields: list[Row]


def operations(description: Mapping[str, Any]) -> list[tuple[str, list[Operation]]]:
    """All operations by their tag, in the order of their addresses."""
    found = [
        (operation["tags"][0], _operation(method, path, operation))
        for path, methods in sorted(description["paths"].items())
        for method, operation in sorted(methods.items(), key=lambda item: METHODS.index(item[0]))
    ]
    return [(tag, [each for _tag, each in group]) for tag, group in groupby(found, key=lambda item: item[0])]


def shapes(description: Mapping[str, Any]) -> list[Shape]:
    """All objects by name."""
    return [
        Shape(name, _prose(schema.get("description", "")), list(_fields(schema)))
        for name, schema in sorted(description["components"]["schemas"].items())
    ]


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    answers = {code: answer for code, answer in operation["responses"].items() if code < "400"}
    body = operation.get("requestBody", {})
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        text=_prose(operation["description"]),
        needs_key={} not in operation["security"],
        parameters=[
            _row(each["name"], each["schema"], each, place=each["in"], is_required=each.get("required", False))
            for each in sorted(operation["parameters"], key=lambda each: ("path", "query", "header").index(each["in"]))
        ],
        body=_content(body),
        answers=[
            Answer(
                code,
                answer["description"],
                _content(answer),
                [_row(name, header["schema"], header) for name, header in answer.get("headers", {}).items()],
            )
            for code, answer in answers.items()
        ],
        refusals=sorted(operation["responses"].keys() - answers.keys()),
    )


def _content(part: Mapping[str, Any]) -> SafeString:
    schemas = [each["schema"] for each in part.get("content", {}).values()]
    return _kind(schemas[0]) if schemas else SafeString("")


def _fields(schema: Mapping[str, Any]) -> Iterator[Row]:
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        yield _row(name, field, field, is_required=name in required)


def _row(
    name: str, schema: Mapping[str, Any], said: Mapping[str, Any], *, place: str = "", is_required: bool = False
) -> Row:
    return Row(name, _kind(schema), _prose(said.get("description", "")), place, is_required)


def _kind(schema: Mapping[str, Any]) -> SafeString:
    """The kind of a value in a word or two; shapes are links."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return format_html('<a href="#shape-{}">{}</a>', name, name)
    for word in ("oneOf", "anyOf", "allOf"):
        if word in schema:
            return format_html_join(" / ", "{}", ((_kind(each),) for each in schema[word]))
    if "enum" in schema:
        return format_html_join(" / ", "<code>{}</code>", ((value or '""',) for value in schema["enum"]))
    kind = schema.get("type", "any")
    if kind == "array":
        return format_html("list of {}", _kind(schema["items"]))
    if kind == "object" and "properties" in schema:
        inner = format_html_join(", ", "<code>{}</code> {}", ((n, _kind(s)) for n, s in schema["properties"].items()))
        return format_html("{{{}}}", inner)
    words = [" / ".join(kind) if isinstance(kind, list) else kind, schema.get("format", "")]
    limits = [f"{sign} {schema[key]}" for key, sign in _LIMITS.items() if key in schema]
    return format_html("{}", ", ".join([" ".join(filter(None, words)), *limits]))


_LIMITS = {"minimum": "≥", "maximum": "≤", "maxLength": "length ≤", "minItems": "items ≥", "maxItems": "items ≤"}


def _prose(text: str) -> SafeString:
    """Paragraphs with `code`. The list of choices is left out: the kind names them."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if not part.startswith("* ")]
    return format_html_join("", "<p>{}</p>", ((_code(" ".join(part.split())),) for part in paragraphs))


def _code(text: str) -> SafeString:
    parts = enumerate(text.split("`"))
    return format_html_join("", "{}", ((format_html("<code>{}</code>", part) if n % 2 else part,) for n, part in parts))
