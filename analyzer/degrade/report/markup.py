"""HTML and SVG, element by element: text is escaped unless it is markup already."""

from __future__ import annotations

from html import escape

LONGEST = 2_000
"""Signs of a text: of a longer one the beginning and the end are shown."""
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
Attribute = str | int | float | bool | None


class Markup(str):
    """Text that is markup, and not to be escaped again."""

    __slots__ = ()


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """Return an element. A child that is no ``Markup`` is text, and escaped.

    Texts are cut to 2,000 signs. Attributes None and False are left out, True has no value;
    ``class_`` is ``class`` and ``_`` stands for ``-``. Numbers have two decimals at most.
    """
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{said}/>")
    return Markup(f"<{name}{said}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    """Return markup and escaped texts, one after the other."""
    return Markup("".join(c if isinstance(c, Markup) else escape(clipped(c)) for c in children))


def clipped(text: str, most: int = LONGEST) -> str:
    """Return ``text``, or its beginning and end where it is longer than ``most``."""
    if len(text) <= most:
        return text
    half = (most - 3) // 2
    return f"{text[:half]} … {text[-half:]}"


def number(value: float) -> str:
    """Return ``value`` with two decimals at most, as short as can be."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f' {name}=""'
    if isinstance(value, Markup):
        return f' {name}="{value}"'
    text = number(value) if isinstance(value, float) else str(value)
    return f' {name}="{escape(clipped(text))}"'
