"""``degrade metrics``: what there is, what it costs, and how to read one."""

import json
from dataclasses import dataclass, fields, replace
from types import SimpleNamespace

import pytest

from degrade.metric import CorpusMetric, Declaration
from degrade.plan import Plan
from degrade.registry import MANY, catalogue, nearest
from degrade.report.cards import card_of, limits_of
from degrade.report.counting import counting_of, plural, reads_again
from degrade.summaries import Census, Extent, Moments, Need

METRICS = catalogue().metrics
OWN = '''
"""Metrics of one's own, each of a kind that is marked."""

from dataclasses import replace
from degrade.summaries import Census, Need
from degrade_metrics.lexical_diversity import METRICS as DIVERSITY

(one,) = (m for m in DIVERSITY if m.name == "distinct_1")
rare = replace(one, needs=(Need(Census, layer="line", n=2),), default=False)
METRICS = (
    replace(rare, name="own_asked_for", requires="pip install something"),
    replace(one, name="own_untested", tested=False),
)
'''


@pytest.fixture
def own(tmp_path):
    """Return the file of a plugin."""
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    return tmp_path / "own.py"


def words(text):
    """Return ``text`` whatever its line breaks."""
    return " ".join(text.split())


def test_every_metric_is_listed_once_and_marked(degrade, own):
    _, out, _ = degrade("metrics", "--plugin", own)
    lines = {line.split()[0]: line.split() for line in out.splitlines() if line.startswith("  ")}
    assert {*METRICS, "own_asked_for", "own_untested"} <= {*lines}
    assert {name for name in METRICS if "*" in lines[name][1]} == {
        name for name, metric in METRICS.items() if metric.primary
    }
    assert lines["own_asked_for"][1] == "+!"
    assert lines["own_untested"][1] == "?"
    assert "pip install something" in out
    assert lines["own_asked_for"][-2:] == ["line", "pairs"]


@pytest.mark.parametrize("name", METRICS)
def test_a_card_says_all_that_is_declared(degrade, name):
    status, out, _ = degrade("metrics", name)
    metric = METRICS[name]
    assert status == 0
    said = words(out)
    for attribute in ("title", "family", "description", "formula", "pitfalls", "undefined",
                      "source", "unit", "requires"):  # fmt: skip
        assert words(getattr(metric, attribute)) in said, attribute
    assert limits_of(metric) in said
    assert max(map(len, out.splitlines())) <= 110
    for label in ("worse", "verdict", "counts", "costs", "computed", "from"):
        (line,) = [each for each in out.splitlines() if each.startswith(f"  {label:<11} ")]
        assert line.removeprefix(f"  {label}").strip()


def test_a_family_is_explained_metric_by_metric(degrade):
    _, out, _ = degrade("metrics", "Lexical Diversity")
    heads = [line for line in out.splitlines() if line.endswith("(lexical diversity)")]
    members = [name for name, metric in METRICS.items() if metric.family == "lexical diversity"]
    assert [head.partition(":")[0] for head in heads] == members


def test_the_json_holds_what_is_declared(degrade):
    status, out, _ = degrade("metrics", "--json")
    cards = {card["name"]: card for card in json.loads(out)}
    assert status == 0
    assert {*cards} == {*METRICS}
    for name, metric in METRICS.items():
        limits = None if metric.thresholds is None else list(metric.thresholds)
        assert cards[name]["thresholds"] == limits
        assert cards[name]["needs"] == [need.key for need in metric.needs]
        assert cards[name]["formula"] == metric.formula


def test_an_unknown_name_gets_the_nearest_one(degrade):
    status, _, err = degrade("metrics", "rare_los_2")
    assert status == 2
    assert "did you mean 'rare_loss_2'?" in err


