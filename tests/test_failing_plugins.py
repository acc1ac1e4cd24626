"""What a plugin does wrong is said of the plugin, and where in it."""

import pytest

import degrade
from degrade.errors import PluginError

HEAD = """
from dataclasses import replace
from degrade_metrics.lexical_diversity import METRICS as ALL

types = next(metric for metric in ALL if metric.name == "types_1")
mattr = next(metric for metric in ALL if metric.name == "mattr")
"""
COMPUTE = """
def careless(view):
    return 1 / 0

METRICS = (replace(types, name="careless", compute=careless, primary=False),)
"""
ANCHOR = """
def careless(view):
    return view.no_such_thing

def value(view, anchor):
    return 1.0

METRICS = (
    replace(types, name="careless", compute=value, anchor=careless,
            view="selection", primary=False),
)
"""
MEASURE = """
def careless(segments, window):
    raise KeyError("lost")

METRICS = (replace(mattr, name="careless", measure=careless),)
"""
INFINITE = """
import numpy as np

def careless(segments, window):
    ones = np.ones(len(segments.bounds) - 1)
    return ones * np.inf, ones

METRICS = (replace(mattr, name="careless", measure=careless),)
"""
UNEVEN = """
import numpy as np

def careless(segments, window):
    return np.ones(len(segments.symbols)), np.ones(len(segments.symbols))

METRICS = (replace(mattr, name="careless", measure=careless),)
"""
NAN = """
def careless(view):
    return float("nan")

METRICS = (replace(types, name="careless", compute=careless),)
"""
NAN_LEFT_OUT = """
def careless(view):
    return float("nan") if view.left_out == 3 else 1.0

METRICS = (replace(types, name="careless", compute=careless),)
"""
TEXTS = [f"{i} some words {i * i} of which there are {i % 7} more" for i in range(120)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (COMPUTE, r"metric 'careless' fails: ZeroDivisionError.*\(own\.py, line 9\)"),
        (ANCHOR, r"metric 'careless' fails: AttributeError.*\(own\.py, line 9\)"),
        (MEASURE, r"metric 'careless' fails: KeyError\('lost'\) \(own\.py, line 9\)"),
        (NAN, r"metric 'careless' fails: its change is nan"),
        (NAN_LEFT_OUT, r"metric 'careless' fails: with a group .* left out, its error is nan"),
        (UNEVEN, r"metric 'careless' fails: \(\d+,\) numerators .* for \d+ documents"),
        (INFINITE, r"metric 'careless' fails: .* not finite"),
    ],
)
def test_a_failing_metric_is_named_with_its_line(tmp_path, body, said):
    file = tmp_path / "own.py"
    file.write_text(HEAD + body, encoding="utf-8")
    with pytest.raises(PluginError, match=said):
        degrade.compare(
            TEXTS, TEXTS[::-1], metrics=["careless"], plugins=[file], workers=1, self_check=0
        )
