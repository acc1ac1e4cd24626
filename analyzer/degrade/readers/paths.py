"""From what was typed to a sorted list of files: paths, folders, globs and URLs."""

from __future__ import annotations

import difflib
import glob
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from degrade.errors import InputError
from degrade.readers.files import filesystem, is_url, readable
from degrade.readers.folders import data_files
from degrade.readers.garbage import uncollected

_WILD = re.compile(r"[*?\[]")


class Found(NamedTuple):
    """A file: where it is, how to call it to whoever typed it, and its size if that is known.

    A pipe has no size, and can be read only once. There may be very many, so it is a tuple.
    """

    path: str
    shown: str
    bytes: int | None


def find(spec: str) -> list[Found]:
    """Return the files that ``spec`` names, sorted, each once.

    Of a folder, these are its data files at any depth (``folders.data_files``). Raises InputError
    where there are none.
    """
    found = _find_remote(spec) if is_url(spec) else _find_local(spec)
    if not found:
        raise InputError(
            f"{spec}: no file to read in it (names that begin with a dot or an underscore "
            "are passed over)"
        )
    return list({file.path: file for file in found}.values())


def is_pattern(spec: str) -> bool:
    """Tell whether ``spec`` holds a wildcard."""
    return _WILD.search(spec) is not None


def _find_local(spec: str) -> list[Found]:
    with readable(spec):
        if os.path.lexists(spec):
            return _below(spec)
        if not is_pattern(spec):
            raise InputError(_absent(spec))
        matches = glob.glob(spec, recursive=True)  # noqa: PTH207 - spec may be absolute
        if not matches:
            raise InputError(f"{spec}: no file matches it")
        found = [file for match in matches for file in _below(match)]
        return sorted(found, key=lambda file: PurePosixPath(file.shown).parts)


@uncollected()
def _below(spec: str) -> list[Found]:
    path = Path(spec)
    if not path.is_dir():
        return [_local(str(path.absolute()), str(path))]
    names = data_files(_walked(path), lambda name: (path / name).read_bytes(), spec)
    # Of many small files, Paths would take as long as reading.
    shown, whole = (str(folder / "_")[:-1] for folder in (path, path.absolute()))
    inside = [name.replace("/", os.sep) for name in names]
    return [_local(whole + name, shown + name) for name in inside]


def _local(path: str, shown: str) -> Found:
    try:
        facts = os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        with readable(shown):
            raise
    return Found(path, shown, facts.st_size if stat.S_ISREG(facts.st_mode) else None)


def _walked(folder: Path) -> Iterator[str]:
    """Yield the names of the files below ``folder``; a folder linked twice is entered once."""
    entered = set()
    waiting = [(folder, "")]
    while waiting:
        here, above = waiting.pop()
        real = os.path.realpath(here)
        if real in entered:
            continue
        entered.add(real)
        inside = []
        # The system says with a name what it is of, where it is no link; to ask takes far longer.
        with os.scandir(here) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    yield above + entry.name
                elif _is_folder(entry):
                    if not entry.name.startswith((".", "_")):
                        inside.append(entry.name)
                # A broken link is kept, and is then reported as missing.
                elif entry.is_symlink() or entry.is_file():
                    yield above + entry.name
        waiting += ((here / name, f"{above}{name}/") for name in sorted(inside, reverse=True))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads to itself


def _absent(spec: str) -> str:
    """Say that ``spec`` does not exist, and what does near it."""
    parent = Path(spec).parent
    if not parent.is_dir():
        while not parent.exists():
            parent = parent.parent
        return f"{spec}: no such file or folder ({parent} is there, but nothing below it so named)"
    names = sorted(entry.name for entry in parent.iterdir())
    near = difflib.get_close_matches(Path(spec).name, names, n=3, cutoff=0.5)
    starting = [name for name in names if name.startswith(Path(spec).name)]
    shown = [str(parent / name) for name in dict.fromkeys(near + starting[:3])]
    hint = f"; near it: {', '.join(shown)}" if shown else ""
    return f"{spec}: no such file or folder{hint}"


def _find_remote(spec: str) -> list[Found]:
    files, inner = filesystem(spec)
    with readable(spec):
        if is_pattern(inner) and not files.exists(inner):
            matches = list(map(str, files.glob(inner)))
            if not matches:
                raise InputError(f"{spec}: no file matches it")
        else:
            matches = [inner]
        paths = {path for match in matches for path in _below_remote(files, match, spec)}
        found = []
        for path in sorted(paths, key=lambda path: PurePosixPath(path).parts):
            url = str(files.unstrip_protocol(path))
            found.append(Found(url, url, files.info(path).get("size")))
        return found


def _below_remote(files: Any, path: str, spec: str) -> list[str]:
    if not files.isdir(path):
        return [path]
    root = path.rstrip("/") + "/"
    below = [str(file).removeprefix(root) for file in files.find(path)]
    names = data_files(below, lambda name: bytes(files.cat_file(root + name)), spec)
    return [root + name for name in names]
