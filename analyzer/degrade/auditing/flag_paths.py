"""Where flags are written: under the paths that files have in their corpus."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path

from degrade.auditing.flag_files import PARQUET
from degrade.errors import UsageError
from degrade.readers import Corpus
from degrade.readers.files import is_compressed, is_url


def targets(folder: str, corpus: Corpus, spec: object) -> dict[str, str]:
    """Return where the flags of each file go, by what it is called, in the order of reading.

    Below ``folder``, as it lies below the folder ``spec``, or else below the folder that all files
    share. JSON Lines and Parquet keep their names, and so their compression; flags of others are
    called as they are, with ``.jsonl``. Raises UsageError where a file would be put into the
    corpus.
    """
    if is_url(folder):
        raise UsageError(f"{folder}: flags are written to a folder here, not to a URL")
    if Path(folder).exists() and not Path(folder).is_dir():
        raise UsageError(f"{folder} is a file; flags are written to a folder")
    paths = list(dict.fromkeys(shard.path for shard in corpus.shards()))
    if isinstance(spec, str | Path) and not is_url(str(spec)) and Path(spec).is_dir():
        inside = Path(os.path.realpath(folder))
        if inside.is_relative_to(os.path.realpath(spec)):
            raise UsageError(
                f"{folder} lies in {spec}, where flags would be read as documents the next time; "
                "name a folder beside it"
            )
    found: dict[str, str] = {}
    for path, name in zip(paths, _names(paths, corpus, spec), strict=True):
        found[corpus.shown(path)] = str(Path(folder) / (name + _ending(corpus, path)))
    _check(found, paths)
    return found


def _names(paths: list[str], corpus: Corpus, spec: object) -> list[str]:
    """Return the paths of files within the corpus."""
    if not corpus.lasting:
        # Standard input or objects, in a temporary file.
        return [re.sub(r"[^\w.-]+", "-", corpus.shown(path)) for path in paths]
    root = ""
    if isinstance(spec, str | Path) and is_url(str(spec)):
        root = str(spec).rstrip("/") + "/"
    elif isinstance(spec, str | Path) and Path(spec).is_dir():
        root = str(Path(spec).absolute()) + os.sep
    if not root or not all(path.startswith(root) for path in paths):
        above = [path.replace(os.sep, "/").rpartition("/")[0] for path in paths]
        shared = posixpath.commonpath(above) if above[0].startswith("/") else _shared(above)
        root = shared.rstrip("/") + "/"
    return [path.replace(os.sep, "/")[len(root) :] for path in paths]


def _shared(folders: list[str]) -> str:
    parts = zip(*(folder.split("/") for folder in folders), strict=False)
    same = [step[0] for step in parts if len(set(step)) == 1]
    return "/".join(folders[0].split("/")[: len(same)])


def _ending(corpus: Corpus, path: str) -> str:
    """Return what is put after the name of a file to say what its flags are."""
    kind = corpus.format_of(path) if corpus.lasting else ""
    if kind == "parquet" and path.endswith(PARQUET) and not is_compressed(path):
        return ""
    return "" if kind == "jsonl" else ".jsonl"


def _check(found: dict[str, str], paths: list[str]) -> None:
    inputs = {os.path.realpath(path) for path in paths if not is_url(path)}
    taken: set[str] = set()
    for shown, target in found.items():
        real = os.path.realpath(target)
        if real in inputs:
            raise UsageError(f"{target}: the flags would take the place of a file of the corpus")
        if real in taken:
            raise UsageError(f"{target}: flags of {shown} and of another file would be there")
        taken.add(real)
