"""What a learner is: something that is trained on documents and writes documents like them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from degrade.findings import Setting
from degrade.text.document import Document


@runtime_checkable
class Learner(Protocol):
    """Trains models, and draws text from them.

    Entry points of the group ``degrade.learners`` name functions that make one; what such a
    function takes, all by name and all with a default, are the learner's settings (``order``).

    Attributes
    ----------
    settings : all that decides what it learns, and its version, as a manifest keeps it
    """

    settings: Mapping[str, Setting]

    def train(self, documents: Sequence[Document], seed: int) -> Any:
        """Return a model of ``documents``.

        The same documents in the same order and the same seed have to give the same model.
        """
        ...

    def sample(
        self,
        model: Any,
        documents: Sequence[Document],
        seed: int,
        temperature: float,
        top_p: float,
    ) -> list[str]:
        """Return texts drawn from ``model``: as many as ``documents``, and each as long as its.

        Length is in the learner's own symbols. Temperature raises the probabilities of the next
        symbol to its inverse; of these, ``top_p`` keeps the fewest that together hold so much. The
        same model and arguments have to give the same texts.
        """
        ...
