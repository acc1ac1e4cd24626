"""Recursive training: a model of text, a model of that model's text, and so on.

Held out is a part of the original that no model sees; what each generation has lost is measured
against it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade import registry
from degrade.api import compare
from degrade.corpora import open_all
from degrade.errors import InputError, PluginError, UsageError, blaming
from degrade.generations import Generation, keep, kept
from degrade.learner import Learner
from degrade.options import Options, options_of
from degrade.recursion import Lineage, Recursion
from degrade.run import Run
from degrade.text.document import Document, stable_hash

FEWEST = 80
"""Documents of which a part of the original, held out or learned from, has to have as many."""
REPORTS = ("run.json", "report.html", "report.txt")


Tell = Callable[[str], None]
"""Told, in a sentence, of each step."""


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Simulated:
    """A lineage, its files, and its comparison with the text that was held out."""

    lineage: Lineage
    folder: Path
    files: tuple[Path, ...]
    run: Run


def simulate(
    corpus: object,
    folder: str | Path,
    *,
    tell: Tell = _silent,
    generations: int = 5,
    learner: str = "ngram",
    settings: Mapping[str, Any] | None = None,
    regimes: Sequence[str] = ("replace",),
    keep: Sequence[float] = (0.0,),
    temperature: float = 1.0,
    top_p: float = 1.0,
    heldout: float = 0.5,
    seed: int = 0,
    **options: Any,
) -> list[Simulated]:
    """Train on ``corpus``, on the text of that model, and so on; compare all with text held out.

    The arguments are the fields of ``Recursion``, and ``options`` those of ``Options``. Files are
    written to ``folder``; those that are there and were made the same way are not made again.
    ``tell`` is told of each generation. Raises DegradeError for what a person can mend.
    """
    how = Recursion(
        generations=generations,
        learner=learner,
        settings=dict(settings or {}),
        regimes=regimes,
        keep=keep,
        temperature=temperature,
        top_p=top_p,
        heldout=heldout,
        seed=seed,
    )
    chosen = options_of(options)
    model = learner_of(how)
    where = Path(folder)
    reference, original = _parts(corpus, where, how, chosen, tell)
    out = []
    for lineage in how.lineages():
        past = [original]
        for number in range(1, how.generations + 1):
            past.append(_next(where / lineage.name, number, past, lineage, how, model))
            tell(f"{lineage.name}: generation {number} of {how.generations}")
        run = _compared([reference, *past], seed, options)
        written = tuple(Path(p) for name in REPORTS for p in run.save(where / lineage.name / name))
        made = tuple(each.path for each in past[1:])
        out.append(Simulated(lineage, where / lineage.name, (*made, *written), run))
    return out


def learner_of(how: Recursion) -> Learner:
    """Return the learner asked for. Raises UsageError for settings that it has not."""
    make = registry.find(registry.LEARNERS, how.learner)
    known = inspect.signature(make).parameters
    for name in how.settings:
        if name not in known:
            takes = ", ".join(known) or "no settings"
            raise UsageError(f"learner {how.learner!r} has no {name}; it takes {takes}")
    made: Learner = make(**how.settings)
    return made


def _parts(
    corpus: object, folder: Path, how: Recursion, options: Options, tell: Tell
) -> tuple[Generation, Generation]:
    """Return the part held out and the part learned from, written to ``folder``."""
    documents, skipped = _read(corpus, options)
    if skipped:
        told = ", ".join(f"{count:,} {kind}" for kind, count in skipped.items())
        tell(f"left out, as they cannot be read: {told}")
    by_cluster: dict[str, list[Document]] = {}
    for each in documents:
        by_cluster.setdefault(each.cluster or each.id, []).append(each)
    if len(by_cluster) < 2 * FEWEST:
        raise InputError(
            f"{len(by_cluster):,} independent documents are too few to hold out some and learn "
            f"from the others: it takes {2 * FEWEST}; divide long texts, for example by "
            "--split paragraph"
        )
    out: list[Document] = []
    clusters = sorted(by_cluster, key=lambda name: (stable_hash(f"{how.seed} {name}"), name))
    while clusters and len(out) < how.heldout * len(documents):
        out += by_cluster[clusters.pop()]
    inside = [document for name in clusters for document in by_cluster[name]]
    parts = {"heldout": out, "gen0": inside}
    for name, part in parts.items():
        if len({each.cluster or each.id for each in part}) < FEWEST:
            raise InputError(
                f"{name} would have fewer than {FEWEST} independent documents: take another share "
                "by --heldout, or more text"
            )
    made = {"heldout": how.heldout, "seed": how.seed, "skipped": skipped}
    reference, original = (
        keep(
            folder / f"{name}.jsonl",
            sorted(part, key=lambda each: (each.id, each.text)),
            made,
        )
        for name, part in parts.items()
    )
    return reference, original


def _read(corpus: object, options: Options) -> tuple[list[Document], dict[str, int]]:
    with ExitStack() as stack:
        (opened,) = open_all([corpus], options, stack)
        if opened.corpus is None:
            raise UsageError(f"{opened.name}: a profile has no text to learn from; give the corpus")
        documents = list(opened.corpus.documents())
        return documents, dict(sorted(opened.corpus.skipped.items()))


def _next(
    folder: Path,
    number: int,
    past: Sequence[Generation],
    lineage: Lineage,
    how: Recursion,
    learner: Learner,
) -> Generation:
    """Return generation ``number``: as it is on disk, if it was made so, or made now."""
    # The same in all lineages, which then differ by less chance.
    seed = stable_hash(f"{how.seed} {number}") >> 1
    name = f"gen{number}"
    made = {
        "generation": number,
        "parents": [{"name": each.name, "sha256": each.sha256} for each in lineage.parents(past)],
        "regime": lineage.regime,
        "keep": lineage.keep,
        "learner": {"name": how.learner, **learner.settings},
        "temperature": how.temperature,
        "top_p": how.top_p,
        "seed": how.seed,
    }

    path = folder / f"{name}.jsonl"
    done = kept(path, made)
    if done is not None:
        return done
    training = lineage.training(past, seed)
    with blaming(f"learner {how.learner}"):
        model = learner.train(training, seed)
        texts = learner.sample(model, past[0].documents, seed, how.temperature, how.top_p)
    if len(texts) != len(past[0].documents):
        raise PluginError(
            f"learner {how.learner} gave {len(texts):,} texts for {len(past[0].documents):,}"
        )
    return keep(path, [Document(text, f"{name}-{i:07d}") for i, text in enumerate(texts)], made)


def _compared(corpora: Sequence[Generation], seed: int, options: Mapping[str, Any]) -> Run:
    reading = ("text_field", "text_fields", "id_field", "cluster_field", "split", "format", "limit")
    counting = {name: value for name, value in options.items() if name not in reading}
    return compare(
        *(str(each.path) for each in corpora),
        reference_role="heldout",
        cluster_field="cluster",
        seed=seed,
        self_check=0,
        reproducible=True,
        **counting,
    )
