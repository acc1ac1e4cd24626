"""Audits by time: bins that fit, what grows worse, and since when."""

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.auditing.timing import Bins, Moment, moment
from degrade.errors import UsageError

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"


def sentences(name):
    found = []
    for line in (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        found += [s for s in re.split(r"(?<=[.!?”])\s+", text) if 3 < len(s.split()) < 40]
    return found


def write(path, months, *, copied=(), made=(), each=600, seed=0):
    """Write documents of each month; a fifth of those of ``copied`` repeat another."""
    rng = np.random.default_rng(seed)
    human, machine = sentences("gen0"), sentences("gen5")
    with path.open("w", encoding="utf-8") as file:
        for month in months:
            pool = machine if month in made else human
            texts = [" ".join(pool[j] for j in rng.integers(0, len(pool), 4)) for _ in range(each)]
            if month in copied:
                texts[: each // 5] = texts[each // 5 : 2 * (each // 5)]
            for i, text in enumerate(texts):
                row = {"id": f"{month}-{i}", "created": f"{month}-{1 + i % 28:02}T10:00:00Z"}
                file.write(json.dumps({**row, "text": text}) + "\n")


MONTHS = [f"2023-{m:02}" for m in range(1, 9)]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    path = tmp_path_factory.mktemp("times") / "crawl.jsonl"
    write(path, MONTHS, copied=MONTHS[5:])
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "x", "created": None, "text": "One more is here."}) + "\n")
    return degrade.audit(path, time_field="created", workers=1)


def test_months_are_told_in_order_with_what_has_no_time(found):
    time = found.time
    assert (time.field, time.unit, time.width, time.undated) == ("created", "month", 1, 1)
    assert [each.name for each in time.bins] == MONTHS
    assert all(each.documents == 600 for each in time.bins)
    assert found.documents == 8 * 600 + 1
    assert [len(found.sources), found.sources[0].copies] == [1, 3 * 240]
    assert [each.copies for each in time.bins] == [0] * 5 + [240] * 3


def test_what_grows_worse_is_dated(found):
    trends = {trend.measure: trend for trend in found.time.trends}
    copies = trends["copies"]
    assert copies.direction == "worse"
    assert (copies.since, copies.earliest, copies.latest) == (MONTHS[5],) * 3
    assert copies.values == pytest.approx([0.0] * 5 + [0.4] * 3)
    assert copies.bins == tuple(MONTHS)
    others = [trend for name, trend in trends.items() if name != "copies"]
    assert len(others) >= 4
    assert {trend.direction for trend in others} == {"same"}
    assert {trend.since for trend in others} == {None}
    assert {each.name for each in found.time.bins if each.stands_out} == {*MONTHS[5:]}


def test_variety_that_is_lost_is_dated(tmp_path):
    write(tmp_path / "crawl.jsonl", MONTHS[:6], made=MONTHS[3:6], each=1_000, seed=1)
    time = degrade.audit(tmp_path / "crawl.jsonl", time_field="created").time
    (variety,) = [trend for trend in time.trends if trend.direction == "worse"]
    assert variety.measure == "variety"
    assert variety.since == MONTHS[3]
    assert variety.values[-1] < 0.9 * variety.values[0]


def test_workers_change_nothing_of_times(tmp_path):
    write(tmp_path / "crawl.jsonl", MONTHS[:3], copied=MONTHS[:1], each=300)
    one, two = (
        degrade.audit(tmp_path / "crawl.jsonl", time_field="created", workers=w) for w in (1, 3)
    )
    assert one == two


def test_no_change_over_time_is_hardly_ever_told():
    # 24 corpora, six measures adjusted for: at .05, five or more tell anything by chance in 1%.
    from degrade.auditing.contrasts import Gathered
    from degrade.auditing.measures import NAMES
    from degrade.auditing.trending import trends
    from degrade.text.document import GROUPS

    told = 0
    for seed in range(24):
        rng = np.random.default_rng(seed)
        under = np.full((10, GROUPS), 30)
        shares = {name: (rng.binomial(under, 0.05), under) for name in NAMES if name != "variety"}
        none = np.full((10, 1 + GROUPS), np.nan)
        found = trends(Gathered(shares, none, under, {}), [str(i) for i in range(10)], shared=False)
        assert len(found) == len(NAMES) - 1
        told += any(trend.direction != "same" for trend in found)
    assert told <= 4


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2021-03-05", Moment("day", date(2021, 3, 5).toordinal())),
        ("2021-03-05T23:59:59+02:00", Moment("day", date(2021, 3, 5).toordinal())),
        ("2021-03-05 10:00", Moment("day", date(2021, 3, 5).toordinal())),
        ("20210305", Moment("day", date(2021, 3, 5).toordinal())),
        ("20211305", Moment("number", 20211305)),
        ("2021-03", Moment("month", 2021 * 12 + 2)),
        ("1851", Moment("year", 1851)),
        ("7", Moment("number", 7)),
        ("-3", Moment("number", -3)),
        ("1614902400", Moment("day", date(2021, 3, 5).toordinal())),
        ("1614902400000", Moment("day", date(2021, 3, 5).toordinal())),
        *((bad, None) for bad in ("", "soon", "2021-13", "2021-02-30", "2021/03/05", "1.5")),
    ],
)
def test_dates_and_numbers_are_read_as_the_page_says(said, expected):
    assert moment(said) == expected


def bins(said, each=500):
    return Bins.of(Counter({moment(time): each for time in said}))


def test_bins_are_the_finest_that_fit():
    days = [f"2021-{m:02}-{d:02}" for m in (1, 2) for d in range(1, 28)]
    assert bins(days) == Bins("day")
    assert bins(days, each=100) == Bins("month")
    assert bins([*days, "2021-03"]) == Bins("month")
    assert bins([*days, "2021"]) == Bins("year")
    many = [f"{y}-{m:02}-01" for y in range(2000, 2020) for m in range(1, 13)]
    assert bins(many) == Bins("year")
    assert bins([str(year) for year in range(1800, 2000)]) == Bins("year", 5)
    assert bins([str(number) for number in range(6)]) == Bins("number")
    five = bins([str(year) for year in range(1800, 2000)])
    assert five.label("1804") == "1800 to 1804"
    assert five.label("1805-07-01") == "1805 to 1809"
    assert five.place("1800 to 1804") < five.place("1805 to 1809")
    assert bins(days).label("never") == ""
    wide = bins([str(number) for number in range(-100, 400)])
    assert wide == Bins("number", 10)
    assert wide.label("-7") == "-10 to -1"
    assert wide.place("-10 to -1") < wide.place("0 to 9")


def test_a_field_without_times_is_refused(tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text('{"when": "soon", "text": "one"}\n', "utf-8")
    with pytest.raises(UsageError, match=r"no document has a time in field 'when'; 'soon' is no"):
        degrade.audit(path, time_field="when")
    with pytest.raises(UsageError, match="documents in memory"):
        degrade.audit([{"when": "2020", "text": "one"}], time_field="when")


def test_times_of_parquet_are_read(tmp_path):
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    when = [datetime(2020, 1 + i % 3, 5, 10) for i in range(900)]
    texts = [f"this is text {i} of {i * 7}" for i in range(900)]
    table = pyarrow.table({"when": pyarrow.array(when, pyarrow.timestamp("us")), "text": texts})
    parquet.write_table(table, tmp_path / "some.parquet")
    time = degrade.audit(tmp_path / "some.parquet", time_field="when").time
    assert (time.unit, [each.name for each in time.bins]) == (
        "day",
        ["2020-01-05", "2020-02-05", "2020-03-05"],
    )
