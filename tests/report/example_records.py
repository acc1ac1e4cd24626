"""Records as runs make them, and every record that there can be."""

import dataclasses
import types
import typing
from collections.abc import Mapping

from hypothesis import strategies as st

from degrade.exhibits import (
    Bin,
    Copies,
    Curve,
    Curves,
    Duplicates,
    Evidence,
    Exemplar,
    Keyword,
    Keywords,
    Loop,
    Loops,
    Opening,
    PlantedPhrase,
    PlantedPhrases,
)
from degrade.exhibits_ngrams import Bursting, BurstingNgram, Inherited, InheritedNgram
from degrade.findings import (
    Caution,
    Change,
    Comparison,
    Estimate,
    FamilyLevel,
    Finding,
    Permutation,
    SelfCheck,
    Survival,
    TextNeeded,
    Trend,
    Verdict,
)
from degrade.inference.headline import headline
from degrade.record import CorpusSummary, Explanation, InputFile, Record

HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold]red[/]\x9b2J\u202eevil\u200b<script>\ud800\r\n=1+1"

SETTINGS = {"layer": "word", "groups": 64, "alpha": 0.05, "seed": 0, "limit": None, "exact": True}

KEPT = "share kept"
KINDS = {
    "types_1": ("Word types at matched size", "lexical diversity", "types", "lower", "relative"),
    "types_2": ("Word bigrams at matched size", "lexical diversity", "types", "lower", "relative"),
    "simpson": ("Two random words alike", "lexical diversity", "chance", "higher", "relative"),
    "rare_loss_1": ("Loss of once-seen words", "rare n-gram loss", KEPT, "higher", "points"),
    "rare_loss_2": ("Loss of once-seen bigrams", "rare n-gram loss", KEPT, "higher", "points"),
    "rare_loss_3": ("Loss of once-seen trigrams", "rare n-gram loss", KEPT, "higher", "points"),
    "shared_4": ("4-grams that two documents share", "homogeneity", "chance", "higher", "ratio"),
    "repetition_4": ("Repeated 4-grams in windows", "repetition", "share", "higher", "ratio"),
    "jsd_1": ("Excess divergence of words", "shift", "nats", "either", "nats"),
    "mattr": ("Moving-average type-token ratio", "lexical diversity", "ratio", "lower", "relative"),
}  # fmt: skip
THRESHOLDS = {
    "types_1": (0.03, 0.10, 0.25),
    "types_2": (0.03, 0.10, 0.25),
    "simpson": (0.10, 0.25, 1.0),
    "rare_loss_1": (0.05, 0.15, 0.35),
    "rare_loss_2": (0.05, 0.15, 0.35),
    "rare_loss_3": (0.05, 0.15, 0.35),
    "shared_4": (1.25, 2.0, 5.0),
    "repetition_4": (1.25, 2.0, 5.0),
}


def finding(metric, values, change, level=None, **rest):
    """Return a finding; ``values`` is (reference, candidate), ``change`` is (value, low, high)."""
    title, family, unit, worse, scale = KINDS[metric]
    reference, candidate = values
    return Finding(
        metric=metric,
        title=title,
        family=family,
        primary=metric != "mattr",
        unit=unit,
        worse=worse,
        reference=None if reference is None else Estimate(reference),
        candidate=None if candidate is None else Estimate(candidate),
        change=None if change is None else Change(*change, scale),
        thresholds=THRESHOLDS.get(metric),
        level=level,
        **rest,
    )


