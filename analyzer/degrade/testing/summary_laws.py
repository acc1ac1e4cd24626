"""What every summary must do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from degrade.summaries import Need, Summary
from degrade.summaries.need import Arrays
from degrade.testing.corpora import varied_documents
from degrade.testing.demands import differing, frozen, layers_for, require, shuffled
from degrade.text.document import Batch, Document
from degrade.text.layer import Layer


def check_summary(need: Need, layers: Mapping[str, Layer] | None = None) -> None:
    """Check that the summary of ``need`` merges: in any order, in any parts, and after loading.

    ``layers`` holds the layers it asks for; those that are not given are looked up by name.
    """
    every = layers_for(set(need.layers), layers)
    parts = [varied_documents(seed) for seed in range(3)]

    def counted(*batches: Sequence[Document]) -> Summary:
        summary = need.summary(need)
        for batch in batches:
            summary.update(Batch(batch), every)
        return summary

    def joined(*summaries: Summary) -> Summary:
        first, *others = summaries
        for other in others:
            first.merge(other)
        return first

    def law(said: str, one: Summary | Arrays, two: Summary | Arrays) -> None:
        a, b = (frozen(s if isinstance(s, dict) else s.arrays()) for s in (one, two))
        require(a == b, f"{need.key}: {said}; {differing(a, b)}")

    a, b, c = parts
    law("counting the same documents twice gives other arrays", counted(a), counted(a))
    require(
        frozen(counted(a).arrays()) != frozen(counted().arrays()),
        f"{need.key}: it holds nothing of {len(a)} documents, so its laws would say nothing",
    )
    law("merging a fresh one changes it", joined(counted(a), counted()), counted(a))
    law("merging into a fresh one changes it", joined(counted(), counted(a)), counted(a))
    law("fresh ones do not merge to a fresh one", joined(counted(), counted()), counted())
    law("merging does not commute", joined(counted(a), counted(b)), joined(counted(b), counted(a)))
    left = joined(joined(counted(a), counted(b)), counted(c))
    law("merging does not associate", left, joined(counted(a), joined(counted(b), counted(c))))
    whole = counted([*a, *b, *c])
    law("parts merged differ from the whole", left, whole)
    mixed = shuffled([*a, *b, *c])
    law("the order of documents changes it", counted(mixed), whole)
    for size in (1, 7, 64):
        batches = [mixed[i : i + size] for i in range(0, len(mixed), size)]
        law(f"batches of {size} change it", counted(*batches), whole)

    other = counted(b)
    merged = joined(counted(a), other)
    law("merge changes what it absorbs", other, counted(b))
    neutral = joined(counted(), other)
    for counting in (merged, neutral):
        counting.update(Batch(c), every)
    law("what was absorbed changes when the merged one counts on", other, counted(b))
    law("counting on after a merge differs from the whole", merged, whole)

    bare = Need(need.summary, measure=None, **dict(need.options))
    saved = {name: array.copy() for name, array in counted(a).arrays().items()}
    law("from_arrays(arrays()) is not the same", _loaded(bare, saved), counted(a))
    law("from_arrays loses a fresh one", _loaded(bare, counted().arrays()), counted())
    grown = joined(_loaded(bare, saved), counted(b), _loaded(bare, counted(c).arrays()))
    law("a loaded one merges to something else", grown, whole)
    law("a loaded one changes the arrays it came from", saved, counted(a))
    for name, array in saved.items():
        if array.size:
            _check_refused(bare, {**saved, name: array[:-1]}, f"column {name!r} cut short")
        _check_refused(bare, {k: v for k, v in saved.items() if k != name}, f"no column {name!r}")


def _loaded(need: Need, arrays: Arrays) -> Summary:
    return need.summary.from_arrays(need, arrays)


def _check_refused(need: Need, arrays: Arrays, damage: str) -> None:
    try:
        need.summary.from_arrays(need, arrays)
    except (ValueError, KeyError):
        return
    except Exception as error:
        raise AssertionError(
            f"{need.key}: from_arrays raises {error!r} on damage ({damage}), not ValueError"
        ) from error
    raise AssertionError(f"{need.key}: from_arrays takes damaged arrays ({damage})")
