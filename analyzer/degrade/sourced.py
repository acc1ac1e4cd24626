"""Documents with the name of the source of each, as often as asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from degrade import registry
from degrade.attribution import Labelled, SourceCensus
from degrade.errors import UndefinedMetricError, UsageError
from degrade.readers import Fields, OnError, open_corpus
from degrade.readers.plain import Split
from degrade.text.document import Document

By = Literal["source", "shard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a corpus is read: options of ``degrade.profile``, and the field that names the source."""

    source_field: str | None = None
    text_field: str = "text"
    id_field: str | None = None
    cluster_field: str | None = None
    split: Split | None = None
    format: str | None = None
    limit: int | None = None
    on_error: OnError = "fail"


@contextmanager
def labelled(corpus: object, by: By, options: Mapping[str, Any]) -> Iterator[Labelled]:
    """Open ``corpus``, with ``options`` the fields of ``Reading``, while it is read.

    The source of a document is what ``source_field`` holds, or the key ``source`` of its metadata,
    or nothing; by ``shard``, its file. Raises UsageError for options that are not known.
    """
    if by not in ("source", "shard"):
        raise UsageError(f"sources by {by!r} are not known; it is source or shard")
    for name in options:
        if name not in Reading.__dataclass_fields__:
            raise UsageError(
                f"no option {name!r}; {registry.nearest(name, Reading.__dataclass_fields__)}"
            )
    reading = Reading(**options)
    with open_corpus(
        corpus,
        Fields(reading.text_field, reading.id_field, reading.cluster_field, reading.source_field),
        split=reading.split,
        format=reading.format,
        limit=reading.limit,
        on_error=reading.on_error,
        readers=registry.all_of(registry.READERS),
    ) as opened:

        def documents() -> Iterator[tuple[str, Document]]:
            for file, document in opened.documents_by_file():
                yield (file if by == "shard" else document.metadata.get("source", "")), document

        yield documents


def check_several(census: SourceCensus) -> None:
    """Raise UsageError where no document names a source, UndefinedMetricError where all are of one.

    That a phrase is of one source more than of others means nothing then.
    """
    names = list(census.sources)
    if names == [""]:
        raise UsageError("no document names its source; say which field does with source_field")
    if len(names) < 2:
        raise UndefinedMetricError(f"all documents are of one source, {names[0]!r}")
