"""The run file: a whole run as JSON, and back."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

from degrade.atomic import replace_file
from degrade.errors import RunFileError
from degrade.record import Record
from degrade.report.codec import Plain, decode, encode, wrong
from degrade.report.upgrades import SCHEMA_VERSION, upgrade

TOOL = "degrade"
_NUMBERS = re.compile(r"\[\n\s+([-+.,0-9eE\s]+?)\n\s+\]")
"""A list of numbers, one a line; within a string no line ends."""


def dump(record: Record, *, reproducible: bool = False) -> str:
    """Return ``record`` as JSON in ASCII: equal records, equal bytes.

    ``reproducible`` leaves out ``run``, the times and the machine. Two halves of a surrogate pair
    that meet in a text come back as the character they make. Raises ValueError for a number that
    is not finite.
    """
    plain = encode(replace(record, run={}) if reproducible else record)
    run, version = plain.pop("run"), plain.pop("version")
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": version},
        **plain,
        **({"run": run} if run else {}),
    }
    # ASCII, because corpus text may hold half a surrogate pair, which UTF-8 cannot.
    text = json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2)
    return _NUMBERS.sub(_on_one_line, text) + "\n"


def _on_one_line(numbers: re.Match[str]) -> str:
    return f"[{' '.join(numbers[1].split())}]"


def load(text: str | bytes, name: str = "run file") -> Record:
    """Return the record in ``text``, the exact inverse of ``dump``.

    Files of earlier layouts are brought up to the present one.
    Raises RunFileError, beginning with ``name`` and the place, for anything else.
    """
    try:
        document = _parse(text)
        _check_head(document)
        upgrade(document, document["schema_version"])
        rest = {key: value for key, value in document.items() if key not in _HEAD}
        if "version" in rest:
            raise RunFileError('$: unknown key "version"')
        return decode(Record, rest | {"version": document["tool"]["version"]})
    except RunFileError as error:
        raise RunFileError(f"{name}: {error}") from None


def save(record: Record, path: str | os.PathLike[str], *, reproducible: bool = False) -> None:
    """Write ``record`` to ``path`` as JSON, whole or not at all."""
    replace_file(path, dump(record, reproducible=reproducible))


def read(path: str | os.PathLike[str]) -> Record:
    """Return the record in the run file ``path``. Raises RunFileError."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        message = f"{os.fspath(path)}: cannot be read: {error.strerror}"
        raise RunFileError(message) from error
    return load(content, os.fspath(path))


class JsonReport:
    """The run file as a report format."""

    name = "json"
    suffixes = (".json",)

    def render(self, record: Record) -> str:
        """Return the run file of ``record``."""
        return dump(record)


REPORTER = JsonReport()

_HEAD = ("schema_version", "tool")


def _check_head(document: Plain) -> None:
    """Check that this is a run file that this version can read, before anything else of it."""
    if not isinstance(document, dict):
        raise wrong("$", "an object", document)
    if "schema_version" not in document or "tool" not in document:
        raise RunFileError('$: not a run file of degrade: no "schema_version" and "tool" in it')
    version, tool = document["schema_version"], document["tool"]
    if type(version) is not int:
        raise wrong("$.schema_version", "a whole number", version)
    if not isinstance(tool, dict) or tool.get("name") != TOOL:
        raise wrong("$.tool", f'an object whose "name" is "{TOOL}"', tool)
    if not isinstance(tool.get("version"), str):
        raise wrong("$.tool.version", "a string", tool.get("version"))
    if set(tool) - {"name", "version"}:
        raise RunFileError("$.tool: unknown key " + ascii(min(set(tool) - {"name", "version"})))
    if not 1 <= version <= SCHEMA_VERSION:
        remedy = (
            "a later degrade wrote it; install that one" if version > 1 else "no degrade wrote it"
        )
        raise RunFileError(
            f"$.schema_version: {version} cannot be read, only 1 to {SCHEMA_VERSION}: {remedy}"
            f" (written by degrade {ascii(tool['version'])[1:-1]})"
        )


def _parse(text: str | bytes) -> Plain:
    def refuse(constant: str) -> Plain:
        raise RunFileError(f"{constant} is not a number that JSON has")

    def unique(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise RunFileError(f"the key {twice!a} stands twice in one object")
        return found

    try:
        return json.loads(text, parse_constant=refuse, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise RunFileError(f"{where}: not JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise RunFileError(f"not JSON: byte {error.start} is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits, and brackets nested a thousand deep.
        raise RunFileError(f"not a run file: {error}") from error
