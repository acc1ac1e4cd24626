"""Where corpora of tests lie."""

from __future__ import annotations

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder that is the working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def memory():
    """The file system in memory of fsspec, empty afterwards."""
    files = fsspec.filesystem("memory")
    yield files
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]
