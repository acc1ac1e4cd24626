"""Threads that count end when what they count cannot be read, however the two meet."""

from __future__ import annotations

import threading

import pytest
from counted import plan

from degrade.engines import batching, threads
from degrade.errors import InputError
from degrade.text.document import Document


def broken(after):
    yield from (Document(f"text {i}") for i in range(after))
    raise InputError("it cannot be read")


def test_an_error_of_reading_ends_all_threads_whatever_is_waiting(monkeypatch):
    # Readers and counters race for what waits; a race that one in a thousand runs loses is lost
    # here with a chance of some 60%, and what follows then never ends.
    monkeypatch.setattr(batching, "BATCH_CHARACTERS", 1)
    monkeypatch.setattr(threads, "absorb", lambda profile, held, advance: None)
    counting = plan()

    def often():
        for i in range(1_000):
            with pytest.raises(InputError):
                threads.count_in_threads(counting, broken(i % 12), 8, lambda *_: None)

    trying = threading.Thread(target=often, daemon=True)
    trying.start()
    trying.join(timeout=300)
    assert not trying.is_alive()
