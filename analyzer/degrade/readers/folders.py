"""Which files of a folder hold its data."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from pathlib import PurePosixPath

from degrade.errors import InputError

Content = Callable[[str], bytes]

_ABOUT = re.compile(r"(README|LICEN[CS]E)(\.(md|txt|rst))?", re.IGNORECASE)
_INFO, _STATE, _SPLITS = "dataset_info.json", "state.json", "dataset_dict.json"


def data_files(names: Iterable[str], content: Content, shown: str) -> list[str]:
    """Return those of the files below a folder that hold data, sorted.

    Passed over are names that begin with a dot or an underscore (so do folders of that kind), and
    README and LICENSE beside other files. A folder that Hugging Face's ``save_to_disk`` wrote is
    the Arrow files that it lists. ``content`` gives the bytes of one of ``names``, and ``shown`` is
    the folder as it was typed.
    """
    folders: dict[str, set[str]] = defaultdict(set)
    for path in names:
        if not path.startswith((".", "_")) and "/." not in path and "/_" not in path:
            folder, slash, name = path.rpartition("/")
            folders[folder + slash].add(name)
    chosen: list[str] = []
    data: list[str] = []
    for folder, inside in folders.items():
        listed = _of_one(folder, inside, content, shown)
        chosen += [folder + name for name in listed]
        data += [folder + name for name in listed if not _is_about(name)]
    # Names alone are in the same order, and sooner.
    order = _parts if any("/" in path for path in chosen) else None
    return sorted(data or chosen, key=order)


def _parts(path: str) -> list[str]:
    return path.split("/")


def _is_about(name: str) -> bool:
    return name.startswith(("R", "r", "L", "l")) and _ABOUT.fullmatch(name) is not None


def _of_one(folder: str, inside: set[str], content: Content, shown: str) -> Collection[str]:
    if _SPLITS in inside:
        splits = _parsed(folder + _SPLITS, content, shown).get("splits")
        if isinstance(splits, list) and len(splits) > 1:
            where = str(PurePosixPath(shown) / folder)
            raise InputError(
                f"{where}: a dataset of {len(splits)} splits ({', '.join(map(str, splits))}); "
                f"name one of them, as in {where}/{splits[0]}"
            )
        return inside - {_SPLITS}
    if {_INFO, _STATE} <= inside:
        listed = _parsed(folder + _STATE, content, shown).get("_data_files")
        if isinstance(listed, list):
            return [str(PurePosixPath(file["filename"])) for file in listed if "filename" in file]
    if _INFO in inside and any(name.endswith(".arrow") for name in inside):
        return {name for name in inside if name.endswith(".arrow")}
    return inside


def _parsed(path: str, content: Content, shown: str) -> dict[str, object]:
    try:
        value = json.loads(content(path))
    except ValueError as error:
        raise InputError(f"{PurePosixPath(shown) / path}: not JSON: {error}") from None
    return value if isinstance(value, dict) else {}
