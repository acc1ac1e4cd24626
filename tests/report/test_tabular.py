"""Findings as CSV and Parquet."""

import csv
import io
import subprocess
import sys

import pandas as pd
import pyarrow.parquet as pq
import pytest
from example_records import everything, record

from degrade.errors import MissingExtraError
from degrade.report.frame import COLUMNS, NUMBERS, to_frame
from degrade.report.tabular import CSV, PARQUET, safe

CASES = everything()


@pytest.mark.parametrize("name", sorted(set(CASES) - {"hostile"}))
def test_csv_read_back_is_the_frame(name):
    back = pd.read_csv(io.StringIO(CSV.render(CASES[name])))
    frame = to_frame(CASES[name])
    assert list(back.columns) == list(COLUMNS)
    pd.testing.assert_frame_equal(back[list(NUMBERS)].astype("float64"), frame[list(NUMBERS)])
    for column in ("candidate", "metric", "title", "family", "primary", "matched_tokens"):
        assert list(back[column]) == list(frame[column])


@pytest.mark.parametrize("name", sorted(set(CASES) - {"hostile"}))
def test_parquet_read_back_is_the_frame(name):
    back = pd.read_parquet(io.BytesIO(PARQUET.render(CASES[name])))
    frame = to_frame(CASES[name])
    for column in COLUMNS:
        pairs = zip(back[column], frame[column], strict=True)
        assert all(a == b or (pd.isna(a) and pd.isna(b)) for a, b in pairs), column
    assert dict(back.dtypes)["change"] == "float64"
    assert dict(back.dtypes)["primary"] == "bool"


def test_several_comparisons_are_one_table_with_a_column_for_the_candidate():
    rows = list(csv.DictReader(io.StringIO(CSV.render(CASES["generations"]))))
    assert list(dict.fromkeys(row["candidate"] for row in rows)) == ["gen0", "gen1", "gen5"]


def test_a_table_of_nothing_has_its_columns():
    assert CSV.render(record()) == ",".join(COLUMNS) + "\n"
    assert pq.read_table(io.BytesIO(PARQUET.render(record()))).column_names == list(COLUMNS)


@pytest.mark.parametrize("start", [*"=+-@", "\t=", "\r+", "  -", "\u202e=", "＝"])
def test_text_never_starts_a_formula(start):
    assert str(safe(f"{start}1+1"))[0] == "'"


@pytest.mark.parametrize("number", [-0.4, 1e-9, -3, 0])
def test_numbers_stay_numbers(number):
    assert safe(number) == number


def test_equal_records_give_equal_bytes():
    for format_ in (CSV, PARQUET):
        assert format_.render(CASES["severe"]) == format_.render(everything()["severe"])


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'degrade\[arrow\]'"):
        PARQUET.render(CASES["severe"])


def test_neither_pandas_nor_pyarrow_is_loaded_for_the_formats_to_be_known():
    code = "import degrade.report.tabular, sys; print({'pandas', 'pyarrow'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
