"""How much to keep, as it is said: every way in which it can be told, and in which it cannot."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from degrade.findings import Change, Comparison, Finding, Verdict
from degrade.record import Record
from degrade.recursion import Lineage
from degrade.report.plan import account_of, content
from degrade.shares import planned

RARE = Finding("rare_loss_1", "Once-seen words lost", "rare n-gram loss", True, "share kept",
               "higher", thresholds=(0.05, 0.15, 0.35))  # fmt: skip
SHIFT = Finding("jsd_1", "Excess divergence", "shift", True, "nats", "either",
                thresholds=(0.01, 0.03, 0.10))  # fmt: skip
VERDICT = Verdict("none", None, "same", False, "")


def lost(value, error=0.02, measure=RARE):
    """Return ``measure`` with a loss of ``value``, give or take ``error``; None for no interval."""
    low, high = (None, None) if error is None else (value - error, value + error)
    levels = zip(("none", "minor", "moderate"), measure.thresholds, strict=True)
    level = next((name for name, limit in levels if (low or 0) <= limit), "severe")
    return replace(measure, change=Change(value, low, high, "points"), level=level)


def record(*generations):
    """Return a run whose generations, the original first, have these findings each."""
    comparisons = tuple(
        Comparison("heldout", f"gen{i}", 40_000, None, VERDICT, tuple(findings))
        for i, findings in enumerate(generations)
    )
    return Record({"alpha": 0.05}, (), comparisons)


def kept(losses, error=0.02, generations=2):
    """Return the plan of lineages that keep shares and lose, in their last generation, so much."""
    return planned(
        [
            (
                Lineage("replace", share),
                [
                    record(
                        [lost(0.0, error)],
                        *[[lost(loss / 2, error)]] * (generations - 1),
                        [lost(loss, error)],
                    )
                ],
            )
            for share, loss in losses.items()
        ],
        [0],
        {"learner": "ngram"},
    )


def answer(losses, error=0.02, generations=2):
    return account_of(kept(losses, error, generations)).headline


def test_the_least_share_is_told_with_its_interval():
    # .13 at 0 and .01 at .5: 5 points are at 1/3 of 50%, and 3 and 7 at 3/12 and 5/12.
    assert answer({0.0: 0.13, 0.5: 0.01}, generations=5) == (
        "To stay under a minor loss of rare words for 5 generations, keep at least 33% of the "
        "original text (95% interval 25% to 42%)."
    )


def test_shares_may_be_given_in_any_order():
    assert answer({0.5: 0.01, 0.0: 0.13}) == answer({0.0: 0.13, 0.5: 0.01})


def test_one_generation_is_one():
    assert "for 1 generation," in answer({0.0: 0.13, 0.5: 0.01}, generations=1)


@pytest.mark.parametrize(
    ("losses", "error", "said"),
    [
        # The interval of the least share is open above, below, or at both ends.
        (
            {0.0: 0.2, 0.25: 0.05, 0.5: 0.04},
            0.02,
            "keep at least 25% of the original text (95% interval 22% to more than 50%, the "
            "largest share simulated).",
        ),
        (
            {0.0: 0.2, 1.0: 0.04},
            0.02,
            "keep at least 94% of the original text (95% interval 81% to more than can be kept).",
        ),
        (
            {0.1: 0.06, 0.5: 0.02},
            0.02,
            "keep at least 20% of the original text (95% interval 10% or less to 40%).",
        ),
        (
            {0.0: 0.06, 0.4: 0.02},
            0.02,
            "keep at least 10% of the original text (95% interval 0% to 30%).",
        ),
        (
            {0.0: 0.13, 0.5: 0.01},
            None,
            "keep at least 33% of the original text (no interval: too few groups of documents).",
        ),
        ({0.0: 0.051, 0.5: 0.001}, 0.0001, "keep at least 1% of the original text (95% interval "),
        ({0.0: 0.051, 0.05: 0.001}, 0.0001, "keep at least 0.1% of the original text (95% "),
        # The largest share is not enough.
        (
            {0.0: 0.13, 0.5: 0.09},
            0.02,
            "keep more than 50% of the original text, the largest share simulated, at which gen2 "
            "comes to 9.0% lost [7.0, 11.0] (95% interval: more than that too). To stay under a "
            "moderate one, nothing of the original text need be kept, with 95% confidence.",
        ),
        (
            {0.1: 0.065, 0.5: 0.06},
            0.02,
            "keep more than 50% of the original text, the largest share simulated, at which gen2 "
            "comes to 6.0% lost [4.0, 8.0] (95% interval from 10% or less). To stay under a "
            "moderate one, 10% of the original text, the smallest share simulated, is enough, with "
            "95% confidence.",
        ),
        (
            {0.0: 0.2, 0.5: 0.09, 1.0: 0.06},
            0.02,
            "no share is enough: even where all of the original is kept, gen2 comes to 6.0% lost "
            "[4.0, 8.0]. To stay under a moderate one, keep at least 23% of the original text (95% "
            "interval 14% to 32%).",
        ),
        (
            {0.0: 0.6, 0.5: 0.5},
            0.02,
            "no share is enough: the first model, of the original alone, comes to 30.0% lost "
            "[28.0, 32.0]. No share that was simulated stays under a moderate or a severe one "
            "either.",
        ),
        (
            {0.0: 0.2, 0.5: 0.14},
            0.02,
            "To stay under a moderate one, keep at least 42% of the original text (95% interval "
            "25% to more than 50%, the largest share simulated).",
        ),
        (
            {0.1: 0.4, 0.5: 0.34},
            0.02,
            "To stay under a severe one, keep at least 43% of the original text (95% interval ",
        ),
        # Only one share was simulated.
        (
            {0.0: 0.13},
            0.02,
            "more than one share has to be simulated (--keep 0,0.1,0.25,0.5): keeping nothing, "
            "gen2 comes to 13.0% lost [11.0, 15.0], beyond it.",
        ),
        (
            {0.25: 0.06},
            0.02,
            "keeping 25%, gen2 comes to 6.0% lost [4.0, 8.0], beyond it, though not surely.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_said(losses, error, said):
    told = answer(losses, error)
    assert told.startswith("To stay under a minor loss of rare words for 2 generations, ")
    assert said in told


@pytest.mark.parametrize(
    ("losses", "headline", "spared"),
    [
        (
            {0.0: 0.02, 0.5: 0.01},
            "No measure that could be told comes to a minor loss for 2 generations: nothing of the "
            "original need be kept for them.",
            "Under minor whatever share is kept: Once-seen words lost.",
        ),
        (
            {0.1: 0.04, 0.5: 0.01},
            "Every share that was simulated is enough to stay under a minor loss for 2 "
            "generations.",
            "Under minor whatever share is kept: Once-seen words lost (not surely).",
        ),
    ],
)
def test_what_is_under_minor_whatever_is_kept_is_named(losses, headline, spared):
    account = account_of(kept(losses))
    assert (account.headline, account.spared, account.answers) == (headline, spared, ())


@pytest.mark.parametrize("measures", [(), (SHIFT,)])
def test_without_a_measure_of_the_verdict_none_is_said_to_be_safe(measures):
    shown = record(
        *[[replace(each, change=Change(0.1, 0.0, 0.2, "nats")) for each in measures]] * 2
    )
    found = planned([(Lineage("replace", 0.0), [shown])], [0], {"learner": "ngram"})
    assert account_of(found).headline == (
        "How much of the original to keep is told by measures of the verdict, and none of them was "
        "asked for."
    )
    assert "none of them was asked for" in content(found, ".html")


def test_a_loss_that_has_passed_counts():
    # Generation 1 loses more than generation 2 of either lineage.
    runs = [
        (Lineage("replace", share), [record([lost(0.0)], [lost(loss)], [lost(0.0)])])
        for share, loss in ((0.0, 0.13), (0.5, 0.01))
    ]
    (need,) = planned(runs, [0], {}).needs
    assert need.least[0].keep == pytest.approx(1 / 3)
    assert [course.worst for course in need.courses] == [1, 1]


def seeded(by_share, seeds=3):
    """Return the plan of one generation whose loss each seed has another of."""
    return planned(
        [
            (Lineage("replace", share), [record([lost(0.0)], [lost(loss)]) for loss in losses])
            for share, losses in by_share.items()
        ],
        range(seeds),
        {},
    )


def test_intervals_over_seeds_are_of_the_means():
    found = seeded({0.0: (0.12, 0.13, 0.14), 0.5: (0.0, 0.01, 0.02)})
    (need,) = found.needs
    # t at .975 with 2 degrees of freedom is 4.302653: the error of a mean is .01 / sqrt(3).
    reach = 4.302653 * 0.01 / 3**0.5
    change = need.courses[0].steps[1].change
    assert (change.value, change.low, change.high) == pytest.approx(
        (0.13, 0.13 - reach, 0.13 + reach)
    )
    assert need.least[0].keep == pytest.approx(1 / 3)
    assert need.least[0].low == pytest.approx((0.08 - reach) / 0.12 / 2)
    assert need.least[0].high == pytest.approx((0.08 + reach) / 0.12 / 2)
    assert (found.basis, found.seeds) == ("seeds", (0, 1, 2))
    # Surely beyond minor (5 points), not beyond moderate (15).
    assert [course.steps[1].level for course in need.courses] == ["minor", "none"]
    assert any("means over 3 seeds (0 to 2)" in note for note in account_of(found).notes)
    assert any("(seed 0 alone, " in note for note in account_of(kept({0.0: 0.1})).notes)


def test_what_one_seed_could_not_compute_is_not_told():
    without = replace(RARE, note="too little")
    runs = [
        (Lineage("replace", 0.0), [record([lost(0.0)], [each]) for each in (without, lost(0.1))])
    ]
    found = planned(runs, [0, 1], {})
    (need,) = found.needs
    assert need.courses[0].steps[1].change is None
    assert need.least == ()
    assert account_of(found).headline == (
        "How much of the original to keep cannot be told: no measure could be computed in all "
        "generations."
    )
    assert account_of(found).tables[0].rows[0][1][1].change == "-"
    for suffix in (".json", ".html", ".txt"):
        assert content(found, suffix)


def test_losses_of_rare_words_come_first_and_each_affected_measure_has_a_sentence():
    types = Finding("types_1", "Different words", "lexical diversity", True, "types", "lower",
                    thresholds=(0.03, 0.10, 0.25))  # fmt: skip
    shift = Finding("jsd_1", "Divergence", "shift", True, "nats", "either")

    def findings(loss):
        words = replace(types, change=Change(-loss, -loss - 0.01, 0.01 - loss, "relative"))
        apart = replace(shift, change=Change(loss, loss, loss, "nats"))
        return [apart, words, lost(loss)]

    runs = [
        (Lineage("replace", share), [record(findings(0.0), findings(loss))])
        for share, loss in ((0.0, 0.13), (0.5, 0.01))
    ]
    account = account_of(planned(runs, [0], {}))
    assert [answer.partition(" for ")[0] for answer in account.answers] == [
        "To stay under a minor loss of rare words",
        "To stay under a minor loss of different words",
    ]
    assert "keep at least 42% of the original" in account.answers[1]
    assert [table.metric for table in account.tables] == ["rare_loss_1", "types_1", "jsd_1"]


def test_regimes_that_keep_all_are_told_by_level():
    runs = [
        (Lineage("replace", 0.0), [record([lost(0.0)], [lost(0.13)])]),
        (Lineage("accumulate", 0.0), [record([lost(0.0)], [lost(0.2)])]),
        (Lineage("accumulate-subsample", 0.0), [record([lost(0.0)], [lost(0.01)])]),
    ]
    account = account_of(planned(runs, [0], {}))
    assert account.regimes == (
        "Under accumulate, losses are moderate by Once-seen words lost.",
        "Under accumulate-subsample, no loss is shown.",
    )
    alone = account_of(planned(runs[1:], [0], {}))
    assert alone.headline == (
        "How much of the original to keep is told under the regime replace alone."
    )


class Shown(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.ids = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]


def test_text_of_others_is_escaped_everywhere():
    hostile = replace(RARE, metric="x", title='<script>alert("x")</script>\x1b[31m\u202e')
    run = record([lost(0.0, measure=hostile)], [lost(0.13, measure=hostile)])
    found = planned(
        [(Lineage("replace", 0.0), [run]), (Lineage("replace", 0.5), [run])],
        [0],
        {"learner": "<b>"},
    )
    page = content(found, ".html")
    assert Shown(page).tags.count("script") == 1
    assert "<b>" not in page
    for text in (page, content(found, ".txt")):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_the_page_is_well_made():
    found = kept({0.0: 0.13, 0.25: 0.06, 0.5: 0.01})
    shown = Shown(content(found, ".html"))
    assert len(shown.ids) == len(set(shown.ids))
    assert "svg" in shown.tags
    page = content(found, ".html")
    assert account_of(found).headline in page
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= set(shown.ids)
    assert re.findall(r'href="([^#"]+)"', page) == [
        "replace/report.html",
        "replace-keep-0.25/report.html",
        "replace-keep-0.5/report.html",
    ]


def test_json_has_the_figures_and_the_answers():
    plan = json.loads(content(kept({0.0: 0.13, 0.5: 0.01}), ".json"))
    least = plan["needs"][0]["least"][0]
    assert (least["limit"], least["outcome"], least["at"]) == ("minor", "between", 0.05)
    assert (least["keep"], least["low"], least["high"]) == pytest.approx((1 / 3, 1 / 4, 5 / 12))
    assert plan["answers"] == [answer({0.0: 0.13, 0.5: 0.01})]
    assert plan["seeds"] == [0]
    assert plan["needs"][0]["courses"][0]["steps"][2]["change"]["value"] == 0.13


def test_generations_that_do_not_fit_side_by_side_go_below():
    text = content(kept({0.0: 0.13, 0.5: 0.01}, generations=30), ".txt")
    assert max(map(len, text.splitlines())) <= 100
    assert all(f"gen{i} " in text.replace("\n", " ") for i in range(31))
