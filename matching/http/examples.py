"""An example for every body of the API's description that has none written by hand.

A hook of drf-spectacular: it reads the finished description, so whatever a serializer says is what its
example shows. Components are shown once and referred to.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from matching.http.example_words import BY_FORMAT, BY_NAME

Schema = Mapping[str, Any]
COMPONENT = "#/components/schemas/"
KINDS = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def add_examples(result: dict[str, Any], **_facts: Any) -> dict[str, Any]:
    """The description with an example at every request's and successful answer's body."""
    components = result["components"]
    shown: dict[str, Any] = {}
    for path in result["paths"].values():
        for operation in path.values():
            for media in _bodies(operation):
                if "examples" not in media:
                    media["examples"] = {"Example": _shown(media["schema"], components["schemas"], shown)}
    components["examples"] = dict(sorted(shown.items()))
    return result


def _bodies(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Media types of the request and of the answers with 2xx."""
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [
        answer.get("content", {}) for code, answer in operation["responses"].items() if code.startswith("2")
    ]
    return [media for content in contents for media in content.values()]


def _shown(schema: Schema, components: Schema, shown: dict[str, Any]) -> dict[str, Any]:
    """The example itself, or where it stands."""
    reference = schema.get("$ref")
    if reference is None:
        return {"value": example_of(schema, components)}
    name = reference.removeprefix(COMPONENT)
    if name not in shown:
        shown[name] = {"value": example_of(schema, components)}
    return {"$ref": f"#/components/examples/{name}"}


def example_of(
    schema: Schema, components: Schema, name: str = "", inside: frozenset[str] = frozenset()
) -> Any:
    """A value that is valid against the schema; ``name`` is the property that it stands in.

    ``inside`` are the components around it: a list of what it stands in itself is empty.
    """
    if "$ref" in schema:
        component = schema["$ref"].removeprefix(COMPONENT)
        return example_of(components[component], components, name, inside | {component})
    for several in ("allOf", "oneOf"):
        if several in schema:
            return example_of(schema[several][0], components, name, inside)
    kinds = schema.get("type", "object")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    for word in _words(schema, name):
        if _fits(schema, kinds, word):
            return word
    if kinds[0] == "object":
        return _object(schema, components, inside)
    if kinds[0] == "array":
        return _list(schema, components, name, inside)
    return _plain(schema, kinds[0])


def _words(schema: Schema, name: str) -> list[Any]:
    """What may stand there, the best first."""
    own = schema.get("enum") or schema.get("examples")
    if own:
        return list(own)
    form = schema.get("format", "")
    if form == "uuid":
        return [str(uuid.uuid5(uuid.NAMESPACE_URL, name))]
    named = () if form == "date-time" else BY_NAME.get(name, ())
    return [*named, schema.get("default"), *BY_FORMAT.get(form, ())]


def _fits(schema: Schema, kinds: list[str], word: Any) -> bool:
    right = any(isinstance(word, KINDS[kind]) for kind in kinds)  # type: ignore[arg-type]
    if not right or (isinstance(word, bool) and "boolean" not in kinds):
        return False
    if isinstance(word, str):
        return _text_fits(schema, word)
    if isinstance(word, int | float) and not isinstance(word, bool):
        return bool(schema.get("minimum", word) <= word <= schema.get("maximum", word))
    # Lists and objects are made of what stands in them.
    return word is None or not schema.keys() & {"items", "properties"}


def _text_fits(schema: Schema, word: str) -> bool:
    if len(word) > schema.get("maxLength", len(word)) or len(word) < schema.get("minLength", 0):
        return False
    return "pattern" not in schema or re.search(schema["pattern"], word) is not None


def _object(schema: Schema, components: Schema, inside: frozenset[str]) -> dict[str, Any]:
    inner = schema.get("properties", {})
    value = {name: example_of(part, components, name, inside) for name, part in inner.items()}
    rest = schema.get("additionalProperties")
    if isinstance(rest, Mapping) and rest and not inner:
        value["steel"] = example_of(rest, components, "", inside)
    return value


def _list(schema: Schema, components: Schema, name: str, inside: frozenset[str]) -> list[Any]:
    items = schema["items"]
    if items.get("$ref", "").removeprefix(COMPONENT) in inside:
        return []
    return [example_of(items, components, name, inside)] * max(1, schema.get("minItems", 1))


def _plain(schema: Schema, kind: str) -> Any:
    """The least that the type allows."""
    if kind == "boolean":
        return True
    if kind == "string":
        return "文" * max(1, int(schema.get("minLength", 1)))
    return max(1, schema.get("minimum", 1)) if schema.get("maximum", 1) >= 1 else schema["maximum"]