def comparison(candidate, level, findings, *, families, tokens=103_000, **rest):
    """Return a comparison with gen0-heldout whose headline is what inference would say."""
    verdict = {
        "ruled_out": rest.pop("ruled_out", None),
        "direction": rest.pop("direction", "same"),
        "shifted": rest.pop("shifted", False),
    }
    undecided = rest.pop("undecided", ())
    tokens_needed = rest.pop("tokens_needed", None)
    role = rest.pop("reference_role", "heldout")
    not_computable = rest.pop("not_computable", ())
    families = {name: FamilyLevel(*pair) for name, pair in families.items()}
    looks = {name: FamilyLevel(*pair) for name, pair in rest.pop("looks", {}).items()}
    words = headline(
        "gen0-heldout",
        candidate,
        level,
        verdict["direction"],
        families,
        findings,
        verdict["ruled_out"],
        tokens,
        role,
        verdict["shifted"],
        tokens_needed,
        matched_length=rest.get("matched_length"),
        looks=looks,
    )
    return Comparison(
        reference="gen0-heldout",
        candidate=candidate,
        matched_tokens=tokens,
        matched_length=rest.pop("matched_length", None),
        verdict=Verdict(
            level=level,
            headline=words,
            families=families,
            undecided=undecided,
            tokens_needed=tokens_needed,
            not_computable=not_computable,
            **verdict,
        ),
        findings=findings,
        **rest,
    )


def keywords():
    less = (
        Keyword("whilst", 64, 3, -2.9, -7.1, -6.2, 1e-8, 1e-5, "and whilst", 4, 10, "gen0/22"),
        Keyword("upon", 402, 180, -0.8, -9.3, -5.1, 1e-5, 0.003),
    )
    more = (Keyword(None, 0, 88, 4.1, 9.0, 8.0, 1e-9, 1e-6),)
    return Keywords(less, more, 41, 1, 3_120, 139_204, 151_022)


def planted():
    words, context = "visit our harbour shop today", "So she left. visit our harbour shop today And"
    first = PlantedPhrase(
        words, 4, 0, 37, 30, 1.0, 25.3, 1e-9, 1e-6, context, 13, 13 + len(words), "gen5/3"
    )
    return PlantedPhrases((first, PlantedPhrase(None, 2, 0, 9, 9, 0.95, 6.1, 1e-4, 0.02)), 2,
                          1_187, 1_200)  # fmt: skip


def loops():
    """Return the loops of both sides: none in the reference."""
    context = "and so he said to her, no more of it no more of it no more of it and went"
    marks = tuple((at, at + 13) for at in range(23, 62, 14))
    return (
        Loops("gen0-heldout", (), 0, 0, 1_187, False),
        Loops("gen5", (Loop("no more of it", 4, 9, "gen5/118", context, marks),), 14, 12, 1_000,
              True),
    )  # fmt: skip


def duplicates():
    """Return the copies of both sides: one is nearly so, and one has no text at hand."""
    first = Opening("gen5/7", "She was a good deal of a woman.", ((0, 31),))
    second = Opening("gen5/90", "She was a great deal of a woman.", ((0, 10), (15, 32)))
    return (
        Duplicates("gen0-heldout", True, (), 0, 0, 1_187, False),
        Duplicates(
            "gen5",
            True,
            (
                Copies(6, 0.83, ("gen5/7", "gen5/90", "gen5/91"), (first, second)),
                Copies(2, 1.0, (), ()),
            ),
            2,
            8,
            1_200,
            False,
        ),
    )


def bursting():
    """Return an n-gram said three times in one place, one out of sight, and one once."""
    text = "no, I say no, and no again: no"
    marks = ((0, 2), (10, 12), (18, 20))
    return Bursting(
        (
            BurstingNgram(
                "no", 1, 211, 96, 230, 1_204, 12.1, 1.08, 1e-9, 4e-6, text, marks, "gen5/118"
            ),
            BurstingNgram(None, 3, 0, 11, 0, 71, 6.4, 1.01, 2e-7, 3e-4),
            BurstingNgram(
                "of the", 2, 701, 702, 1_900, 5_204, 4.2, 1.7, 2e-7, 3e-4,
                "a part of the whole", ((7, 13),), "gen5/7",
            ),
        ),
        5, 18_402, 1_187, 1_200,
    )  # fmt: skip


def inherited():
    """Return what came with the first generation of two, one of it out of sight."""
    place = ("he went to the the sea", 8, 18, "gen5/9")
    return Inherited(
        (
            InheritedNgram("to the the", 3, "gen0", 0, (8, 31, 64), 1e-12, 1e-9, *place),
            InheritedNgram(None, 2, "gen1", 1, (20, 22), 1e-5, 0.003),
        ),
        17, 12, ("gen0", "gen1", "gen5"), (1_187, 1_190, 1_195, 1_200),
    )  # fmt: skip


