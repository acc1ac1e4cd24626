"""Write docs/metrics.md from what the metrics declare of themselves.

Usage: python tools/make_metrics_page.py [OUTPUT]

The page holds the metrics that come with degrade, whatever other plugins are installed.
"""

from __future__ import annotations

import configparser
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from degrade.errors import PluginError
from degrade.registry import METRICS, catalogue, load
from degrade.report.cards import Card, by_family, card_of
from degrade.report.counting import few

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "docs" / "metrics.md"
DISTRIBUTION = "degrade "

_HEAD = """\
<!-- Written by tools/make_metrics_page.py from the declarations of the metrics: change those. -->

# Metrics

Every measure that degrade knows, by family: what it is, from when a change counts, when there is no
value, and what is easily misread. `degrade metrics` lists them, with those of plugins;
`degrade metrics NAME` prints one; [statistics.md](statistics.md) says how changes become a verdict.

**Bold** ones enter the verdict; *slanted* ones are computed on request only. `--metrics` takes
names, families, `primary`, `default` or `all`, by commas; without it, all but the slanted are
computed. `--threshold NAME=MINOR,MODERATE,SEVERE` sets thresholds.

In formulas, the corpus has N tokens in G groups of documents. The n-gram t occurs c_t times, c_gt
of them in group g, and d_t of the groups hold it, unless said otherwise. m is the matched size, and
C(a, b) the number of ways to choose b of a, for real numbers too.
"""

_COSTS = """\
## What it costs

A run reads every text once and counts for all metrics together. What several metrics have counted
is counted once, so what a metric costs depends on the others: see *costs* below. Of the pass for
the default metrics, on 20 MB of books (`benchmarks/bench_metrics.py` measures it on any text):

| done once | share of the default pass |
|---|---|
| finding words, and what every profile holds | 13% |
| counting words | 24% |
| counting word pairs | 19% |
| counting word triples | 18% |
| counting word 4-grams | 16% |
| windows of 50 to 500 words, for `mattr` | 6% |
| windows of 50 to 200 words, for `repetition_4` | 4% |

Where a metric asks for them, lines are found in 2%, paragraphs in 3%, sentences in 6% and
characters in 5% of that time, and characters are counted in another 3%. What metrics of documents
look at is looked up once: all of Gopher's take as long as one (14%), repetition of any orders and
the longest repeat 25%. Compressors cost most: 93% for gzip and 37% for Zstandard, which compress
every text in three sizes of chunks. All metrics together take a little more than three times the
default pass; on short texts, twice.

A pass for one metric of words takes as long as one for all that count words: a third of the
default pass. What is counted by default costs nothing to ask for. What adds more than about 3% to
the pass, or has to be installed, is computed on request only.
"""


def own_cards() -> list[Card]:
    """Return the cards of the metrics that come with degrade. Raises PluginError if some fail."""
    found = catalogue()
    origins = load(METRICS).origins
    own = {name for name, origin in origins.items() if origin.startswith(DISTRIBUTION)}
    missing = sorted(_declared() - own)
    if missing:
        raise PluginError(
            f"metrics of setup.cfg that are not installed: {few(tuple(missing), 9)} "
            "(install this checkout again: pip install -e .)"
        )
    metrics = [m for m in found.metrics.values() if found.origins[m.name].startswith(DISTRIBUTION)]
    return [card_of(metric, metrics, found.origins[metric.name]) for metric in metrics]


def _declared() -> set[str]:
    """Return the entry points of metrics that setup.cfg names."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = parser["options.entry_points"][METRICS].strip().splitlines()
    return {line.partition("=")[0].strip() for line in lines}


def page(cards: Iterable[Card]) -> str:
    """Return the page."""
    families = by_family(cards)
    parts = [_HEAD, *_contents(families), "", *_thresholds(families), "", _COSTS.rstrip()]
    for family, members in families.items():
        parts += ["", f"## {_sentence(family)}"]
        for card in members:
            parts += ["", *_section(card)]
    return "\n".join(parts) + "\n"


def _contents(families: Mapping[str, list[Card]]) -> Iterator[str]:
    yield "| family | metrics |"
    yield "|---|---|"
    for family, members in families.items():
        anchor = family.casefold().replace(" ", "-")
        yield f"| [{family}](#{anchor}) | {', '.join(map(_link, members))} |"


def _link(card: Card) -> str:
    metric = card.metric
    mark = "**" if metric.primary else "" if metric.default else "*"
    return f"{mark}[`{metric.name}`](#{metric.name}){mark}"


def _thresholds(families: Mapping[str, list[Card]]) -> Iterator[str]:
    yield "## Thresholds"
    yield ""
    yield "The changes from which a loss is minor, moderate and severe. A change has to lie beyond"
    yield "with its whole interval, and the value itself has to differ by the least difference, if"
    yield "there is one."
    yield ""
    yield "| metric | worse | minor / moderate / severe | least difference | in the verdict |"
    yield "|---|---|---|---|---|"
    for members in families.values():
        for card in members:
            if card.limits:
                metric = card.metric
                least = f"{metric.floor:g}" if metric.floor else ""
                yield (
                    f"| [`{metric.name}`](#{metric.name}) | {metric.worse} | {card.limits} "
                    f"| {least} | {card.role} |"
                )


def _section(card: Card) -> Iterator[str]:
    metric = card.metric
    yield f"### {metric.name}"
    yield ""
    yield f"**{_plain(metric.title)}.** {_plain(metric.description)}"
    yield ""
    yield f"    {metric.formula}"
    yield ""
    for label, text in card.rows:
        if label != "from":
            yield f"- *{label}*: {_plain(text)}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    """Return ``text`` such that Markdown shows it as it is."""
    for mark in "\\*<[|":
        text = text.replace(mark, f"\\{mark}")
    # Underscores within words are shown as they are; at their edges they would be emphasis.
    return " ".join(f"`{word}`" if word.startswith("_") else word for word in text.split())


if __name__ == "__main__":
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    try:
        output.write_text(page(own_cards()), encoding="utf-8")
    except PluginError as error:
        sys.exit(str(error))
