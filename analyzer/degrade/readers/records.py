"""From a record, whatever the format, to a document or the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from degrade.readers.problems import EMPTY_DOCUMENT, Refusal, undecodable
from degrade.readers.reader import Fields
from degrade.text.document import Document

Record = Mapping[str, object]
SHOWN = 40
_INDEX = re.compile(r"-?\d+", re.ASCII)


class _Missing:
    """No such field; None is a value."""


MISSING: Final = _Missing()


def maker(
    fields: Fields, names: Iterable[str] | None = None
) -> Callable[[Record], Document | Refusal]:
    """Return the function that makes a document of a record.

    ``names`` are all its fields, where records come with only those that are needed. A field
    ``id`` is used unasked where it holds a string or a whole number. A null or empty cluster or
    source is none; one that was asked for and is absent is refused. The
    empty name is of none.
    """
    text_field = fields.text
    labelled = any(field is not None for field in (fields.id, fields.cluster, fields.source))

    def make(record: Record) -> Document | Refusal:
        # The path of nearly every record, kept short: speed here is speed of reading.
        text = record.get(text_field, MISSING)
        if type(text) is not str:
            found = _text(find(record, text_field), text_field)
            if found is None:
                found = _absent(names or record, text_field, "--text-field")
            if isinstance(found, Refusal):
                return _named(found, record, fields)
            text = found
        if not text or text.isspace():
            return _named(EMPTY_DOCUMENT, record, fields)
        if labelled:
            return _labelled(record, fields, names or record, text)
        key = record.get("id")
        return Document(text, key if type(key) is str else _unasked(key))

    return make


def _named(refusal: Refusal, record: Record, fields: Fields) -> Refusal:
    """Return ``refusal`` with the id of the record, if it has one."""
    name = fields.id or "id"
    key = _label(find(record, name), name)
    return replace(refusal, id=key) if isinstance(key, str) else refusal


def find(record: Record, name: str) -> object:
    """Return the value of field ``name``, which may lead inside by dots; MISSING if none does."""
    if name in record:
        return record[name]
    value: object = record
    for step in name.split("."):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and _INDEX.fullmatch(step) and _within(value, int(step)):
            value = value[int(step)]
        else:
            return MISSING
    return value


def _within(values: list[object], index: int) -> bool:
    return -len(values) <= index < len(values)


def _labelled(
    record: Record, fields: Fields, names: Iterable[str], text: str
) -> Document | Refusal:
    """Return the document with its id, cluster and source."""
    labels: list[str] = []
    for name, option in (
        (fields.id, "--id-field"),
        (fields.cluster, "--cluster-field"),
        (fields.source, "--source-field"),
    ):
        label = _label(find(record, name), name) if name else ""
        if label is None:
            label = _absent(names, str(name), option)
        if isinstance(label, Refusal):
            return _named(label, record, fields)
        labels.append(label)
    key, cluster, source = labels
    if fields.id is None:
        key = _unasked(record.get("id"))
    if source:
        return Document(text, key, cluster, {"source": source})
    return Document(text, key, cluster)


def _text(value: object, name: str) -> str | Refusal | None:
    """Return a text, or why it is none; None if it is missing."""
    if value is MISSING:
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        # Some writers of Parquet hold text as bytes.
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return undecodable(value, within=f'field "{name}"')
    return Refusal(
        "not-a-string", f'field "{name}" is {described(value)}, where a string was expected'
    )


def _label(value: object, name: str) -> str | Refusal | None:
    """Return an id, a cluster or a source: a string, or a whole number as one; null is empty.

    A date or a time of Parquet is one as ISO 8601 has it.
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value, name)


def _unasked(value: object) -> str:
    """Return what a field called ``id`` holds as an id; nothing where it can be none."""
    label = _label(value, "id")
    return label if isinstance(label, str) else ""


def _absent(names: Iterable[str], name: str, option: str) -> Refusal:
    fields = sorted(map(str, names))
    shown = ", ".join(fields[:12]) + (", ..." if len(fields) > 12 else "")
    return Refusal(
        "missing-field", f'no field "{name}" (fields: {shown or "none"}); name it with {option}'
    )


def described(value: object) -> str:
    """Say what a value is that is no string, and show it."""
    if value is None:
        return "null"
    kinds = {bool: "a truth value", int: "a number", float: "a number", list: "a list"}
    kind = kinds.get(type(value), f"a value of type {type(value).__name__}")
    if isinstance(value, Mapping):
        kind = "an object"
    shown = repr(value)
    return f"{kind} ({shown[:SHOWN]}{'...' if len(shown) > SHOWN else ''})"
