"""The corpora of a saved run, read again where they still are what they were."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from degrade import registry
from degrade.corpora import PROFILE_SUFFIX, Opened, load_profile, open_all
from degrade.errors import InputError
from degrade.findings import Setting
from degrade.options import Options
from degrade.profiles import Profile
from degrade.readers import Fields, open_files
from degrade.readers.files import input_file, is_url, readable
from degrade.record import CorpusSummary, InputFile, Record
from degrade.seeking import Texts
from degrade.text.document import Document

_NAMED = 3


def settings_of_run(record: Record, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options by which a run read and counted, those ``given`` in their stead."""
    settings = record.settings
    found: dict[str, Any] = {
        name: settings[name]
        for name in ("text_field", "id_field", "cluster_field", "split", "format", "limit", "spacy",
                     "on_error")
        if settings.get(name) is not None
    }  # fmt: skip
    # With leeway the capacity is the usual one, which is held to only where documents are many.
    if settings.get("leeway") is None:
        capacity = settings.get("capacity")
        found["capacity"] = capacity if isinstance(capacity, int) else 0
    tokenizer = settings.get("tokenizer")
    if isinstance(tokenizer, str) and tokenizer:
        found["layer"] = tokenizer.split(" ", 1)[0]
    return found | {name: value for name, value in given.items() if value is not None}


def opened_again(
    corpus: CorpusSummary,
    folder: Path,
    given: str | None,
    options: Options,
    settings: Mapping[str, Setting],
    stack: ExitStack,
) -> tuple[Opened | None, str]:
    """Return ``corpus`` to be read again, if it can be, and what is to be said of that.

    ``given`` is where it is now, taken as it is. Else its files must be where the run file names
    them, seen from here or from the run file's ``folder``, with the SHA-256 that they had.
    """
    if given is not None:
        (opened,) = open_all((given,), options, stack)
        return replace(opened, name=corpus.name), f"{corpus.name}: read from {given}, as given."
    if not corpus.files:
        return None, f"{corpus.name}: the run file names no file of it."
    paths = {file.path: _there(file, folder) for file in corpus.files}
    missing = [name for name, path in paths.items() if path is None]
    if missing:
        return None, f"{corpus.name}: not there any more: {_few(missing)}."
    there = {name: path for name, path in paths.items() if path is not None}
    changed = [file.path for file in corpus.files if _changed(file, there[file.path])]
    if changed:
        return None, (
            f"{corpus.name}: changed since the run (another SHA-256): {_few(changed)}; "
            f"--corpus {corpus.name}=PATH takes it as it is."
        )
    (first, *others) = there.values()
    if not others and first.endswith(PROFILE_SUFFIX):
        profile = load_profile(first)
        words = f"{len(profile.sample):,} of its {profile.documents:,} documents"
        said = f"{corpus.name}: from a profile, which keeps {words} as text."
        return Opened(corpus.name, None, profile, first), said
    field = settings.get(f"text_field.{corpus.name}")
    text = field if isinstance(field, str) else options.text_field
    read = open_files(
        corpus.name,
        there,
        Fields(text, options.id_field, options.cluster_field),
        split=cast(Any, options.split),
        format=options.format,
        limit=options.limit,
        on_error=cast(Any, options.on_error),
        readers=registry.all_of(registry.READERS),
    )
    stack.enter_context(read)
    return Opened(corpus.name, read, None), f"{corpus.name}: read again, unchanged since the run."


def texts_of(opened: Opened, counted: Profile | None) -> Texts:
    """Return where the documents of a corpus are: all of them, or those its profile keeps."""
    if opened.corpus is not None:
        return opened.corpus.all_rows
    kept = () if counted is None else counted.sample
    return lambda: (Document(each.text, id=each.id) for each in kept)


def _there(file: InputFile, folder: Path) -> str | None:
    """Return where ``file`` is, from here or from the run file's folder; None if nowhere."""
    if is_url(file.path):
        return file.path
    for path in (Path(file.path), folder / file.path):
        if path.is_file():
            return str(path)
    return None


def _changed(file: InputFile, path: str) -> bool:
    try:
        with readable(file.path):
            now = input_file(path, file.path)
    except InputError:
        return True
    return (now.bytes, now.sha256) != (file.bytes, file.sha256)


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
