# SPDX-License-Identifier: Apache-2.0
"""As much of JSON Schema as docs/record.schema.json needs; an unknown keyword is an error, never passed over."""

import json
import os
import re
from datetime import datetime

PATH = os.path.join(os.path.dirname(__file__), "../../../docs/record.schema.json")
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
DESCRIPTIVE = {"$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "examples", "default"}


class Schema:
    """A schema from a file; `problems` says what is wrong with a value, as path and sentence."""

    def __init__(self, path=PATH):
        with open(path, encoding="utf-8") as file:
            self.root = json.load(file)

    def problems(self, value):
        return list(self.check(self.root, value, "record"))

    def check(self, schema, value, path):
        if schema is True:
            return
        if schema is False:
            yield f"{path}: not allowed"
            return
        for keyword, wanted in schema.items():
            if keyword in DESCRIPTIVE or keyword in ("then", "else"):
                continue
            rule = RULES.get(keyword)
            if not rule:
                raise NotImplementedError(f"the schema's keyword {keyword}")
            yield from rule(self, schema, wanted, value, path)

    def resolve(self, reference):
        target = self.root
        for name in reference.removeprefix("#/").split("/"):
            target = target[name]
        return target


def is_type(value, name):
    if name in ("integer", "number"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return not isinstance(value, bool) and (whole if name == "integer" else isinstance(value, (int, float)))
    return isinstance(value, TYPES[name])


def check_type(_, __, wanted, value, path):
    names = wanted if isinstance(wanted, list) else [wanted]
    if not any(is_type(value, name) for name in names):
        yield f"{path}: {value!r} is no {' or '.join(names)}"


def check_properties(self, _, wanted, value, path):
    if isinstance(value, dict):
        for name, schema in wanted.items():
            if name in value:
                yield from self.check(schema, value[name], f"{path}.{name}")


def check_additional(self, schema, wanted, value, path):
    if isinstance(value, dict):
        for name in value.keys() - schema.get("properties", {}).keys():
            for problem in self.check(wanted, value[name], f"{path}.{name}"):
                yield problem


def check_required(_, __, wanted, value, path):
    if isinstance(value, dict):
        for name in wanted:
            if name not in value:
                yield f"{path}: no {name}"


def check_items(self, _, wanted, value, path):
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from self.check(wanted, item, f"{path}[{index}]")


def check_format(_, __, wanted, value, path):
    if wanted == "date-time" and isinstance(value, str):
        try:
            datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            yield f"{path}: {value!r} is no time"


def check_some(self, _, wanted, value, path, enough=lambda count: count >= 1):
    fitting = [schema for schema in wanted if not list(self.check(schema, value, path))]
    if not enough(len(fitting)):
        yield f"{path}: {value!r} fits {len(fitting)} of {len(wanted)}"


def check_one(self, schema, wanted, value, path):
    yield from check_some(self, schema, wanted, value, path, lambda count: count == 1)


def check_all(self, _, wanted, value, path):
    for schema in wanted:
        yield from self.check(schema, value, path)


def check_if(self, schema, wanted, value, path):
    branch = "else" if list(self.check(wanted, value, path)) else "then"
    if branch in schema:
        yield from self.check(schema[branch], value, path)


def check_not(self, _, wanted, value, path):
    if not list(self.check(wanted, value, path)):
        yield f"{path}: fits what it must not"


def simple(is_wrong):
    """A rule that is one comparison; it does not apply to a value of a type it cannot compare."""
    def check(_, schema, wanted, value, path):
        try:
            wrong = is_wrong(value, wanted)
        except TypeError:
            return
        if wrong:
            yield f"{path}: {value!r} breaks {wanted!r}"
    return check


def sized(kind, is_wrong):
    return simple(lambda value, wanted: isinstance(value, kind) and is_wrong(len(value), wanted))


RULES = {
    "type": check_type, "properties": check_properties, "additionalProperties": check_additional,
    "required": check_required, "items": check_items, "format": check_format, "anyOf": check_some,
    "oneOf": check_one, "allOf": check_all, "if": check_if, "not": check_not,
    "$ref": lambda self, _, wanted, value, path: self.check(self.resolve(wanted), value, path),
    "enum": simple(lambda value, wanted: value not in wanted),
    "const": simple(lambda value, wanted: value != wanted),
    "minimum": simple(lambda value, wanted: value < wanted),
    "maximum": simple(lambda value, wanted: value > wanted),
    "exclusiveMinimum": simple(lambda value, wanted: value <= wanted),
    "pattern": simple(lambda value, wanted: re.search(wanted, value) is None),
    "minLength": sized(str, lambda length, wanted: length < wanted),
    "maxLength": sized(str, lambda length, wanted: length > wanted),
    "minItems": sized(list, lambda length, wanted: length < wanted),
    "maxItems": sized(list, lambda length, wanted: length > wanted),
    "uniqueItems": simple(lambda value, wanted: wanted and isinstance(value, list)
                          and any(item in value[:index] for index, item in enumerate(value))),
}
