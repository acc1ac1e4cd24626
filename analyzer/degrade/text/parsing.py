"""Documents through a spaCy pipeline, each once, as arrays."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.text.break_classes import COUNTS
from degrade.text.layers import hash_text
from degrade.text.spans import texts_of
from degrade.text.symbols import bits_of
from degrade.text.tags import tag_symbol
from degrade.text.trees import tree_symbols
from degrade.text.unicode_tables import tables

LONGEST = 100_000
"""Characters that are parsed at once; parsers take much memory for each. Longer documents are cut
at white space."""
_FINE, _COARSE = "token.tag", "token.pos"
_GIVEN_BY = {
    "pos": (_FINE, _COARSE),
    "lemma": ("token.lemma",),
    "tree": ("token.head", "token.dep"),
    "entity": ("doc.ents",),
}

ONE_AT_A_TIME = threading.RLock()
"""Held while a spaCy pipeline works: its store of strings is no place for two threads."""
_kept = threading.local()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A loaded pipeline, what it calls itself, and what it gives.

    Attributes
    ----------
    digest : of all its files, since many pipelines call themselves ``pipeline 0.0.0``
    gives : which layers it has the annotations for
    fine : whether it gives tags finer than the universal parts of speech
    """

    nlp: Any
    name: str
    version: str
    digest: str
    components: tuple[str, ...]
    gives: frozenset[str]
    fine: bool

    @property
    def identity(self) -> str:
        """What changes whenever the pipeline does."""
        return f"{self.name} {self.version} {self.digest}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a pipeline says of a document; what it does not give is empty.

    Attributes
    ----------
    starts, ends : int64 arrays, (tokens,), byte offsets; tokens of white space are left out
    worded : bool array, (tokens,), whether the token holds a letter or a number
    tags, lemmas : uint64 arrays, (tokens,), symbols
    trees : uint64 array, (tokens,); see ``trees``
    entities : uint64 array, symbols of the entities
    entity_starts, entity_ends : int64 arrays, byte offsets of these
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    worded: NDArray[np.bool_]
    tags: NDArray[np.uint64]
    lemmas: NDArray[np.uint64]
    trees: NDArray[np.uint64]
    entities: NDArray[np.uint64]
    entity_starts: NDArray[np.int64]
    entity_ends: NDArray[np.int64]


@cache
def open_pipeline(name: str) -> Pipeline:
    """Return the pipeline that is installed as ``name`` or lies there, loaded once.

    Raises OSError where there is none.
    """
    with ONE_AT_A_TIME:
        nlp = import_module("spacy").load(name)
        assigned = {given for each in nlp.pipe_names for given in nlp.get_pipe_meta(each).assigns}
    return Pipeline(
        nlp,
        f"{nlp.meta['lang']}_{nlp.meta['name']}",
        str(nlp.meta["version"]),
        _digest(Path(nlp.path)),
        tuple(nlp.pipe_names),
        frozenset(kind for kind, by in _GIVEN_BY.items() if assigned & {*by}),
        _FINE in assigned,
    )


def _digest(folder: Path) -> str:
    content = hashlib.blake2b(digest_size=6)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content.update(path.relative_to(folder).as_posix().encode("utf-8"))
        content.update(hashlib.blake2b(path.read_bytes()).digest())
    return content.hexdigest()


def parsed(name: str, texts: Sequence[bytes]) -> list[Parsed]:
    """Return what the pipeline says of each of ``texts``, valid UTF-8.

    Each thread keeps what it parsed last, for the other layers of the same documents and for the
    parts of them that higher levels of the ladder hold.
    """
    known: dict[tuple[str, bytes], Parsed] = getattr(_kept, "documents", {})
    keys = [(name, hashlib.blake2b(text, digest_size=16).digest()) for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        opened = open_pipeline(name)
        with ONE_AT_A_TIME:
            found = {key: _parse(opened, text) for key, text in missing.items()}
        known = {key: found[key] if key in found else known[key] for key in keys}
        _kept.documents = known
    return [known[key] for key in keys]


def _parse(pipeline: Pipeline, text: bytes) -> Parsed:
    # Strings that spaCy meets are kept for good, but (from 3.8) in a zone of their own.
    with getattr(pipeline.nlp, "memory_zone", nullcontext)():
        parts, at = [], 0
        for piece in _pieces(text.decode("utf-8")):
            parts.append(_arrays(pipeline, piece, at))
            at += len(piece.encode("utf-8"))
    columns = zip(*(part for part in parts), strict=True)
    return Parsed(*(np.concatenate(column) for column in columns))


def _pieces(text: str) -> list[str]:
    pieces = []
    while len(text) > LONGEST:
        end = max(text.rfind(mark, 1, LONGEST) for mark in ("\n", " ")) + 1 or LONGEST
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]


def _arrays(pipeline: Pipeline, text: str, at: int) -> tuple[NDArray[Any], ...]:
    """Return the columns of ``Parsed`` for a text that begins ``at`` bytes into its document."""
    doc = pipeline.nlp(text)
    octets = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    places = np.append(np.flatnonzero(octets & 0xC0 != 0x80), len(octets))
    tokens = [token for token in doc if not token.is_space]

    def offsets(characters: list[int]) -> NDArray[np.int64]:
        return places[np.array(characters, dtype=np.int64)].astype(np.int64)

    starts = offsets([token.idx for token in tokens])
    ends = offsets([token.idx + len(token) for token in tokens])
    texts = texts_of(octets, np.array([0, len(octets)], dtype=np.int64))
    known = tables()
    held = bits_of(texts.lanes, starts, ends, known.index, known.words.classes)
    entities = [entity for entity in doc.ents if entity.text.strip()]

    def symbols(wanted: str, of: Callable[[Any], int]) -> NDArray[np.uint64]:
        there = tokens if wanted in pipeline.gives else []
        return np.array([of(token) for token in there], dtype=np.uint64)

    return (
        starts + at,
        ends + at,
        held & COUNTS != 0,
        symbols("pos", lambda t: tag_symbol(t.tag_ if pipeline.fine else t.pos_)),
        symbols("lemma", lambda t: hash_text(t.lemma_)),
        tree_symbols(doc, tokens) if "tree" in pipeline.gives else np.empty(0, dtype=np.uint64),
        np.array([hash_text(entity.text) for entity in entities], dtype=np.uint64),
        offsets([entity.start_char for entity in entities]) + at,
        offsets([entity.end_char for entity in entities]) + at,
    )


__all__ = ["LONGEST", "ONE_AT_A_TIME", "Parsed", "Pipeline", "open_pipeline", "parsed"]
