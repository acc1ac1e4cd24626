"""Numbers as a person reads them: the one place that rounds."""

from __future__ import annotations

from collections.abc import Mapping

from degrade.findings import Change, Scale

PERCENT_UNITS = frozenset({"share", "chance", "probability", "fraction", "proportion"})

KEPT = "share kept"
"""The unit of losses: values are shares that come back, the change is how much smaller they are."""
KEPT_LEGEND = (
    "kept: of what half of the reference holds once (or as often as is said), the share that as "
    "much other text holds too, fresh text of the reference first. lost: how much smaller that "
    "share is"
)
LEGEND: Mapping[Scale, str] = {
    "relative": "%: relative to the reference's value",
    "ratio": "x: times the reference's value",
    "points": "points: percentage points",
    "nats": "nats: 0 where word frequencies are the same, 0.693 where no word is common to both",
}


def count(number: int) -> str:
    """Return ``103,000``."""
    return f"{number:,}"


def things(number: int, singular: str, plural: str | None = None) -> str:
    """Return ``1 document``, ``1,200 documents``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def value(number: float | None, unit: str) -> str:
    """Return a metric's value to three digits; shares as percent, and as ``1 in 91,000`` if small.

    A share is a unit whose first word says so (``share of types``). Empty for None.
    """
    if number is None:
        return ""
    if unit.partition(" ")[0] not in PERCENT_UNITS:
        return _three_digits(number)
    kept = " kept" if unit == KEPT else ""
    if 0 < number < 1e-4:
        small = f"1 in {float(f'{1 / number:.2g}'):,.0f}" if number > 1e-12 else "almost 0%"
        return small + kept
    return f"{_three_digits(100 * number)}%{kept}"


def whole_percent(share: float) -> str:
    """Return a share as ``4%``, and 0 or 100 only where it is that: else ``<1%``, ``>99%``."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{100 * share:.0f}%"


def percent(share: float) -> str:
    """Return a share as ``12.3%``, to be read one below the other."""
    return f"{_fixed(100 * share, 1)}%" if share else "0%"


def change(of: Change, unit: str = "") -> str:
    """Return ``-18.7%``, ``+4.9%``, ``x5.8``, ``7.6 points`` or ``0.213 nats``.

    Of a metric in the ``unit`` of losses, ``7.6% lost``.
    """
    if of.scale == "points" and unit == KEPT:
        return f"{_hundredths(of.value, 1)}% lost"
    if of.scale == "ratio":
        return f"x{_times(of.value)}"
    if of.scale == "points":
        return f"{_hundredths(of.value, 1)} points"
    if of.scale == "nats":
        return f"{_fixed(of.value, 3)} nats"
    percent = _percent(of.value, of)
    return f"+{percent}%" if of.value > 0 and percent.strip("0.,") else f"{percent}%"


def interval(of: Change) -> str:
    """Return ``[-21.0, -16.3]`` in the change's unit; ``?`` for one unknown end, empty for two."""
    if of.low is None and of.high is None:
        return ""
    ends = ["?" if end is None else _end(end, of) for end in (of.low, of.high)]
    return f"[{ends[0]}, {ends[1]}]"


def change_with_interval(of: Change, unit: str = "") -> str:
    """Return ``-18.7% [-21.0, -16.3]``."""
    return f"{change(of, unit)} {interval(of)}".rstrip()


def size(of: float, scale: Scale, unit: str = "") -> str:
    """Return how large a change is, whichever way it goes: ``21.0%``, ``x1.5``, ``9.0 points``."""
    said = change(Change(of, None, None, scale), unit).lstrip("+-")
    return said.removesuffix(" lost")


def rough(number: int) -> str:
    """Return ``number`` to two digits: it is a rough figure and should look like one."""
    return f"{round(number, -max(0, len(str(number)) - 2)):,}"


def chance(p: float | None) -> str:
    """Return a p-value as ``p < 0.0001`` or ``p = 0.013``; empty for None."""
    if p is None:
        return ""
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.2g}"


def confidence(alpha: object) -> str:
    """Return the level of confidence that the setting ``alpha`` asks for, ``95%``."""
    if isinstance(alpha, float) and 0 < alpha < 1:
        return f"{100 * (1 - alpha):.6g}%"
    return "95%"


def _end(number: float, of: Change) -> str:
    if of.scale == "ratio":
        return _times(number)
    if of.scale == "nats":
        return _fixed(number, 3)
    return _hundredths(number, 1) if of.scale == "points" else _percent(number, of)


def _percent(number: float, of: Change) -> str:
    """Return percent with the digits of the whole figure: value and ends are read together."""
    largest = max(abs(end) for end in (of.value, of.low, of.high) if end is not None)
    return _hundredths(number, 0 if largest >= 9.995 else 1)


def _hundredths(share: float, digits: int) -> str:
    """Return 100 times ``share``, and 100 only where it is that: else ``99.6`` or ``>99.9``.

    Losses have no lower end (what comes back more often than it should is a loss below 0), and far
    down there is nothing to read: ``<-1,000``.
    """
    percent = 100 * share
    if percent < -1000:
        return "<-1,000"
    whole = abs(percent) < 100 <= round(abs(percent), digits)
    if not whole:
        return _fixed(percent, digits)
    if round(abs(percent), 1) < 100:
        return _fixed(percent, 1)
    return ">99.9" if percent > 0 else "<-99.9"


def _times(number: float) -> str:
    if abs(number) < 0.0005:
        return "0" if number == 0 else "0.000"
    return _digits(number, ((99.95, 0), (1.995, 1), (0.0995, 2), (0.0, 3)))


def _three_digits(number: float) -> str:
    if number == 0:
        return "0"
    if abs(number) < 1e-4:
        return f"{number:.2e}"
    return _digits(number, ((99.95, 0), (9.995, 1), (0.9995, 2), (0.0995, 3), (0.0, 4)))


def _digits(number: float, steps: tuple[tuple[float, int], ...]) -> str:
    """Return ``number`` with the decimals of the first step that it reaches."""
    return _fixed(number, next(digits for least, digits in steps if abs(number) >= least))


def _fixed(number: float, digits: int) -> str:
    text = f"{number:,.{digits}f}"
    # Nothing is gained by a negative nought.
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text