def severe():
    findings = (
        finding(
            "types_1",
            (14_210.4, 7_375.2),
            (-0.481, -0.512, -0.448),
            "severe",
            p=0.0,
            p_adjusted=0.0,
            direction="worse",
            whole_documents=Change(-0.47, -0.50, -0.44, "relative"),
        ),
        finding("types_2", (61_034, 35_521), (-0.418, -0.43, -0.40), "severe", direction="worse"),
        finding(
            "simpson",
            (0.00934, 0.00846),
            (-0.094, -0.13, -0.05),
            "none",
            ruled_out="minor",
            direction="better",
        ),
        finding("rare_loss_1", (0.392, 0.249), (0.364, 0.29, 0.43), "moderate", direction="worse"),
        finding("rare_loss_2", (0.214, 0.129), (0.395, 0.35, 0.44), "severe", direction="worse"),
        finding("rare_loss_3", (0.087, 0.039), (0.552, 0.491, 0.613), "severe", direction="worse"),
        finding("shared_4", (1.1e-5, 1.13e-4), (10.3, 8.1, 13.2), "severe", direction="worse"),
        finding(
            "repetition_4",
            (0.00172, 0.0002),
            (0.12, 0.02, 0.61),
            "none",
            ruled_out="minor",
            difference=Change(-0.0015, -0.002, -0.001, "points"),
            floor=0.005,
            direction="better",
            histogram=(Bin(0, 0.5, 1_911, 1_990), Bin(0.5, 1, 40, 0), Bin(1, 1.5, 49, 10)),
        ),
        finding("jsd_1", (None, None), (0.213, 0.204, 0.222), p=0.0, p_adjusted=0.0),
        finding("mattr", (0.7211, 0.6302), (-0.126, -0.14, -0.11)),
    )
    lost = tuple(
        Exemplar(
            words, words.count(" ") + 1, count, 0, 1_187, 1_200, 1e-8, 2e-5,
            context, context.index(words), context.index(words) + len(words), f"gen0/{count}",
        )
        for count, words, context in (
            (41, "right honourable", "He begged to ask the right honourable gentleman whether so."),
            (38, "by no means", "It was by no means certain that it would be done by May."),
            (31, "the old harbour", "They walked down to the old harbour before the rain came."),
            (22, "whilst", "She read to him whilst the others slept; and so the night passed."),
            (19, "a good deal of", "There was a good deal of laughter in the next room."),
        )
    )  # fmt: skip
    gained = (
        Exemplar("it is important to note", 5, 0, 96, 1_187, 1_200, 1e-12, 1e-9, None),
        Exemplar(None, 3, 0, 12, 1_187, 1_200, 1e-5, 0.01, None),
    )
    return comparison(
        "gen5",
        "severe",
        findings,
        families={
            "lexical diversity": ("severe", "types_1"),
            "rare n-gram loss": ("severe", "rare_loss_3"),
            "homogeneity": ("severe", "shared_4"),
            "repetition": ("none", "repetition_4"),
        },
        direction="mixed",
        shifted=True,
        matched_length=96,
        evidence=Evidence(
            lost,
            gained,
            212,
            88,
            18_402,
            1,
            keywords(),
            planted(),
            loops(),
            duplicates(),
            bursting(),
            inherited(),
        ),
        self_check=SelfCheck(
            100,
            32,
            60_326,
            2,
            0.02,
            {"types_1": 0.0263, "rare_loss_3": 0.027, "shared_4": 1.44, "jsd_1": 0.0006},
            {"types_1": 0.05, "rare_loss_3": 0.01, "shared_4": 0.03},
        ),
        permutation=Permutation(1_000, False, 32, 31),
    )


