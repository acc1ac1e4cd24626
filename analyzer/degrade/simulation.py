"""Recursive training: a model of text, a model of that model's text, and so on.

Held out is a part of the original that no model sees; what each generation has lost is measured
against it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from degrade import heldout as held
from degrade import registry
from degrade.api import compare
from degrade.atomic import replace_file
from degrade.errors import PluginError, UsageError, blaming
from degrade.findings import Setting
from degrade.generations import Generation, keep, kept, write_folders
from degrade.learner import Learner
from degrade.options import options_of
from degrade.planned import Planned
from degrade.recursion import Lineage, Recursion
from degrade.report import plan as plan_report
from degrade.run import Run
from degrade.shares import planned
from degrade.text.document import Document, stable_hash

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
    seed: int


@dataclass(frozen=True, slots=True)
class Simulation(Sequence[Simulated]):
    """The lineages of each seed, in order, and what they say of how much to keep.

    ``files`` hold the plan, and corpora as folders; those of a lineage are its own.
    """

    lineages: tuple[Simulated, ...]
    plan: Planned
    files: tuple[Path, ...]

    @overload
    def __getitem__(self, at: int) -> Simulated: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Simulated]: ...
    def __getitem__(self, at: int | slice) -> Simulated | Sequence[Simulated]:
        """Return a lineage, or some."""
        return self.lineages[at]

    def __len__(self) -> int:
        """Return how many lineages there are, those of all seeds."""
        return len(self.lineages)

    @property
    def answers(self) -> tuple[str, ...]:
        """How much to keep, in a sentence for each measure that is affected."""
        return plan_report.account_of(self.plan).answers


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
    reference: object = None,
    seed: int = 0,
    seeds: int = 1,
    corpora: str | Path | None = None,
    **options: Any,
) -> Simulation:
    """Train on ``corpus``, on the text of that model, and so on; compare all with text held out.

    The arguments are the fields of ``Recursion``, and ``options`` those of ``Options``; with a
    ``reference``, nothing is held out. Files are written to ``folder``; those that are there and
    were made the same way are not made again. The generations of a single lineage are also written
    to ``corpora``, as folders of parts. ``tell`` is told of each generation. Raises DegradeError
    for what a person can mend.
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
        seeds=seeds,
    )
    model = learner_of(how)
    if corpora is not None and (seeds > 1 or len(list(how.lineages())) > 1):
        raise UsageError("corpora are written of one lineage: give one regime, share and seed")
    for place in (folder, corpora):
        _refuse_within(place, corpus, reference)
    original = held.read(corpus, reference, options_of(options))
    if original.skipped:
        told = ", ".join(f"{count:,} {kind}" for kind, count in original.skipped.items())
        tell(f"left out, as they cannot be read: {told}")
    where = Path(folder)
    lineages = [
        each
        for one in how.replicates()
        for each in _replicate(original, _place(where, one, how), one, model, options, tell)
    ]
    plan = _planned(lineages, how, model, given=reference is not None)
    files = list(_written(plan, where))
    if corpora is not None:
        files += write_folders(_corpora(where, lineages[0], how), Path(corpora))
    return Simulation(tuple(lineages), plan, tuple(files))


def _refuse_within(place: str | Path | None, *specs: object) -> None:
    """Raise UsageError where what is written would be read as a part of a corpus the next time."""
    for spec in specs:
        if place is None or not isinstance(spec, str | Path) or not Path(spec).is_dir():
            continue
        if Path(place).resolve().is_relative_to(Path(spec).resolve()):
            raise UsageError(
                f"{place} lies in {spec}, and would be read as a part of it the next time: write "
                "to another folder"
            )


def _corpora(where: Path, lineage: Simulated, how: Recursion) -> dict[str, Path]:
    """Return the corpora of a lineage, by what their folders are called."""
    found = {"gen0": where / "gen0.jsonl", "gen0-heldout": where / "heldout.jsonl"}
    for number in range(1, how.generations + 1):
        found[f"gen{number}"] = lineage.folder / f"gen{number}.jsonl"
    return found


def _place(folder: Path, one: Recursion, how: Recursion) -> Path:
    """Return where a replicate goes: the first where a run of one seed would."""
    return folder if one.seed == how.seed else folder / f"seed-{one.seed}"


def _replicate(
    read: held.Original,
    where: Path,
    how: Recursion,
    model: Learner,
    options: Mapping[str, Any],
    tell: Tell,
) -> Iterator[Simulated]:
    """Yield the lineages of one seed, each once it is done."""
    reference, original = read.parts(where, how.heldout, how.seed)
    for share in how.keep:
        if share and not round(share * len(original.documents)):
            size = f"{len(original.documents):,} documents"
            raise UsageError(f"keep {share:g} of an original of {size} is none of them")
    named = f" with seed {how.seed}" if where.name == f"seed-{how.seed}" else ""
    for lineage in how.lineages():
        past = [original]
        for number in range(1, how.generations + 1):
            past.append(_next(where / lineage.name, number, past, lineage, how, model))
            tell(f"{lineage.name}: generation {number} of {how.generations}{named}")
        run = _compared([reference, *past], how.seed, options)
        written = tuple(Path(p) for name in REPORTS for p in run.save(where / lineage.name / name))
        made = tuple(each.path for each in past[1:])
        yield Simulated(lineage, where / lineage.name, (*made, *written), run, how.seed)


def _planned(
    lineages: Sequence[Simulated], how: Recursion, model: Learner, *, given: bool
) -> Planned:
    records = [
        (lineage, [each.run.record for each in lineages if each.lineage == lineage])
        for lineage in how.lineages()
    ]
    settings: dict[str, Setting] = {
        "learner": how.learner,
        **{f"learner.{name}": value for name, value in model.settings.items()},
        "temperature": how.temperature,
        "top_p": how.top_p,
        "heldout": None if given else how.heldout,
    }
    return planned(records, [each.seed for each in how.replicates()], settings)


def _written(plan: Planned, folder: Path) -> Iterator[Path]:
    for name in plan_report.FILES:
        path = folder / name
        replace_file(path, plan_report.content(plan, path.suffix))
        yield path


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
