"""Parts of a corpus go out as tasks that are large at first, and small when cores are to finish."""

from __future__ import annotations

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from degrade.engines.sizes import LEAST_BYTES, MOST_BYTES, PIECES, Sizes

MB = 1 << 20
WEIGHTS = st.lists(st.floats(0, 3 * MOST_BYTES), min_size=1, max_size=60)


@given(WEIGHTS, st.integers(1, 300), st.data())
def test_every_part_goes_out_once_in_tasks_of_neighbours(weights, cores, data):
    sizes, every = Sizes(weights, cores), range(len(weights))
    assert sorted(part for task in sizes.first() for part in task) == [*every]
    some = sorted(data.draw(st.sets(st.sampled_from(every), min_size=1)))
    for tasks in ([*sizes.again(some)], [*sizes.pieces(some)]):
        assert [part for task in tasks for part in task] == some
        assert all([*task] == [*range(task[0], task[0] + len(task))] for task in tasks)
        assert all(len(t) == 1 or sum(weights[p] for p in t) <= MOST_BYTES * 1.001
                   for t in sizes.again(some))  # fmt: skip


@pytest.mark.parametrize(("megabytes", "cores"), [(4_000, 2), (1_000, 2), (100_000, 64)])
def test_cores_finish_at_like_times_with_few_tasks_each(megabytes, cores):
    weights = [8.0 * MB] * (megabytes // 8)
    tasks = [sum(weights[part] for part in task) for task in Sizes(weights, cores).first()]
    assert tasks == sorted(tasks, reverse=True)
    busy = [0.0] * cores
    for task in tasks:
        heapq.heappush(busy, heapq.heappop(busy) + task)
    assert max(busy) - min(busy) <= LEAST_BYTES
    assert len(tasks) <= 9 * cores


def test_a_small_corpus_gives_each_core_some():
    tasks = [*Sizes([1.0] * 240, 3).first()]
    assert max(map(len, tasks)) <= 40
    assert 9 <= len(tasks) <= 15


def test_large_archives_go_out_first():
    weights = [8.0 * MB] * 40
    weights[20] = weights[30] = 400.0 * MB
    assert [*Sizes(weights, 4).first()][:2] == [(20,), (30,)]


def test_the_guilty_part_is_found_in_few_steps():
    weights = [8.0 * MB] * 64
    sizes, guilty, suspects, steps = Sizes(weights, 2), 37, tuple(range(64)), 0
    while len(suspects) > 1:
        pieces = [*sizes.pieces(suspects)]
        assert len(pieces) <= PIECES
        suspects = next(piece for piece in pieces if guilty in piece)
        steps += 1
    assert suspects == (guilty,)
    assert steps == 2
