"""The fixture ``degrade`` of pytest, with which a test asks whether text has lost too much."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# pytest loads this wherever degrade is installed: nothing that computes before a test asks for it.
if TYPE_CHECKING:
    from degrade.checking import Checked
    from degrade.configuration import Configuration


class Degradation:
    """What a test gets from the fixture: assertions with the settings of the tested project."""

    def __init__(self, settings: Configuration) -> None:
        self.settings = settings
        self._baselines: dict[tuple[str, str], object] = {}

    def assert_no_degradation(
        self, texts: object, baseline: object = None, **given: Any
    ) -> Checked:
        """Fail the test where ``texts`` have lost too much of ``baseline``.

        See ``degrade.testing.assert_no_degradation``. A saved baseline is loaded once.
        """
        __tracebackhide__ = True
        from degrade.testing.degradation import assert_no_degradation

        baseline = self.settings.check.baseline if baseline is None else baseline
        if isinstance(baseline, str):
            baseline = self._opened(baseline)
        return assert_no_degradation(texts, baseline, settings=self.settings, **given)

    def _opened(self, baseline: str) -> object:
        from degrade.baselines import open_baseline

        # A path is one in the folder of the moment, which a test may change.
        key = str(Path.cwd()), baseline
        if key not in self._baselines:
            self._baselines[key] = open_baseline(baseline, self.settings.store)
        return self._baselines[key]


@pytest.fixture(scope="session")
def degrade(pytestconfig: pytest.Config) -> Degradation:
    """Return assertions on text, with the ``[tool.degrade]`` settings of the project."""
    from degrade import configuration

    return Degradation(configuration.find(pytestconfig.rootpath))
