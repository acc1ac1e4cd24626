"""What every engine must do."""

from __future__ import annotations

import gzip
import json
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from degrade.engines.engine import Engine
from degrade.engines.source import Advance
from degrade.errors import DegradeWarning, InputError
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.readers import Corpus, open_corpus
from degrade.summaries import Census, Need
from degrade.testing.corpora import ordinary_documents
from degrade.testing.demands import require
from degrade.text.document import Batch
from degrade.text.layers import built_in

DOCUMENTS = 60
_FINE = 5_000, 2
_CUTS = _FINE, (20_000, 3), (1 << 20, 1)
"""Bytes of a part, and workers."""
Make = Callable[[int], Engine]


def check_engine(make: Make, folder: str | Path) -> None:
    """Check that the engine that ``make`` returns, given workers, counts as one process would.

    It writes corpora into ``folder``, which is empty and which all workers can read.
    """
    place = Path(folder)
    whole, damaged, blank = _written(place)
    for part_bytes, workers in _CUTS:
        _check_bytes(make, whole, part_bytes, workers)
    _check_bytes(make, damaged, *_FINE, on_error="skip")
    _check_bytes(make, whole, *_FINE, limit=DOCUMENTS // 3)
    _check_errors(make, damaged, "the first record that cannot be read")
    _check_errors(make, blank, "a corpus without documents", on_error="skip")
    _check_interrupt(make, whole, place / "interrupted")
    _check_state(make, whole, place / "state")


def plan() -> Plan:
    """Return the plan that engines are checked with: too many n-grams to keep them all."""
    needs = [Need(Census, layer="word", n=n) for n in (1, 2)]
    return Plan.of(needs, "word", {"word": built_in("word")}, sampled_documents=20, capacity=500)


def _written(folder: Path) -> tuple[Path, Path, Path]:
    documents = ordinary_documents(DOCUMENTS)
    lines = [json.dumps({"id": each.id, "text": each.text}).encode() for each in documents]
    whole, damaged, blank = (folder / name for name in ("whole", "damaged", "blank"))
    for each in (whole, damaged, blank):
        each.mkdir(parents=True)
    (whole / "a.jsonl").write_bytes(b"\n".join(lines[:40]) + b"\n")
    (whole / "b.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines[40:50])))
    for number, document in enumerate(documents[50:]):
        (whole / f"c{number:02}.txt").write_text(document.text, encoding="utf-8")
    bad = [*lines[:20], b"oops", *lines[20:30], b'{"text": 1}', *lines[30:40], b"oops"]
    (damaged / "a.jsonl").write_bytes(b"\n".join(bad) + b"\n")
    (damaged / "b.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines[40:]))[:-30])
    (blank / "a.jsonl").write_bytes(b'{"text": " "}\n' * 200)
    return whole, damaged, blank


class _Told:
    """Sums up what an engine tells of its progress."""

    def __init__(self) -> None:
        self.documents = self.characters = 0

    def __call__(self, documents: int, characters: int) -> None:
        self.documents += documents
        self.characters += characters


@contextmanager
def _opened(path: Path, part_bytes: int, options: dict[str, Any]) -> Iterator[Corpus]:
    with open_corpus(path, **options) as corpus:
        corpus.part_bytes = part_bytes
        yield corpus


def _counted_here(path: Path, options: dict[str, Any]) -> tuple[Profile, Corpus]:
    """Return the profile of a corpus, read and counted here and in one go."""
    whole = Profile(plan())
    with open_corpus(path, **options) as corpus:
        whole.update(Batch(corpus.all_rows()))
    return whole, corpus


def _check_bytes(make: Make, path: Path, part_bytes: int, workers: int, **options: Any) -> None:
    """Check bytes, what was skipped and what is told; twice, while workers may stay."""
    expected, read = _counted_here(path, options)
    said = f"{path.name} in parts of {part_bytes} bytes, {workers} workers {options or ''}"
    engine = make(workers)
    with (
        _opened(path, part_bytes, options) as one,
        _opened(path, part_bytes, options) as two,
        engine.expecting([one, two]),
    ):
        _check_one(engine, one, expected, read, said)
        _check_one(engine, two, expected, read, f"{said}, the second time")


def _check_one(engine: Engine, corpus: Corpus, expected: Profile, read: Corpus, said: str) -> None:
    told = _Told()
    profile = engine.profile_corpus(plan(), corpus, told)
    name = engine.name
    require(
        profile.documents == expected.documents,
        f"{name}: {profile.documents} documents of {expected.documents}: {said}",
    )
    require(
        profile.to_bytes() == expected.to_bytes(),
        f"{name}: other bytes than read in one process: {said}",
    )
    require(
        corpus.counted == read.counted,
        f"{name}: it enters {corpus.counted} of reading, not {read.counted}: {said}",
    )
    require(
        (told.documents, told.characters) == (expected.documents, expected.characters),
        f"{name}: it tells of {told.documents} documents and {told.characters} characters, "
        f"not {expected.documents} and {expected.characters}: {said}",
    )


def _check_errors(make: Make, path: Path, what: str, **options: Any) -> None:
    expected = _raised(lambda: _counted_here(path, options))
    part_bytes, workers = _FINE
    engine = make(workers)
    with _opened(path, part_bytes, options) as corpus:
        found = _raised(lambda: _profile(engine, corpus))
    require(found == expected, f"{engine.name}: it says {found!r}, not {expected!r}: {what}")


def _raised(action: Callable[[], object]) -> str:
    try:
        action()
    except InputError as error:
        return str(error)
    return "nothing"


def _profile(
    engine: Engine, corpus: Corpus, advance: Advance | None = None, state: Path | None = None
) -> bytes:
    with engine.expecting([corpus]):
        return engine.profile_corpus(plan(), corpus, advance, state).to_bytes()


def _check_interrupt(make: Make, path: Path, state: Path) -> None:
    """Check that an interrupt is passed on, and that what is kept by then is whole."""
    expected = _counted_here(path, {})[0].to_bytes()

    def interrupt(documents: int, characters: int) -> None:
        del documents, characters
        raise KeyboardInterrupt

    part_bytes, workers = _FINE
    engine = make(workers)
    passed = False
    with _opened(path, part_bytes, {}) as corpus:
        try:
            _profile(engine, corpus, interrupt, state)
        except KeyboardInterrupt:
            passed = True
    require(passed, f"{engine.name}: an interrupt does not end it")
    # Nothing of it is expected this time, and so nothing stays.
    with _opened(path, part_bytes, {}) as corpus:
        again = engine.profile_corpus(plan(), corpus, None, state).to_bytes()
    require(
        again == expected,
        f"{engine.name}: other bytes after an interrupted run, from what that has kept",
    )
    strange = [each.name for each in state.iterdir() if ".part." not in each.name]
    require(not strange, f"{engine.name}: an interrupt leaves {', '.join(strange)} behind")


def _check_state(make: Make, path: Path, state: Path) -> None:
    """Check that what is kept is not counted again: not even if the text is another by now."""
    part_bytes, workers = _FINE
    engine = make(workers)
    changed = path / "a.jsonl"
    content, times = changed.read_bytes(), changed.stat()
    with _opened(path, part_bytes, {}) as one, engine.expecting([one]):
        before = engine.profile_corpus(plan(), one, None, state).to_bytes()
        _swap(changed, content, (times.st_atime_ns, times.st_mtime_ns))
        with _opened(path, part_bytes, {}) as two:
            again = engine.profile_corpus(plan(), two, None, state).to_bytes()
        require(again == before, f"{engine.name}: it counts again what is kept")
        _swap(changed, content, (times.st_atime_ns, times.st_mtime_ns + 10**9))
        expected = _counted_here(path, {})[0].to_bytes()
        with _opened(path, part_bytes, {}) as three, warnings.catch_warnings():
            warnings.simplefilter("ignore", DegradeWarning)
            again = engine.profile_corpus(plan(), three, None, state).to_bytes()
    require(again == expected, f"{engine.name}: it takes what is kept of a file that changed")


def _swap(path: Path, content: bytes, times: tuple[int, int]) -> None:
    """Write another text of the same length to ``path``, and set its times."""
    path.write_bytes(content.replace(b" t", b" x"))
    os.utime(path, ns=times)
