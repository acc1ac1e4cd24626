import math
import subprocess
import sys

from example_records import everything, record

from degrade.report.frame import COLUMNS, to_frame

CASES = everything()


def test_there_is_one_row_a_finding_in_order():
    made = CASES["generations"]
    frame = to_frame(made)
    assert list(frame.columns) == list(COLUMNS)
    assert list(zip(frame["candidate"], frame["metric"], strict=True)) == [
        (each.candidate, item.metric) for each in made.comparisons for item in each.findings
    ]


def test_values_and_intervals_stand_in_their_columns():
    row = to_frame(CASES["severe"]).set_index("metric").loc["types_1"]
    assert (row["reference_value"], row["candidate_value"]) == (14_210.4, 7_375.2)
    assert (row["change"], row["change_low"], row["change_high"]) == (-0.481, -0.512, -0.448)
    assert (row["whole_documents"], row["scale"], row["level"]) == (-0.47, "relative", "severe")
    assert row["matched_tokens"] == 103_000


def test_what_is_not_computable_is_missing_and_its_reason_is_there():
    row = to_frame(CASES["undecided"]).set_index("metric").loc["repetition_4"]
    assert math.isnan(row["change"])
    assert "windows" in row["note"]


def test_numbers_stay_numbers_even_where_none_is_there():
    frame = to_frame(record())
    assert len(frame) == 0
    assert frame["change"].dtype == frame["p"].dtype == "float64"


def test_pandas_is_loaded_only_for_those_who_ask():
    code = "import degrade.report.frame, sys; print('pandas' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