def test_of_many_names_the_nearest_is_said_and_where_the_others_are():
    known = [f"metric_{i}" for i in range(MANY + 1)]
    said = nearest("metrik_7", known, "degrade metrics")
    assert "'metric_7'" in said
    assert "`degrade metrics`" in said
    assert "metric_12" not in said
    assert "metric_12" in nearest("metrik_7", known[:-1], "degrade metrics")


@pytest.mark.parametrize("name", METRICS)
def test_what_is_added_is_what_the_plan_of_the_others_lacks(name):
    metric = METRICS[name]
    names = {"word", *(each for m in METRICS.values() for n in m.needs for each in n.layers)}
    layers = {each: SimpleNamespace(name=each, version="1") for each in names}
    rest = [n for m in METRICS.values() if m.default and m.name != name for n in m.needs]
    grows = Plan.of([*rest, *metric.needs], "word", layers) != Plan.of(rest, "word", layers)
    counting = counting_of(metric, METRICS.values())
    assert bool(counting.added) is (grows or reads_again(metric))
    assert counting.what


@dataclass(frozen=True, kw_only=True)
class _Rereading(Declaration):
    """A metric of no kind that counts."""

    needs: tuple[Need, ...] = (Need(Extent, layer="word"),)


def test_what_reads_the_texts_again_does_not_look_free():
    declared = {each.name: getattr(METRICS["mattr"], each.name) for each in fields(Declaration)}
    rows = dict(card_of(_Rereading(**declared), METRICS.values(), "here").rows)
    assert rows["costs"].startswith("a second reading of the texts, which nothing else")
    assert "read again" in rows["seen on"]


class _Odd(Moments):
    """The odd things in a text.

    And more about them.
    """


def test_a_summary_of_a_plugin_is_called_what_its_docstring_says():
    one = METRICS["types_1"]
    assert isinstance(one, CorpusMetric)
    odd = counting_of(_with(one, Need(_Odd, layer="word")), METRICS.values())
    assert odd.what == odd.added == ("the odd things in a text",)
    free = counting_of(_with(one, Need(Extent, layer="word")), METRICS.values())
    assert (free.what, free.added) == (("sizes of documents",), ())
    lines = counting_of(_with(one, Need(Extent, layer="line")), METRICS.values())
    assert lines.added == ("sizes in lines", "finding lines in every text")


def _with(metric, need):
    return replace(metric, name="own", needs=(need,))


def test_another_layer_has_to_be_found_too():
    one = METRICS["types_1"]
    lines = _with(one, Need(Census, layer="line", n=1))
    assert counting_of(lines, METRICS.values()).added == ("lines", "finding lines in every text")
    words = _with(one, Need(Census, layer="word", n=7))
    assert counting_of(words, METRICS.values()).added == ("word 7-grams",)
    known = (*METRICS.values(), replace(words, name="other", needs=lines.needs))
    pairs = _with(one, Need(Census, layer="line", n=2))
    assert counting_of(pairs, known).added == ("line pairs",)


@pytest.mark.parametrize(
    ("layer", "said"),
    [("word", "words"), ("entity", "entities"), ("pos", "pos"), ("opening:5", "openings (5)")],
)
def test_layers_are_called_by_their_symbols(layer, said):
    assert plural(layer) == said


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("types_1", {}, "-3% / -10% / -25%"),
        ("simpson", {}, "+10% / +25% / +100%"),
        ("rare_loss_1", {}, "5 / 15 / 35 points"),
        ("shared_4", {}, "x1.25 / x2 / x5"),
        ("shared_4", {"worse": "lower"}, "x0.8 / x0.5 / x0.2"),
        ("jsd_1", {}, "0.01 / 0.05 / 0.2 nats"),
        ("simpson", {"scale": "difference", "threshold_unit": "points"}, "+10 / +25 / +100 points"),
        ("mattr", {}, ""),
    ],
)
def test_thresholds_are_written_as_the_changes_that_they_are(name, change, said):
    assert limits_of(replace(METRICS[name], **change)) == said
