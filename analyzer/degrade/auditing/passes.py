"""A pass over a corpus: its documents in order, measured by several at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from degrade.auditing.chunks import Chunk, Numbered, chunks
from degrade.auditing.measures import Measured, Measures
from degrade.options import Progress
from degrade.readers import Corpus
from degrade.text.blocks import characters_of


def measured_of(
    corpus: Corpus,
    numbered: Numbered,
    measures: Measures,
    workers: int,
    progress: Progress | None,
    label: Callable[[str], str] = str,
    part: Callable[[Chunk], Chunk] | None = None,
) -> Iterator[tuple[Chunk, Measured]]:
    """Yield all chunks in order, measured by so many at once; ``progress`` is told of each.

    Of each, only its ``part`` is measured, if that is given.
    """
    read = chunks(corpus, numbered, label)
    for chunk, measured in _measured(map(part, read) if part else read, measures, workers):
        yield chunk, measured
        if progress is not None:
            batch = chunk.batch
            progress(corpus.name, len(batch), int(characters_of(batch.data, batch.bounds).sum()))


def _measured(
    read: Iterator[Chunk], measures: Measures, workers: int
) -> Iterator[tuple[Chunk, Measured]]:
    if workers == 1:
        yield from ((chunk, measures.of(chunk)) for chunk in read)
        return
    waiting: deque[tuple[Chunk, Future[Measured]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for chunk in read:
            waiting.append((chunk, pool.submit(measures.of, chunk)))
            if len(waiting) > 2 * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
