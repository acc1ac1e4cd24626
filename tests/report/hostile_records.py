"""Records in which every text is one that someone wrote to do harm."""

import dataclasses
import types
import typing
from collections.abc import Mapping

from example_records import everything

TEXTS = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute break": "\" onmouseover=\"alert(1)\" x=' onload='alert(1)",
    "closing tags": "</code></summary></details></td></table><svg/onload=alert(1)>]]><!-- -->",
    "entities": "&lt;b&gt; &amp; &#60;i&#62; &nbsp",
    "bidi": "safe\u202eevil\u202c\u2066hidden\u2069\u200b\u200f",
    "terminal": "\x1b]0;owned\x07\x1b[31mred\x1b[2J\x9b2J\x08\x7f\x00",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "formula plus": "+1+cmd|' /C calc'!A0",
    "formula minus": "-2+3",
    "formula at": "@SUM(1+1)",
    "formula tab": "\t=1+1",
    "formula return": "\r=1+1",
    "formula wide": "＝1+1",
    "long word": "w" * 100_000,
    "long backticks": "`" * 5_000,
    "astral": "\U0001f4a9\U0010ffff\U000e0041\U0001f468\u200d\U0001f469",
    "half pairs": "a\ud800b\udc00c\ud83d",
    "not in XML": "\x00\x01\x0b\x1f\ufffe\uffff",
    "lines": "one\ntwo\r\nthree\u2028four\u2029five\x85six\n\n# seven\n\n- eight\n===\n---\n",
    "pipes": "a|b||c\\|d\\\\|e",
    "ticks": "`a` ``b`` ```\nc\n``` ~~~",
    "emphasis": "*a* _b_ __c__ **d** ~~e~~ <u>f</u> \\*g\\*",
    "links": "[a](http://evil.example) ![b](http://evil.example/x.png) <http://evil.example> "
    "http://evil.example www.evil.example WWW.EVIL.EXAMPLE me@evil.example [x]: http://evil.example",
    "mentions": "@everyone @org/team #123 org/repo#4 GH-5 !6 ~bug $7 %8 &9 "
    "0123456789abcdef0123456789abcdef01234567 deadbee :smile: ^1",
    "math": "$x$ $$y$$ $`z`$ \\(a\\)",
    "list starts": "1. one",
    "heading": "# heading",
    "quote": "> quote",
    "bullet": "- [ ] task",
    "footnote": "[^1] [[wiki]] :::note",
    "blank": " \t ",
    "empty": "",
}  # fmt: skip


def poisoned(name, text):
    """Return the record called ``name`` with ``text`` for every text that others can write."""
    return _poisoned(type(everything()[name]), everything()[name], text)


def _poisoned(kind, value, text):
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        changes = {
            field.name: _poisoned(hints[field.name], getattr(value, field.name), text)
            for field in dataclasses.fields(kind)
        }
        return dataclasses.replace(value, **changes)
    if origin in (typing.Union, types.UnionType):
        if isinstance(value, str) and str in arguments:
            return text
        options = [a for a in arguments if dataclasses.is_dataclass(a) and isinstance(value, a)]
        return _poisoned(options[0], value, text) if options else value
    if origin is tuple:
        kinds = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(_poisoned(k, each, text) for k, each in zip(kinds, value, strict=True))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {
            text if i == 0 else f"{text}{i}": _poisoned(arguments[1], each, text)
            for i, each in enumerate(value.values())
        }
    return text if kind is str else value
