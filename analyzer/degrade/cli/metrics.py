"""``degrade metrics [NAME]``."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from degrade.metric import Declaration
    from degrade.registry import Catalogue
    from degrade.summaries import Need


@click.command("metrics")
@click.argument("name", required=False)
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A Python file with METRICS; repeatable.",
)
def command(name: str | None, plugins: tuple[Path, ...]) -> int:
    """List the metrics by family, or explain one."""
    from degrade import registry

    catalogue = registry.catalogue(plugins)
    if name is None:
        _list(catalogue)
    else:
        for metric in catalogue.select([name]):
            _explain(metric, catalogue.origins[metric.name])
    for failure in catalogue.failures.values():
        click.echo(f"degrade: a plugin cannot be loaded: {failure}", err=True)
    return 0


def _list(catalogue: Catalogue) -> None:
    width = max(len(name) for name in catalogue.metrics)
    for family in sorted({metric.family for metric in catalogue.metrics.values()}):
        click.echo(click.style(family, bold=True))
        for metric in catalogue.metrics.values():
            if metric.family == family:
                mark = "*" if metric.primary else " "
                click.echo(f"  {metric.name:<{width}} {mark} {metric.title}")
    click.echo("\n* enters the verdict. `degrade metrics NAME` explains one.")


def _explain(metric: Declaration, origin: str) -> None:
    from degrade.metric import CorpusMetric, DocumentMetric, TextMetric

    click.echo(click.style(f"{metric.name}: {metric.title}", bold=True))
    click.echo(textwrap.fill(metric.description, 88, initial_indent="  ", subsequent_indent="  "))
    rows = [
        ("family", metric.family),
        ("unit", metric.unit),
        ("worse", metric.worse),
        ("verdict", _role(metric)),
    ]
    if metric.thresholds is not None:
        limits = " / ".join(f"{limit:g}" for limit in metric.thresholds)
        floor = f", and a difference of at least {metric.floor:g}" if metric.floor else ""
        rows.append(
            ("thresholds", f"{limits} (minor / moderate / severe, {metric.threshold_unit}){floor}")
        )
    if isinstance(metric, DocumentMetric | TextMetric):
        rows.append(("windows", ", ".join(str(window) for window in metric.windows)))
    if isinstance(metric, TextMetric):
        rows.append(("seen on", "the documents themselves, read again, or a profile's sample"))
    elif isinstance(metric, CorpusMetric):
        rows.append(
            (
                "seen on",
                "all groups, in closed form"
                if metric.view == "incidence"
                else "selections of groups of the matched size",
            )
        )
    needs = getattr(metric, "needs", ())
    rows += [
        ("needs", ", ".join(sorted({_shown(need) for need in needs}))),
        ("no value", metric.undefined or "(its author does not say when)"),
        ("source", metric.source),
        ("from", origin),
    ]
    for label, value in rows:
        wrapped = textwrap.wrap(value, 74)
        click.echo(f"  {label:<11} {wrapped[0] if wrapped else ''}")
        for line in wrapped[1:]:
            click.echo(f"  {'':<11} {line}")


def _shown(need: Need) -> str:
    kind = need.summary.__name__.lower()
    return f"{kind} of {need['n']}-grams" if kind == "census" else kind


def _role(metric: Declaration) -> str:
    if metric.sets_level:
        return "sets its level"
    return (
        "says whether the text has shifted, never a level"
        if metric.primary
        else "reported beside it"
    )