def unharmed():
    findings = (
        finding("types_1", (14_210.4, 14_011), (-0.014, -0.05, 0.03), "none", ruled_out="moderate"),
        finding("types_2", (61_034, 60_912), (-0.002, -0.02, 0.018), "none", ruled_out="minor"),
        finding("rare_loss_1", (0.392, 0.403), (-0.028, -0.09, 0.03), "none", ruled_out="minor"),
        finding("rare_loss_3", (0.087, 0.0864), (0.007, -0.05, 0.08), "none", ruled_out="moderate"),
        finding("shared_4", (1.1e-5, 1.1e-5), (1.0, 0.86, 1.16), "none", ruled_out="minor"),
        finding("repetition_4", (0.0017, 0.0023), (1.35, 0.8, 2.2), "none", ruled_out="moderate"),
        finding("jsd_1", (None, None), (0.0007, -0.001, 0.003)),
    )
    return comparison(
        "gen0",
        "none",
        findings,
        families={
            "lexical diversity": ("none", "types_1"),
            "rare n-gram loss": ("none", "rare_loss_3"),
        },
        ruled_out="moderate",
    )


def undecided():
    findings = (
        finding("types_1", (2_210.4, 2_101), (-0.05, -0.17, 0.09), "inconclusive"),
        finding("rare_loss_1", (0.392, 0.353), (0.1, -0.2, 0.33), "inconclusive"),
        finding(
            "repetition_4",
            (None, None),
            None,
            note="fewer than half of the tokens stand in windows of 50 tokens",
        ),
    )
    return comparison(
        "gen1",
        "inconclusive",
        findings,
        families={"lexical diversity": ("inconclusive", "types_1")},
        looks={
            "lexical diversity": ("minor", "types_1"),
            "rare n-gram loss": ("minor", "rare_loss_1"),
        },
        tokens=8_000,
        matched_length=128,
        undecided=(
            TextNeeded("types_1", 0.21, "relative", 45_300),
            TextNeeded("rare_loss_1", 0.36, "points", 52_000),
        ),
        tokens_needed=61_000,
        not_computable=("repetition_4",),
    )


def trained_on():
    findings = (
        finding("types_1", (14_210.4, 14_900), (0.049, 0.02, 0.07), "none", ruled_out="minor"),
        finding("rare_loss_1", (0.39, 0.81), (-1.07, -1.2, -0.9), note="the model saw the text"),
    )
    return comparison(
        "gen1",
        "none",
        findings,
        families={"lexical diversity": ("none", "types_1")},
        ruled_out="moderate",
        reference_role="training",
        paired=True,
        self_check=SelfCheck(0, note="no self-check: halves of 8 groups are too small"),
        permutation=Permutation(256, True, 8, 8),
        survival=(
            Survival(1, 1, 1, 8_032, 0.6023, 0.8112, 0.8001, 0.8223),
            Survival(3, 4, 7, 1, 0.9844, 1.0, 0.98, 1.0),
        ),
    )


def trend(metric, slope, p=None, **rest):
    """Return the trend of a metric over three candidates; ``slope`` is (value, low, high)."""
    title, family, _, _, scale = KINDS[metric]
    return Trend(
        metric,
        title,
        family,
        metric != "mattr",
        ("gen0", "gen1", "gen5"),
        None if slope is None else Change(*slope, scale),
        p,
        test=None if p is None else "jonckheere",
        **rest,
    )


def trends():
    """Return what trends can say: dated surely or not, not yet, never, not at all."""
    return (
        trend(
            "types_1", (-0.104, -0.107, -0.1), 2e-90, p_adjusted=8e-90, direction="worse",
            minor=0.03, first_generation_beyond_minor="gen1", earliest="gen1", latest="gen1",
        ),
        trend(
            "rare_loss_1", (0.069, 0.062, 0.077), 0.0004, p_adjusted=0.002, direction="worse",
            minor=0.05, first_generation_beyond_minor="gen1", earliest="gen0", latest="gen5",
        ),
        trend(
            "rare_loss_2", (0.063, -0.059, 0.18), 0.31, p_adjusted=0.62, direction="same",
            minor=0.05, first_generation_beyond_minor="gen5", earliest="gen1", latest=None,
        ),
        trend(
            "shared_4", (1.1, 0.9, 1.3), 0.4, p_adjusted=0.62, direction="same", minor=1.25,
            earliest="gen5",
        ),
        trend("simpson", (-0.011, -0.018, -0.004), 0.01, direction="better", minor=0.1),
        trend("jsd_1", (0.007, 0.006, 0.008), 2e-84),
        trend("rare_loss_3", (0.4, 0.3, 0.5), 0.001, note="not dated: training data"),
        trend("repetition_4", None, note="not computable for gen1: no window is filled"),
        trend("mattr", (0.002, 0.001, 0.003), 0.00001, direction="better"),
    )  # fmt: skip


