"""Settings that a project keeps: ``degrade.toml``, or ``[tool.degrade]`` of ``pyproject.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from degrade.errors import InputError, UsageError
from degrade.toml_values import (
    Kind,
    Place,
    bytes_said,
    each,
    flag,
    limits,
    members,
    number,
    one_of,
    path,
    paths,
    size,
    text,
    texts,
    whole,
)

OWN_FILE = "degrade.toml"
SHARED_FILE = "pyproject.toml"
LEVELS = ("minor", "moderate", "severe")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
ON_INCONCLUSIVE = ("pass", "fail", "report")


@dataclass(frozen=True, slots=True)
class Check:
    """What a gate is to do.

    Attributes
    ----------
    baseline : what files are compared with: a name, where there is a baseline store, or a path
    paths : the files and folders, where none are named
    each : judge every file on its own, and not all as one corpus
    fail_on : the mildest level that fails
    on_inconclusive : what comes of text that is too little to tell: ``pass``, ``fail``, or
        ``report``, which has an exit status of its own
    """

    baseline: str | None = None
    paths: tuple[str, ...] = ()
    each: bool = False
    fail_on: str = "moderate"
    on_inconclusive: str = "report"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a project, and the file that they are in.

    ``options`` are those of commands, by their long names with underscores; paths among them are
    relative to the folder of the file, and absolute here.
    """

    file: Path | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    check: Check = field(default_factory=Check)

    def place_of(self, table: str) -> str:
        """Return where ``table`` stands in the file in use, or may stand where there is none."""
        if self.file is None or self.file.name == SHARED_FILE:
            return f"[tool.degrade.{table}] of {SHARED_FILE}"
        return f"[{table}] of {self.file.name}"

    @property
    def store(self) -> str | None:
        """The baseline store."""
        found: str | None = self.options.get("store")
        return found

    def comparing(self) -> dict[str, Any]:
        """Return the options that ``degrade.compare`` takes, as it takes them."""
        given = {name: value for name, value in self.options.items() if name != "store"}
        if "memory" in given:
            given["memory"] = bytes_said(given["memory"])
        return given


_OPTIONS: Mapping[str, Kind] = {
    "text_field": text,
    "text_fields": each(text),
    "id_field": text,
    "cluster_field": text,
    "split": one_of(("line", "paragraph")),
    "format": text,
    "limit": whole,
    "on_error": one_of(("fail", "skip")),
    "metrics": texts,
    "spacy": text,
    "plugins": paths,
    "layer": text,
    "engine": text,
    "ray_address": text,
    "workers": whole,
    "state": path,
    "store": path,
    "capacity": whole,
    "memory": size,
    "reference_role": one_of(("auto", "heldout", "training")),
    "alpha": number,
    "test": one_of(("jackknife", "permutation")),
    "relabelings": whole,
    "self_check": whole,
    "seed": whole,
    "thresholds": each(limits),
}
_CHECK: Mapping[str, Kind] = {
    "baseline": text,
    "paths": paths,
    "each": flag,
    "fail_on": one_of(LEVELS),
    "on_inconclusive": one_of(ON_INCONCLUSIVE),
}


def _check(place: Place, value: object) -> Check:
    return Check(**members(place, value, _CHECK))


def load(file: str | Path) -> Configuration:
    """Return the settings in ``file``. Raises InputError or UsageError, naming file and key."""
    file = Path(file)
    given: Any = _parsed(file)
    place = Place(file, "")
    if file.name == SHARED_FILE:
        place = Place(file, "tool.degrade")
        given = _tools(given).get("degrade")
        if given is None:
            raise UsageError(f"{file}: it has no table [tool.degrade]")
    found = members(place, given, {**_OPTIONS, "check": _check})
    check = found.pop("check", Check())
    if check.baseline is not None and not ("store" in found and is_name(check.baseline)):
        check = replace(check, baseline=path(place, check.baseline))
    return Configuration(file, found, check)


def is_name(baseline: str) -> bool:
    """Tell whether ``baseline`` can be a name in a baseline store, and not only a path."""
    return _NAME.fullmatch(baseline) is not None


def find(folder: Path) -> Configuration:
    """Return the settings nearest to ``folder``: in it, or above it in the same repository.

    A ``degrade.toml`` comes before the ``pyproject.toml`` beside it. Without either, none are set.
    """
    here = folder.resolve()
    for place in (here, *here.parents):
        if (place / OWN_FILE).is_file():
            return load(place / OWN_FILE)
        shared = place / SHARED_FILE
        if shared.is_file() and "degrade" in _tools(_parsed(shared)):
            return load(shared)
        if (place / ".git").exists():
            break
    return Configuration()


def _tools(given: Mapping[str, Any]) -> Mapping[str, Any]:
    tools = given.get("tool")
    return tools if isinstance(tools, dict) else {}


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{file}: no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: not TOML: {error}") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error
