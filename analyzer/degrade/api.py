"""What people call from Python: ``compare``, ``profile`` and the run they give."""

from __future__ import annotations

import platform
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from degrade.comparison import Compared, Settings, compare_profiles
from degrade.corpora import (
    Opened,
    check_text_fields,
    counted,
    engine_for,
    load_profile,
    open_all,
    reading_settings,
    subject_of,
    summary_of,
)
from degrade.errors import UsageError
from degrade.findings import Setting
from degrade.inference.permutation import RELABELINGS
from degrade.inference.self_check import SPLITS
from degrade.metric import Metric
from degrade.options import Options, options_of
from degrade.plan import Plan
from degrade.planning import (
    absent_primaries,
    cautions_of_left_out,
    chosen_metrics,
    layer_of,
    plan_for,
    plan_of,
)
from degrade.profiles import Profile
from degrade.record import Explanation, Record
from degrade.run import Run
from degrade.text.document import GROUPS


def compare(
    reference: object,
    *candidates: object,
    reference_role: str = "auto",
    alpha: float = 0.05,
    test: str = "jackknife",
    relabelings: int = RELABELINGS,
    self_check: int = SPLITS,
    seed: int = 0,
    evidence: bool = True,
    reproducible: bool = False,
    **options: Any,
) -> Run:
    """Compare ``reference`` with each of ``candidates``, generations in order.

    A corpus is a path, a saved or live Profile, or an iterable of strings, Documents or mappings,
    or a table. The other arguments are the fields of ``degrade.comparison.Settings``, and
    ``options`` those of ``Options``. Raises DegradeError for what a person can mend.
    """
    if not candidates:
        raise UsageError("a reference needs at least one candidate to be compared with")
    started = time.time()
    chosen = options_of(options)
    settings = Settings(
        alpha, reference_role, test, relabelings, self_check, seed, evidence, chosen.workers != 1
    )
    with ExitStack() as stack, ExitStack() as workers:
        specs = (reference, *candidates)
        check_text_fields(specs, chosen)
        opened = open_all(specs, chosen, stack)
        engine = engine_for(opened, chosen, workers)
        saved = next((each.profile for each in opened if each.profile is not None), None)
        metrics = chosen_metrics(chosen, saved)
        absent = absent_primaries(chosen, saved)
        if not (metrics or absent):
            raise UsageError("no metric to compare by: name some, or take the default ones")
        counting = any(each.profile is None for each in opened)
        plan = plan_of(metrics, chosen, saved, counting=counting)
        profiles = [counted(each, plan, chosen, engine) for each in opened]
        # Comparing wants the memory that they hold.
        workers.close()
        subjects = [subject_of(*each) for each in zip(opened, profiles, strict=True)]
        compared = compare_profiles(
            subjects[0],
            subjects[1:],
            metrics,
            settings,
            plan.layers[plan.base],
            absent,
        )
        summaries = [
            summary_of(each, profile, "candidate" if i else "reference")
            for i, (each, profile) in enumerate(zip(opened, profiles, strict=True))
        ]
    summaries[0] = replace(summaries[0], reference_role=compared.reference_role)
    return Run(
        Record(
            _said(settings, chosen, plan, compared) | reading_settings(chosen, specs, opened),
            tuple(summaries),
            compared.comparisons,
            compared.trend,
            (*compared.warnings, *cautions_of_left_out(chosen, saved)),
            {} if reproducible else _facts(started),
            curves=compared.curves,
            metrics=tuple(_explained(metric) for metric in (*metrics, *absent)),
        )
    )


def _said(
    settings: Settings, chosen: Options, plan: Plan, compared: Compared
) -> dict[str, Setting]:
    """Return the settings that a run file keeps."""
    permutation = settings.test == "permutation"
    said: dict[str, Setting] = {
        "alpha": settings.alpha,
        "layer": plan.base,
        "tokenizer": dict(plan.versions)[plan.base],
        "groups": compared.groups,
        "groups_kept": GROUPS,
        "capacity": plan.capacity or None,
        "leeway": plan.leeway if plan.leeway != plan.capacity else None,
        "metrics": ", ".join(chosen.metrics),
        "reference_role": settings.reference_role,
        "test": settings.test,
        "relabelings": settings.relabelings if permutation else None,
        "self_check": settings.self_check,
        "seed": settings.seed,
        "on_error": chosen.on_error,
    }
    if chosen.spacy:
        said["spacy"] = chosen.spacy
    for name, limits in chosen.thresholds.items():
        said[f"thresholds.{name}"] = ", ".join(f"{limit:g}" for limit in limits)
    return said


def _explained(metric: Metric) -> Explanation:
    """Return what a run file says of ``metric``, so that it can be read where it is not known."""
    return Explanation(
        metric.name,
        metric.title,
        metric.description,
        metric.formula,
        metric.undefined,
        metric.pitfalls,
        metric.source,
    )


def _facts(started: float) -> dict[str, Setting]:
    """Return the times of a run that began at ``started``, and its machine."""
    return {
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def profile(corpus: object, **options: Any) -> Profile:
    """Reduce ``corpus`` to a profile, to be saved, merged and compared.

    ``options`` are the fields of ``Options``.
    """
    with ExitStack() as stack:
        return reduced(corpus, options_of(options), stack)[1]


def reduced(corpus: object, chosen: Options, stack: ExitStack) -> tuple[Opened, Profile]:
    """Return ``corpus``, to be closed by ``stack``, and its profile."""
    (opened,) = open_all((corpus,), chosen, stack)
    if opened.profile is not None:
        # What was counted stays so; of another layer there is nothing.
        layer_of(chosen, opened.profile)
        return opened, opened.profile
    engine = engine_for((opened,), chosen, stack)
    return opened, counted(opened, plan_for(chosen), chosen, engine)


__all__ = ["Options", "Run", "compare", "load_profile", "profile", "reduced"]
