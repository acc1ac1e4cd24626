"""Colours that keep their order in light and dark, in grey, and for the colour-blind.

Candidates go along a ramp whose lightness falls (rises in the dark) from first to last; the
reference is neutral. Levels have a hue each, and are never told by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping

STEPS = 10
_LIGHT_RAMP = ("#4a9ac4", "#5a62c6", "#8a2f9e", "#9c1150")
_DARK_RAMP = ("#5b86b8", "#8d90ea", "#d58be8", "#ffa9cf")

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "ink": "#1b1f27",
    "muted": "#59616f",
    "line": "#d9dde4",
    "grid": "#e9ecf1",
    "noise": "#dfe3ea",
    "reference": "#3c4350",
    "none": "#2b6f77",
    "better": "#1f5fa8",
    "minor": "#8a6100",
    "moderate": "#b34700",
    "severe": "#a3123f",
    "inconclusive": "#59616f",
}
DARK: Mapping[str, str] = {
    "paper": "#14171d",
    "ink": "#e8eaee",
    "muted": "#a3abb8",
    "line": "#363c47",
    "grid": "#262b34",
    "noise": "#2f3540",
    "reference": "#c9ced8",
    "none": "#63c3c9",
    "better": "#7db6ff",
    "minor": "#e6b94d",
    "moderate": "#ff9b57",
    "severe": "#ff7f9f",
    "inconclusive": "#a3abb8",
}
TONES = ("none", "better", "minor", "moderate", "severe", "inconclusive")


def ramp(*, dark: bool = False) -> dict[str, str]:
    """Return the colours of candidates by name, ``k0`` for the first to ``k9`` for the last."""
    stops = [_channels(colour) for colour in (_DARK_RAMP if dark else _LIGHT_RAMP)]
    found = {}
    for step in range(STEPS):
        at = step / (STEPS - 1) * (len(stops) - 1)
        left = min(int(at), len(stops) - 2)
        mixed = (
            round(a + (b - a) * (at - left))
            for a, b in zip(stops[left], stops[left + 1], strict=True)
        )
        found[f"k{step}"] = "#" + "".join(f"{channel:02x}" for channel in mixed)
    return found


def palette(*, dark: bool = False) -> dict[str, str]:
    """Return every colour by its name."""
    return {**(DARK if dark else LIGHT), **ramp(dark=dark)}


def class_of(place: float | None) -> str:
    """Return the class of a line: ``ref``, or ``k0`` to ``k9`` by its place among candidates."""
    return "ref" if place is None else f"k{round(place * (STEPS - 1))}"


def rules(colours: Mapping[str, str]) -> str:
    """Return the style of charts, as CSS; ``colours`` by name are values or variables."""
    lines = [
        ".chart text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',"
        f"'DejaVu Sans',sans-serif;fill:{colours['muted']}}}",
        f".chart .head{{font-size:12.5px;font-weight:600;fill:{colours['ink']}}}",
        f".chart .title{{font-size:15px;font-weight:650;fill:{colours['ink']}}}",
        f".chart .row{{font-size:12px;fill:{colours['ink']}}}",
        f".chart .paper{{fill:{colours['paper']}}}",
        f".chart .grid{{stroke:{colours['grid']}}}",
        f".chart .axis,.chart .mark{{stroke:{colours['line']}}}",
        ".chart .mark{stroke-dasharray:3 3}",
        f".chart .noise{{fill:{colours['noise']}}}",
        ".chart .s{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}",
        f".chart .s.ref{{stroke:{colours['reference']};stroke-dasharray:5 4}}",
        f".chart .p.ref{{fill:{colours['reference']}}}",
        f".chart .e.ref{{stroke:{colours['reference']}}}",
        ".chart .e{stroke-width:1.6;opacity:.75}",
    ]
    for step in range(STEPS):
        colour = colours[f"k{step}"]
        lines.append(
            f".chart .s.k{step},.chart .e.k{step}{{stroke:{colour}}}"
            f".chart .p.k{step}{{fill:{colour}}}"
        )
    for tone in TONES:
        colour = colours[tone]
        lines.append(
            f".chart .p.t-{tone},.chart text.t-{tone}{{fill:{colour}}}"
            f".chart .e.t-{tone},.chart .mark.t-{tone}{{stroke:{colour}}}"
        )
    return "".join(lines)


def variables() -> dict[str, str]:
    """Return each colour's name and the variable that stands for it."""
    return {name: f"var(--{name})" for name in palette()}


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
