import re
import sys
import types
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from example_records import RECORDS, everything, record, severe, unharmed
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from degrade.errors import UsageError
from degrade.report import run_file, terminal
from degrade.report.charts import files
from degrade.report.charts.colours import STEPS, TONES, class_of, palette
from degrade.report.charts.drawing import legend_of, standalone
from degrade.report.charts.files import PNG, SVG
from degrade.report.charts.scale import scale_over, spread, ticks
from degrade.report.pictures.choice import NAMES, pictures_of
from degrade.report.pictures.model import Axis, Panel, Picture, Point, Series
from degrade.report.renderer import check, write

CASES = everything()
FORMATS = (run_file.REPORTER, terminal.REPORTER, SVG, PNG)
SIZES = st.floats(-1e12, 1e12)


@given(st.lists(SIZES, min_size=1), st.integers(2, 8))
def test_a_scale_holds_its_values_and_its_ticks(values, most):
    scale = scale_over(values, 0.0, 100.0)
    assert all(0 <= scale(value) <= 100 for value in values)
    found = ticks(scale, most)
    assert found == sorted(found)
    assert len(found) <= most + 1
    span = scale.high - scale.low
    assert all(scale.low - 1e-6 * span <= tick <= scale.high + 1e-6 * span for tick in found)


@given(st.lists(st.floats(1e-9, 1e12), min_size=1), st.integers(2, 8))
def test_a_logarithmic_scale_does_too(values, most):
    scale = scale_over(values, 100.0, 0.0, log=True)
    assert all(-1e-9 <= scale(value) <= 100 + 1e-9 for value in values)
    found = ticks(scale, most)
    assert found == sorted(found)
    assert len(found) > 0


ANY = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(ANY, max_size=5), st.booleans(), st.sampled_from([0.0, 0.05]))
def test_no_number_is_too_large_or_too_small(values, log, padded):
    values = [value for value in values if value > 0 or not log]
    scale = scale_over(values, 0.0, 100.0, log=log, padded=padded)
    assert all(-1e-6 <= scale(value) <= 100 + 1e-6 for value in values)
    assert len(ticks(scale, 5)) <= 12


def test_equal_steps_of_a_logarithmic_scale_are_equal_ratios():
    scale = scale_over([1.0, 1_000.0], 0.0, 300.0, log=True)
    assert [round(scale(value), 9) for value in (1, 10, 100, 1_000)] == [0, 100, 200, 300]


def test_ticks_are_round():
    assert ticks(scale_over([0.0, 0.47], 0, 1), 5) == [0, 0.1, 0.2, 0.3, 0.4]
    assert ticks(scale_over([3.0, 15_000.0], 0, 1, log=True), 5) == [10, 100, 1_000, 10_000]
    assert ticks(scale_over([0.6, 3.0], 0, 1, log=True), 5) == [1, 2]


@given(st.lists(st.floats(0, 500), min_size=1, max_size=40).map(sorted), st.floats(1, 100))
def test_labels_never_meet_and_the_last_is_there(places, least):
    assume(len(set(places)) == len(places))
    shown = [places[i] for i in spread(places, least)]
    assert shown[-1] == places[-1]
    assert all(b - a >= least * 0.999 for a, b in pairwise(shown))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_colours_stand_out_from_the_paper(dark):
    colours = palette(dark=dark)
    # WCAG 2: 4.5 for text, 3 for what is drawn.
    for name in ("ink", "muted", *TONES):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name
    for name in ("reference", *(f"k{step}" for step in range(STEPS))):
        assert contrast(colours[name], colours["paper"]) >= 3, name


@pytest.mark.parametrize("dark", [False, True])
def test_candidates_keep_their_order_in_grey(dark):
    lights = [luminance(palette(dark=dark)[f"k{step}"]) for step in range(STEPS)]
    assert lights == sorted(lights, reverse=not dark)


def parse(svg):
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return root


def texts(root):
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("case", CASES)
def test_every_chart_is_well_formed_and_stands_alone(case):
    for name in SVG.names(CASES[case]):
        drawn = SVG.draw(CASES[case], name)
        root = parse(drawn)
        assert not re.search(r"href|url\(|var\(|<script|\bnan\b|\binf\b", drawn)
        first, second = list(root)[:2]
        assert first.tag.endswith("title")
        assert second.tag.endswith("desc")
        assert first.text
        assert second.text