def curves(*candidates):
    """Return curves of gen0-heldout and of candidates that are poorer one after the other."""
    names = ("gen0-heldout", *candidates)
    ranks, sizes = (1.0, 10.0, 100.0, 1_000.0, 10_000.0), (2_500.0, 10_000.0, 40_000.0, 139_204.0)
    return Curves(
        103_000,
        tuple(
            Curve(name, 1, ranks[: 5 - (i > 0)], tuple(60_000 / r for r in ranks[: 5 - (i > 0)]))
            for i, name in enumerate(names)
        ),
        tuple(
            Curve(name, 1, ranks[:3], (14_000.0 / (1 + i), 2_400.0, 300.0))
            for i, name in enumerate(names)
        ),
        tuple(
            Curve(name, n, sizes, tuple(8.0 * size ** (0.6 + n / 10 - i / 50) for size in sizes))
            for n in (1, 3)
            for i, name in enumerate(names)
        ),
    )


def explanations():
    return (
        Explanation(
            "types_1", "Word types", "Different words at the matched size.", "S(m)", "no words",
            "A narrower subject has fewer words too.", "Colwell et al. 2012, eq. 17",
        ),
        Explanation("mattr", "Moving-average type-token ratio", "", "", "", "", "Covington 2010"),
    )  # fmt: skip


def record(*comparisons, reference_role="heldout", candidate_name=None, warnings=(), trend=()):
    reference = CorpusSummary(
        "gen0-heldout", "reference", 1_187, 139_204, 790_331, 1_187, True, reference_role,
        files=(InputFile("gen0-heldout/part-000.jsonl", 812_331, "0f" * 32),),
    )  # fmt: skip
    candidates = tuple(
        CorpusSummary(
            candidate_name or item.candidate, "candidate", 1_200, 151_022, 801_201, 1_200, False,
            skipped={"empty-document": 2, "not-utf8": 1},
            examples=("gen5/part-001.jsonl, line 18: byte 0xff at 210 is not UTF-8",),
            files=(InputFile("gen5/part-000.jsonl", 1, "aa" * 32), InputFile("b", 2, "bb" * 32)),
        )
        for item in comparisons
    )  # fmt: skip
    run = {"seconds": 1.25, "workers": 8}
    corpora = (reference, *candidates)
    drawn = curves(*(each.name for each in candidates))
    return Record(
        SETTINGS, corpora, comparisons, trend, tuple(warnings), run, "0.1.0", drawn, explanations()
    )


def lengths_differ():
    return Caution(
        "lengths-differ",
        "Documents differ in length (117 against 126 tokens on average); counts of n-grams look at "
        "the first 96 tokens of each.",
        {"reference": 117.3, "candidate": 125.9, "matched": 96},
    )


