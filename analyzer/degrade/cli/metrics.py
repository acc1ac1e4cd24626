"""``degrade metrics [NAME]``."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from degrade.report.cards import Card

_LEGEND = (
    ("*", "enters the verdict"),
    ("+", "computed on request only: --metrics NAME, its family, or all"),
    ("?", "reported without a test"),
    ("!", "requires what the line below it says"),
)
_WIDTH = 88
_COUNTED = 48


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
@click.option("--json", "as_json", is_flag=True, help="Print all that is declared, as JSON.")
def command(name: str | None, plugins: tuple[Path, ...], as_json: bool) -> int:
    """List the metrics by family, or explain those that NAME asks for.

    NAME is a metric, a family, primary, default or all.
    """
    from degrade import registry
    from degrade.report.cards import card_of, plain_card

    catalogue = registry.catalogue(plugins)
    known = tuple(catalogue.metrics.values())
    chosen = known if name is None else catalogue.select([name])
    cards = [card_of(metric, known, catalogue.origins[metric.name]) for metric in chosen]
    if as_json:
        click.echo(json.dumps([plain_card(card) for card in cards], ensure_ascii=False, indent=2))
    elif name is None:
        click.echo(_listed(cards))
    else:
        click.echo("\n\n".join(_explained(card) for card in cards))
    for failure in catalogue.failures.values():
        click.echo(f"degrade: a plugin cannot be loaded: {failure}", err=True)
    return 0


def _listed(cards: Sequence[Card]) -> str:
    from degrade.report.cards import by_family

    names, titles = (
        max((len(getattr(card.metric, text)) for card in cards), default=0)
        for text in ("name", "title")
    )
    lines = []
    for family, members in by_family(cards).items():
        lines.append(click.style(family, bold=True))
        for card in members:
            metric = card.metric
            counted = textwrap.shorten(", ".join(card.counting.what), _COUNTED, placeholder=" ...")
            lines.append(
                f"  {metric.name:<{names}} {_marks(card):<4}{metric.title:<{titles}}  {counted}"
            )
            if metric.requires:
                lines.append(f"  {'':<{names}} {'':<4}{metric.requires}")
    lines += ["", *(f"{mark} {meaning}" for mark, meaning in _LEGEND)]
    lines += [
        "",
        "Last in a line: what is counted for it, once for all metrics that count the same.",
        "`degrade metrics NAME` explains one.",
    ]
    return "\n".join(lines)


def _marks(card: Card) -> str:
    metric = card.metric
    holds = (metric.primary, not metric.default, not metric.tested, bool(metric.requires))
    return "".join(mark for (mark, _), true in zip(_LEGEND, holds, strict=True) if true)


def _explained(card: Card) -> str:
    metric = card.metric
    head = click.style(f"{metric.name}: {metric.title}", bold=True)
    parts = [
        _filled(metric.description or "(its author gives no description)", "  "),
        _filled(metric.formula or "(its author gives no formula)", "      "),
        "\n".join(_filled(value, " " * 14, f"  {label:<11} ") for label, value in card.rows),
    ]
    return "\n".join((f"{head}  ({metric.family})", "\n\n".join(parts)))


def _filled(text: str, indent: str, first: str | None = None) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