@given(RECORDS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_record_has_charts_that_can_be_drawn(record):
    for drawable in pictures_of(record).named().values():
        drawn = standalone(drawable)
        parse(drawn)
        assert not re.search(r"[\"= ,](nan|inf)", drawn)


NUMBERS = ANY
POINTS = st.builds(Point, NUMBERS, NUMBERS, st.none() | NUMBERS, st.none() | NUMBERS)
LINES = st.lists(
    st.builds(
        Series,
        st.text(st.characters(categories=("L", "N", "P")), max_size=9),
        st.none() | st.floats(0, 1),
        st.lists(POINTS, max_size=5).map(tuple),
    ),
    max_size=3,
).map(tuple)


@given(LINES, st.sampled_from(["line", "dots", "steps"]))
def test_any_lines_can_be_drawn(lines, form):
    panel = Panel("p", Axis("y"), lines, band=(-1.0, 1.0))
    parse(standalone(Picture("k", "t", "a", Axis("x"), form, (panel,))))


def test_a_chart_says_what_its_figures_say():
    root = parse(SVG.draw(CASES["severe"], "forest"))
    said = texts(root)
    assert "Word types at matched size" in said
    assert "-48.1%" in said
    assert "[-51.2, -44.8]" in said
    assert {"minor", "moderate", "severe"} <= set(said)


def test_a_change_stands_between_its_thresholds():
    forest = pictures_of(CASES["severe"]).forests[0]
    rows = {row.title: row for row in forest.rows}
    assert rows["Two random words alike"].gauge.high < 0
    assert 3 < rows["Loss of once-seen words"].gauge.value < 4
    # Noise is of both signs, and narrower than the loss.
    types = rows["Word types at matched size"]
    assert types.noise[0] < 0 < types.noise[1] < 1 < types.gauge.low


def test_worst_families_come_first_in_the_forest():
    forest = pictures_of(CASES["severe"]).forests[0]
    assert forest.rows[0].title == "Loss of once-seen words"
    assert forest.rows[-1].title == "Repeated 4-grams in windows"


def test_trends_have_a_panel_a_measure_and_a_point_a_candidate():
    trend = pictures_of(CASES["generations"]).trend
    assert [text for _, text in trend.x.ticks] == ["gen0", "gen1", "gen5"]
    panels = {panel.title: panel for panel in trend.panels}
    types = panels["Word types at matched size"]
    assert [point.y for point in types.series[0].points] == [-0.014, -0.05, -0.481]
    assert [mark.at for mark in types.marks] == [0, -0.03, -0.1, -0.25]
    assert types.band == (-0.0263, 0.0263)
    ratio = panels["4-grams that two documents share"]
    assert ratio.y.log
    assert ratio.band == (1 / 1.44, 1.44)


def test_words_are_counted_against_the_reference():
    ranks = next(p for p in pictures_of(CASES["severe"]).shapes if p.key == "rank-frequency")
    by_rank, against = ranks.panels
    assert [line.name for line in by_rank.series] == ["gen0-heldout", "gen5"]
    assert [line.place for line in by_rank.series] == [None, 1.0]
    (line,) = against.series
    assert [(point.x, point.y) for point in line.points] == [(1, 0.5), (10, 1), (100, 1)]


def test_of_many_candidates_a_legend_tells_the_ends():
    many = [Series(f"gen{i}", i / 29, (Point(1, 1), Point(2, 2))) for i in range(30)]
    panel = Panel("p", Axis(""), (Series("gen0-heldout", None, ()), *many))
    picture = Picture("k", "t", "a", Axis(""), "line", (panel,))
    assert [name for name, _ in legend_of(picture)] == ["gen0-heldout", "gen0", "gen29"]
    assert class_of(None) == "ref"
    assert [class_of(place) for place in (0.0, 0.5, 1.0)] == ["k0", "k4", "k9"]


def test_a_file_of_one_chart_is_named_after_it(tmp_path):
    path = tmp_path / "forest.svg"
    assert write(CASES["severe"], path, FORMATS) == (str(path),)
    drawn = path.read_text(encoding="utf-8")
    assert drawn == SVG.draw(CASES["severe"], "forest")


def test_a_folder_gets_all_charts(tmp_path):
    folder = tmp_path / "charts"
    written = write(CASES["generations"], f"{folder}/", FORMATS)
    assert sorted(path.name for path in folder.iterdir()) == [
        "forest-1.svg", "forest-2.svg", "forest-3.svg", "histograms.svg",
        "rank-frequency.svg", "trend.svg", "vocabulary-growth.svg",
    ]  # fmt: skip
    assert len(written) == 7
    assert write(CASES["generations"], folder, FORMATS) == written


def checked_and_written(path):
    check(path, FORMATS)
    write(record(unharmed()), path, FORMATS)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("picture.svg", r'no chart is called "picture".*trend, forest'),
        ("forest-0.svg", r'no chart is called "forest-0"'),
        ("trend.svg", r'this run has no chart "trend" \(it has: forest, rank-frequency'),
    ],
)
def test_a_chart_that_is_not_there_names_those_that_are(tmp_path, name, words):
    with pytest.raises(UsageError, match=words):
        checked_and_written(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_charts_have_no_names_but_those_that_are_listed():
    for case in CASES.values():
        for name in SVG.names(case):
            SVG.check(name)
            assert name in NAMES or re.fullmatch(r"forest-\d+", name)


def test_png_without_resvg_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match=r"pip install 'degrade\[png\]'"):
        PNG.draw(CASES["severe"], "forest")


def test_png_without_a_font_is_refused_rather_than_drawn_without_words(monkeypatch):
    blind = types.SimpleNamespace(svg_to_bytes=lambda svg_string, zoom=1: b"the same")
    monkeypatch.setitem(sys.modules, "resvg_py", blind)
    with pytest.raises(UsageError, match="no font"):
        PNG.draw(CASES["severe"], "forest")


def test_png_is_twice_the_size_of_the_svg():
    pytest.importorskip("resvg_py")
    try:
        drawn = PNG.draw(CASES["severe"], "forest")
    except UsageError as error:
        pytest.skip(str(error))
    assert drawn.startswith(b"\x89PNG\r\n")
    width, height = (int.from_bytes(drawn[at : at + 4]) for at in (16, 20))
    root = parse(SVG.draw(CASES["severe"], "forest"))
    assert (width, height) == tuple(2 * int(root.get(side)) for side in ("width", "height"))


def test_severe_has_every_kind_of_picture_or_says_why_not():
    found = pictures_of(record(severe()))
    assert set(found.named()) == {"forest", "rank-frequency", "vocabulary-growth", "histograms"}
    assert [text.partition(":")[0] for text in found.missing] == [
        "No loss by rarity", "No repetition by length",
    ]  # fmt: skip
    assert files.SVG.name == "svg"
