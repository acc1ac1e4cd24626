"""degrade: what generated text has lost of human text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from degrade.version import __version__

if TYPE_CHECKING:
    from degrade.api import compare, profile
    from degrade.auditing.auditor import audit
    from degrade.burst import bursts
    from degrade.checking import check
    from degrade.findings import Comparison
    from degrade.origin import origins
    from degrade.profiles import Profile
    from degrade.provenance import excess_words, inherited_phrases, machine_share
    from degrade.run import Run
    from degrade.simulation import simulate
    from degrade.text.document import Document

# Looked up when first used: `degrade --help` must not wait for numpy and numba.
_HOMES = {
    "Comparison": "degrade.findings",
    "Document": "degrade.text.document",
    "Profile": "degrade.profiles",
    "Run": "degrade.run",
    "audit": "degrade.auditing.auditor",
    "bursts": "degrade.burst",
    "check": "degrade.checking",
    "compare": "degrade.api",
    "excess_words": "degrade.provenance",
    "inherited_phrases": "degrade.provenance",
    "machine_share": "degrade.provenance",
    "origins": "degrade.origin",
    "profile": "degrade.api",
    "simulate": "degrade.simulation",
}

__all__ = [
    "Comparison",
    "Document",
    "Profile",
    "Run",
    "__version__",
    "audit",
    "bursts",
    "check",
    "compare",
    "excess_words",
    "inherited_phrases",
    "machine_share",
    "origins",
    "profile",
    "simulate",
]


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'degrade' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
