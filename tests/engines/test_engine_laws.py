"""Every engine counts as one process would; one that does not is caught, and told why."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from degrade.engines.local import LocalEngine
from degrade.engines.source import untold
from degrade.errors import DegradeError
from degrade.profiles import Profile
from degrade.testing import check_engine
from degrade.text.document import Batch


def test_the_local_engine_keeps_the_laws_in_threads(tmp_path):
    check_engine(LocalEngine, tmp_path)


def test_the_local_engine_keeps_the_laws_in_threads_that_read_parts(tmp_path, monkeypatch):
    monkeypatch.setattr("degrade.engines.local.PROCESS_BYTES", 0)
    check_engine(LocalEngine, tmp_path)


def test_the_local_engine_keeps_the_laws_in_processes(tmp_path, monkeypatch):
    monkeypatch.setattr("degrade.engines.local.PROCESS_BYTES", 0)
    monkeypatch.setattr("degrade.engines.local.MOST_THREADS", 0)
    check_engine(LocalEngine, tmp_path)


@dataclass(frozen=True)
class Wrong:
    """The local engine in threads, with a fault: what it does to the arguments, or its result."""

    workers: int
    fault: Callable[..., Profile] = field()
    name: str = "wrong"

    def expecting(self, corpora):
        return LocalEngine(self.workers).expecting(corpora)

    def profile_corpus(self, plan, corpus, advance=None, state=None) -> Profile:
        return self.fault(
            LocalEngine(self.workers).profile_corpus, plan, corpus, advance or untold, state
        )


def losing_the_last_part(count, plan, corpus, advance, state):
    if corpus.limit or "whole" not in corpus.paths[0]:
        return count(plan, corpus, advance, state)
    whole = Profile(plan)
    for part in corpus.parts()[:-1]:
        for shard in part:
            whole.update(Batch(corpus.rows(shard)))
    return whole


def counting_a_part_twice(count, plan, corpus, advance, state):
    whole = count(plan, corpus, advance, state)
    # The second attempt at a part whose first one was not lost.
    (first, *_), *_ = corpus.parts()
    whole.update(Batch(corpus.rows(first)))
    return whole


def counting_other_documents(count, plan, corpus, advance, state):
    whole = count(plan, corpus, advance, state)
    other = Profile(plan)
    for shard in (shard for part in corpus.parts() for shard in part):
        other.update(Batch([_other(each) for each in corpus.read(shard)]))
    return other if other.documents == whole.documents else whole


def _other(document):
    return type(document)(document.text[:-1], document.id)


def entering_nothing(count, plan, corpus, advance, state):
    return count(plan, copy(corpus), advance, state)


def telling_nothing(count, plan, corpus, advance, state):
    return count(plan, corpus, None, state)


def telling_of_a_retry_twice(count, plan, corpus, advance, state):
    advance(5, 5)
    return count(plan, corpus, advance, state)


def naming_no_file(count, plan, corpus, advance, state):
    try:
        return count(plan, corpus, advance, state)
    except DegradeError as error:
        raise type(error)("a worker failed") from error


def skipping_what_fails(count, plan, corpus, advance, state):
    corpus.on_error = "skip"
    return count(plan, corpus, advance, state)


def giving_nothing_for_nothing(count, plan, corpus, advance, state):
    try:
        return count(plan, corpus, advance, state)
    except DegradeError as error:
        if "no document" not in str(error):
            raise
        return Profile(plan)


def swallowing_an_interrupt(count, plan, corpus, advance, state):
    def guarded(documents: int, characters: int) -> None:
        with suppress(KeyboardInterrupt):
            advance(documents, characters)

    return count(plan, corpus, guarded, state)


def leaving_half_a_file(count, plan, corpus, advance, state):
    try:
        return count(plan, corpus, advance, state)
    except KeyboardInterrupt:
        (Path(state) / "half.tmp").touch()
        raise


def keeping_nothing(count, plan, corpus, advance, state):
    if state is not None:
        Path(state).mkdir(parents=True, exist_ok=True)
    return count(plan, corpus, advance, None)


def keeping_what_changed(count, plan, corpus, advance, state):
    # By the names of files alone.
    if state is None or "state" not in str(state):
        return count(plan, corpus, advance, state)
    kept = Path(f"{state}-whole.profile")
    if not kept.exists():
        count(plan, corpus, advance, state).save(kept)
    whole = Profile(plan)
    whole.merge(Profile.load(kept))
    return whole


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (losing_the_last_part, r"\d+ documents of 60"),
        (counting_a_part_twice, r"6\d documents of 60"),
        (counting_other_documents, "other bytes than read in one process"),
        (entering_nothing, r"it enters Tally\(documents=0"),
        (telling_nothing, "it tells of 0 documents"),
        (telling_of_a_retry_twice, "it tells of 65 documents"),
        (naming_no_file, "it says 'a worker failed'"),
        (skipping_what_fails, "it says 'nothing', not .*line 21: not JSON"),
        (giving_nothing_for_nothing, "it says 'nothing', not .*a corpus without documents"),
        (swallowing_an_interrupt, "an interrupt does not end it"),
        (leaving_half_a_file, r"an interrupt leaves half\.tmp behind"),
        (keeping_nothing, "it counts again what is kept"),
        (keeping_what_changed, "it takes what is kept of a file that changed"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_an_engine_that_breaks_a_law_is_caught(fault: Any, said: str, tmp_path):
    with pytest.raises(AssertionError, match=said):
        check_engine(lambda workers: Wrong(workers, fault), tmp_path)


def test_an_engine_without_a_fault_is_not_caught(tmp_path):
    check_engine(lambda workers: Wrong(workers, _as_it_is), tmp_path)


def _as_it_is(count, plan, corpus, advance, state):
    return count(plan, corpus, advance, state)
