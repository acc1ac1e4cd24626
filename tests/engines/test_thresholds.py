"""What a part of a corpus knows from others of what is dropped changes no byte of the whole."""

from __future__ import annotations

import pytest
from counted import lines, records

from degrade.engines.counting import Count
from degrade.engines.luggage import packed
from degrade.engines.remote import Orders, absorb, counted
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.readers import open_corpus
from degrade.summaries import Census, Need
from degrade.text.layers import built_in


def small(capacity):
    """Return a plan of censuses that hold so many entries."""
    needs = [Need(Census, layer="word", n=n) for n in (1, 2, 3)]
    return Plan.of(needs, "word", {"word": built_in("word")}, 20, capacity)


@pytest.mark.parametrize("capacity", [0, 40, 300, 2_000])
def test_thresholds_of_other_parts_change_nothing(capacity, tmp_path):
    path, plan = tmp_path / "a.jsonl", small(capacity)
    path.write_bytes(lines(records(300)))
    with open_corpus(path) as corpus:
        corpus.part_bytes = 6_000
        parts = corpus.parts()
        luggage = packed(Count(plan, corpus))
        orders = Orders((luggage,), f"{tmp_path} {capacity}")
        alone = [counted(lambda place: place, orders, [part], {}) for part in parts]
    assert len(parts) > 8
    for order in (range(len(parts)), reversed(range(len(parts)))):
        expected, whole, known, sizes = Profile(plan), Profile(plan), {}, [0, 0]
        for index in order:
            done, content = counted(lambda place: place, orders, [parts[index]], dict(known))
            known |= {k: min(t, known.get(k, t)) for k, t in done.thresholds.items()}
            absorb(whole, content)
            absorb(expected, alone[index][1])
            sizes[0] += len(alone[index][1])
            sizes[1] += len(content)
        assert whole.to_bytes() == expected.to_bytes()
        # Parts hold less where some of them alone drop something.
        assert (sizes[1] < sizes[0]) == (capacity in (40, 300))
