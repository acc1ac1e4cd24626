"""A process that counts parts of a corpus for an engine, and hands over one profile of them.

Commands come by standard input and replies go to standard output (``frames``). Whoever started it
is gone when its commands end, and then it ends at once.
"""

from __future__ import annotations

import gc
import os
import queue
import threading
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from degrade.engines import frames
from degrade.engines.counting import Count
from degrade.engines.foresight import Foresight, foreseen, fresh
from degrade.engines.luggage import Luggage, portable
from degrade.engines.memory import keep_memory
from degrade.engines.source import Part, Tally
from degrade.profiles import Profile


@dataclass(frozen=True, slots=True)
class Begin:
    """Command: forget what was counted and foreseen; count this from now on."""

    luggage: Luggage


@dataclass(frozen=True, slots=True)
class Look:
    """Command: foresee what the whole of these parts drops."""

    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Spare:
    """Command: do not count what is foreseen to be dropped."""

    foresight: Foresight


@dataclass(frozen=True, slots=True)
class Take:
    """Command: count part ``index``."""

    index: int
    part: Part


@dataclass(frozen=True, slots=True)
class Deliver:
    """Command: hand over the profile of all parts counted since the last time."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Reply: what is to be counted cannot be opened here."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Reply: what the whole drops, as far as can be told."""

    foresight: Foresight | None


@dataclass(frozen=True, slots=True)
class Advanced:
    """Reply: so much of the part in hand was counted."""

    documents: int
    characters: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Reply: the part is counted, with what came of reading each of its shards."""

    index: int
    tallies: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """Reply: the part cannot be counted."""

    index: int
    error: BaseException


@dataclass(frozen=True, slots=True)
class Delivered:
    """Reply: the summaries of a profile, by level and in the order of the plan's needs."""

    summaries: tuple[tuple[Any, ...], ...]


def main() -> None:
    """Serve until the commands end."""
    commands, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    # A plugin must neither read commands nor print among the replies.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    keep_memory()
    # What was imported stays: not to be looked through for garbage.
    gc.freeze()
    waiting: queue.SimpleQueue[frames.Raw] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(commands, waiting), daemon=True).start()
    try:
        _serve(waiting, replies)
    except ConnectionError:
        pass  # nobody is there to reply to
    except BaseException:  # noqa: BLE001 - shown, and then the process has to end in any case
        traceback.print_exc()
    # Without the interpreter's own end, which would wait for the thread that listens.
    os._exit(1)


def _listen(commands: BinaryIO, waiting: queue.SimpleQueue[frames.Raw]) -> None:
    # A thread of its own, so that the end is noticed in the midst of counting. It opens nothing:
    # two threads that import what they need to do so may wait for each other for ever.
    while (command := frames.receive(commands)) is not None:
        waiting.put(command)
    os._exit(0)


def _serve(waiting: queue.SimpleQueue[frames.Raw], replies: BinaryIO) -> None:
    count: Count | None = None
    profile: Profile | None = None
    foresight: Foresight | None = None

    def advance(documents: int, characters: int) -> None:
        frames.send(replies, Advanced(documents, characters))

    while True:
        command = frames.opened(waiting.get())
        if isinstance(command, Begin):
            count, profile, foresight = _opened(command.luggage, replies), None, None
            continue
        if count is None:
            continue
        if isinstance(command, Look):
            frames.send(replies, Foreseen(_looked(count, command.parts)))
            continue
        if isinstance(command, Spare):
            foresight = command.foresight
            if profile is not None:
                foresight.prepare(profile)
            continue
        if profile is None:
            profile = fresh(count.plan, foresight)
        if isinstance(command, Take):
            try:
                tallies = count.add(profile, command.part, advance)
            except BaseException as error:  # noqa: BLE001 - raised again by the engine
                frames.send(replies, Failed(command.index, portable(error)))
            else:
                frames.send(replies, Counted(command.index, tallies))
        else:
            frames.send(replies, Delivered(_settled(profile)))
            profile = None


def _looked(count: Count, parts: Sequence[Part]) -> Foresight | None:
    try:
        return foreseen(count.plan, count.corpus, parts)
    except Exception:  # noqa: BLE001 - what fails is told when it is counted
        return None


def _opened(luggage: Luggage, replies: BinaryIO) -> Count | None:
    try:
        return luggage.opened()
    except Exception:  # noqa: BLE001 - a plugin may fail in any way where it was not loaded first
        frames.send(replies, Refused())
        return None


def _settled(profile: Profile) -> tuple[tuple[Any, ...], ...]:
    """Return the summaries of ``profile``; merged into fresh ones, what they put off is done."""
    settled = Profile(profile.plan)
    settled.merge(profile)
    return tuple(tuple(level.values()) for level in settled.levels)
