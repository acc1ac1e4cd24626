"""What came of reading is entered once, whoever reads, and however often."""

from __future__ import annotations

import gc
import threading

import pytest

from degrade.readers import Problem, Shard, Tally
from degrade.readers.garbage import uncollected
from degrade.readers.intake import Intake


def of(documents, *kinds):
    """Return the tally of so many documents, and a problem of each kind."""
    tally = Tally(documents)
    for kind in kinds:
        tally.refuse(Problem(kind, "a", "", "wrong"), "skip")
    return tally


def test_whole_files_are_entered_once_though_they_hold_as_many():
    intake = Intake()
    shards = [Shard(name) for name in "abc"]
    intake.enter_files(shards, [5, 5, 7])
    intake.enter_files(shards[:2], [5, 5])
    intake.enter(shards[2], of(6, "not-utf8"), whole=True)
    intake.enter(Shard("c", 0, 10), of(3), whole=True)
    assert intake.total("abc") == of(17)
    assert intake.tally(shards[0]) == of(5)
    # The last reading of it, though the first is the one that counts.
    assert intake.tally(shards[2]) == of(6, "not-utf8")
    assert intake.tally(Shard("d")) == of(0)


def test_a_whole_reading_takes_the_place_of_one_that_was_broken_off():
    intake = Intake()
    intake.enter(Shard("a"), of(2), whole=False)
    intake.enter_files([Shard("a")], [5])
    assert intake.total("a") == of(5)
    intake.enter(Shard("a"), of(3), whole=False)
    assert intake.total("a") == of(5)


def test_problems_of_whole_files_are_counted():
    intake = Intake()
    intake.enter(Shard("a"), of(2, "not-utf8", "empty-document"), whole=True)
    intake.enter_files([Shard("b")], [5])
    total = intake.total("ab")
    assert total == of(7, "not-utf8", "empty-document")
    assert intake.tally(Shard("b")).examples == {}


def test_threads_enter_each_file_once():
    intake = Intake()
    shards = [Shard(str(number)) for number in range(2000)]

    def enter(first):
        for at in range(0, 2000, 40):
            some = shards[(at + first) % 2000 :][:40]
            intake.enter_files(some, [3] * len(some))

    threads = [threading.Thread(target=enter, args=(first,)) for first in (0, 400, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert intake.total(map(str, range(2000))) == of(6000)


def test_garbage_is_looked_for_again_afterwards():
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()