def hostile():
    base = severe()
    evil = Exemplar(HOSTILE, 2, 9, 0, 100, 90, 0.001, 0.01, f"a {HOSTILE} b", 2, 2 + len(HOSTILE))
    place = (f"a {HOSTILE} b", 2, 2 + len(HOSTILE), HOSTILE)
    evil_word = Keyword(HOSTILE, 1, 9, 1.0, 2.0, 3.0, 0.001, 0.01, *place)
    evil_words = Keywords((evil_word,), (evil_word,), 1, 1, 2, 100, 90)
    evil_phrase = PlantedPhrase(HOSTILE, 2, 0, 9, 9, 1.0, 6.0, 0.001, 0.01, *place)
    evil_phrases = PlantedPhrases((evil_phrase,), 1, 100, 90)
    whole = ((0, len(HOSTILE)),)
    evil_loop = Loop(HOSTILE, 2, 3, HOSTILE, HOSTILE, whole)
    evil_loops = (Loops(HOSTILE, (evil_loop,), 1, 1, 9, True),)
    evil_copies = Copies(2, 0.9, (HOSTILE,), (Opening(HOSTILE, HOSTILE, whole),))
    evil_duplicates = (Duplicates(HOSTILE, True, (evil_copies,), 1, 2, 9, True),)
    evil_burst = BurstingNgram(
        HOSTILE, 2, 0, 9, 0, 90, 9.0, 1.0, 0.001, 0.01, HOSTILE, whole, HOSTILE
    )
    evil_bursting = Bursting((evil_burst,), 1, 2, 100, 90)
    evil_heir = InheritedNgram(HOSTILE, 2, HOSTILE, 0, (8, 9), 0.001, 0.01, *place)
    evil_heirs = Inherited((evil_heir,), 1, 1, (HOSTILE, HOSTILE), (100, 90, 90))
    bad = dataclasses.replace(
        base,
        candidate=HOSTILE,
        evidence=Evidence(
            (evil,),
            (evil,),
            1,
            1,
            2,
            0,
            evil_words,
            evil_phrases,
            evil_loops,
            evil_duplicates,
            evil_bursting,
            evil_heirs,
        ),
        findings=(
            *base.findings,
            dataclasses.replace(base.findings[0], metric="x", title=HOSTILE, family=HOSTILE),
            dataclasses.replace(base.findings[0], change=None, note=HOSTILE),
        ),
        verdict=dataclasses.replace(base.verdict, headline=HOSTILE),
    )
    warning = Caution("x", HOSTILE, {"t": HOSTILE})
    made = record(bad, candidate_name=HOSTILE, warnings=(warning,))
    corpus = dataclasses.replace(
        made.corpora[1],
        skipped={HOSTILE: 3},
        examples=(HOSTILE,),
        files=(InputFile(HOSTILE, 0, ""),),
    )
    evil = dict.fromkeys(("metric", "title", "description", "formula", "pitfalls"), HOSTILE)
    explained = Explanation(**evil, undefined=HOSTILE, source=HOSTILE)
    return dataclasses.replace(
        made,
        corpora=(made.corpora[0], corpus),
        settings={"t": HOSTILE},
        metrics=(*made.metrics, explained),
    )


def hostile_trend():
    evil = dataclasses.replace(
        trends()[1],
        title=HOSTILE,
        generations=(HOSTILE,) * 3,
        first_generation_beyond_minor=HOSTILE,
        note=HOSTILE,
    )
    return record(unharmed(), undecided(), severe(), trend=(evil, *trends()))


def everything():
    """Return a name and a record for each case that a report has to show."""
    return {
        "severe": record(severe(), warnings=(lengths_differ(),)),
        "unharmed": record(unharmed()),
        "undecided": record(undecided()),
        "training": record(trained_on(), reference_role="training"),
        "generations": record(unharmed(), undecided(), severe(), trend=trends()),
        "hostile": hostile(),
        "hostile trend": hostile_trend(),
    }


# Half a pair is kept as it is; two halves that meet are one character in JSON.
TEXT = st.text(st.one_of(st.characters(), st.just("\udc80")), max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def anything(kind):
    """Return a strategy of every value that the type hint ``kind`` allows."""
    simple = {str: TEXT, float: NUMBERS, int: st.integers(), bool: st.booleans()}
    if kind in simple:
        return simple[kind]
    if kind in (None, type(None)):
        return st.none()
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{name: anything(hint) for name, hint in hints.items()})
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([anything(argument) for argument in arguments])
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(anything(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*[anything(argument) for argument in arguments])
    assert issubclass(origin, Mapping)
    return st.dictionaries(TEXT, anything(arguments[1]), max_size=2)


RECORDS = anything(Record)
