"""A corpus counted on a Ray cluster: parts out, profiles merged there, what is lost counted again.

Ray is told to retry nothing. It would not say what it did, and where a node is lost it would count
again whatever led to a profile that lay there, merged or not; which parts these are is known here.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from degrade.engines import ray_tasks, remote
from degrade.engines.counting import Count
from degrade.engines.foresight import Foresight, looked_at
from degrade.engines.known import Known
from degrade.engines.losses import ATTEMPTS, Losses
from degrade.engines.luggage import Luggage
from degrade.engines.remote import Counted, Merged, Orders
from degrade.engines.sizes import Sizes
from degrade.engines.source import Advance, Gone, Part, place_of
from degrade.engines.tree import Branch, Tree
from degrade.errors import EngineError, InputError
from degrade.profiles import Profile

SPARE = 4
"""For so many cores that count, a task waits besides; one at least."""
LOOK_BYTES = 256 << 20
"""Of so much text and more, what is dropped is foreseen: a core is spared a second or more."""
LOOK_AROUND = 10.0
"""Seconds after which the cores of a cluster that grows or shrinks are counted again."""


@dataclass(frozen=True, slots=True)
class _Task:
    """Parts that are counted in one go, or branches that are merged; neither to foresee."""

    parts: tuple[int, ...] = ()
    branches: tuple[Branch, ...] = ()


class _Run:
    """The parts of one corpus, the tasks under way, and the profiles that came of others."""

    def __init__(
        self,
        ray: Any,
        count: Count,
        luggage: Luggage,
        parts: Sequence[Part],
        workers: int,
        advance: Advance,
        *,
        look: bool,
    ) -> None:
        self._ray = ray
        self._corpus = count.corpus
        self._parts = parts
        self._workers = workers
        self._advance = advance
        key = blake2b(luggage.count, digest_size=16).hexdigest()
        self._orders = Orders((ray.put(luggage),), key)
        remotely = ray.remote(max_retries=0, num_returns=2, num_cpus=1)
        self._count = remotely(ray_tasks.counted).remote
        self._merge = remotely(ray_tasks.merged).remote
        self._room, self._looked = 0, -math.inf
        weights = [self._corpus.weight(part) for part in parts]
        size = sum(weights)
        self._sizes = Sizes(weights, self._most_at_once())
        self._waiting = deque(map(_Task, self._sizes.first()))
        self._running: dict[Any, tuple[_Task, Any]] = {}
        self._tree = Tree()
        self._known = Known()
        self._looking: tuple[Any, ...] = ()
        self.foresight: Foresight | None = None
        self._losses = Losses(count.corpus, parts)
        self._failure: tuple[int, BaseException] | None = None
        # What is kept of a part has to serve where the others have changed.
        if look and count.keeping is None and size >= LOOK_BYTES:
            self._look(looked_at(count.plan, count.corpus, parts, size), size)

    def _look(self, some: Sequence[Part], size: float) -> None:
        """Have what the whole drops be foreseen, while others count."""
        if some:
            foresee = self._ray.remote(max_retries=0, num_cpus=1)(ray_tasks.foreseen).remote
            self._looking = (foresee(self._orders, some, size),)
            self._running[self._looking[0]] = _Task(), None

    def run(self) -> bytes | None:
        """Return the file of the profile of all parts; None where there is none."""
        try:
            content = self._run()
        finally:
            for outcome in [*self._running]:
                self._cancel(outcome)
        self._losses.tell()
        return content

    def _run(self) -> bytes | None:
        while True:
            self._hand_out()
            if self._running:
                self._heed_what_is_done()
            elif self._failure is not None:
                raise self._failure[1]
            elif len(self._tree) > 1:
                self._start(_Task(branches=self._tree.lowest()))
            elif not len(self._tree):
                return None
            else:
                (last,) = self._tree.lowest()
                try:
                    return bytes(self._ray.get(last.where))
                except self._ray.exceptions.RayError:
                    self._count_again(last)

    def _most_at_once(self) -> int:
        """Return how many may count at once: as many as asked for, or as there are cores."""
        if self._workers:
            return self._workers
        if time.monotonic() > self._looked + LOOK_AROUND:
            self._room = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
            self._looked = time.monotonic()
        return self._room

    def _spare(self) -> int:
        """Return how many tasks wait besides: no core is to, and a cluster is to see cause to grow.

        None do before anything is known, or they would count in full.
        """
        if self._workers or not (self._known.thresholds or self.foresight):
            return 0
        return max(1, self._room // SPARE)

    def _hand_out(self) -> None:
        """Keep workers busy, with no more at hand than they soon take up."""
        while self._failure is None and (branches := self._tree.ready()):
            self._start(_Task(branches=branches))
        most = self._most_at_once() + self._spare()
        while self._waiting and len(self._running) < most:
            self._start(self._waiting.popleft())

    def _start(self, task: _Task) -> None:
        if task.parts:
            parts = [self._parts[index] for index in task.parts]
            drops = self._known.drops(self.foresight)
            outcome, profile = self._count(self._orders, parts, drops, self._looking)
        else:
            # Within a list they are not fetched before the task begins, all at once.
            outcome, profile = self._merge(self._orders, [each.where for each in task.branches])
        self._running[outcome] = task, profile

    def _heed_what_is_done(self) -> None:
        # In turns, for an interrupt is heeded in between.
        if not self._ray.wait([*self._running], num_returns=1, timeout=0.5)[0]:
            return
        done, _ = self._ray.wait([*self._running], num_returns=len(self._running), timeout=0)
        for outcome in done:
            # A failure among them may have cancelled others.
            if outcome not in self._running:
                continue
            task, profile = self._running.pop(outcome)
            try:
                found = self._ray.get(outcome)
            except self._ray.exceptions.RayTaskError as error:
                raise EngineError(_said(error.cause or error)) from error
            except self._ray.exceptions.RayError as error:
                self._lose(task, error)
            else:
                self._take(task, found, profile)

    def _take(self, task: _Task, found: Counted | Merged | Foresight | None, profile: Any) -> None:
        if isinstance(found, Counted):
            self._known = self._known.plus(found.known)
            self._enter(task, found, profile)
        elif isinstance(found, Merged):
            self._known = self._known.plus(found.known)
            self._put_together(task, found, profile)
        else:
            self.foresight, self._looking = found, ()

    def _enter(self, task: _Task, found: Counted, profile: Any) -> None:
        skip = self._corpus.on_error == "skip" and isinstance(found.error, InputError)
        if found.error is None:
            for index, tallies in zip(task.parts, found.tallies, strict=True):
                for shard, tally in zip(self._parts[index], tallies, strict=True):
                    self._corpus.enter(shard, tally)
            self._advance(found.documents, found.characters)
            self._tree.add(Branch(profile, task.parts, found.documents, found.characters))
        elif not skip:
            self._fail(task.parts[found.failed], found.error)
        elif len(task.parts) > 1:
            before, after = task.parts[: found.failed], task.parts[found.failed + 1 :]
            self._next([before, (task.parts[found.failed],), after])
        else:
            self._losses.leave_out(task.parts[0], str(found.error))

    def _put_together(self, task: _Task, found: Merged, profile: Any) -> None:
        for number in found.lost:
            self._count_again(task.branches[number])
        if len(found.lost) < len(task.branches):
            self._tree.add(Branch.over(profile, task.branches, found.lost))

    def _next(self, tasks: Iterable[tuple[int, ...]]) -> None:
        """Hand out parts next, in these tasks, but nothing behind a part that has failed."""
        first = math.inf if self._failure is None else self._failure[0]
        again = [_Task(parts) for parts in tasks if parts and parts[0] < first]
        self._waiting.extendleft(reversed(again))

    def _fail(self, index: int, error: BaseException) -> None:
        """Keep the failure of the earliest part, whichever fails first, and count on up to it."""
        if self._failure is None or index < self._failure[0]:
            self._failure = index, error
        first = self._failure[0]
        self._waiting = deque(task for task in self._waiting if task.parts[0] < first)
        for outcome, (task, _) in [*self._running.items()]:
            if not task.parts or task.parts[0] > first:
                self._cancel(outcome)

    def _cancel(self, outcome: Any) -> None:
        del self._running[outcome]
        self._ray.cancel(outcome, force=True)

    def _lose(self, task: _Task, error: Exception) -> None:
        """Hand out again what a worker had in hand when it died, or its node."""
        if not task.parts and not task.branches:
            self._looking = ()
            return
        counting = bool(task.parts)
        indices = task.parts if counting else task.branches[0].parts
        given_up = self._losses.of_task(indices, error, counting=counting)
        why = f"{ATTEMPTS} workers have ended at it, the last so: {_said(error)}"
        if not counting:
            if given_up:
                raise EngineError(f"{self._corpus.name}: merging profiles: {why}")
            self._tree.put_back(task.branches)
        elif len(indices) > 1 or not given_up:
            self._next(self._sizes.pieces(indices))
        elif self._corpus.on_error == "skip":
            self._losses.leave_out(indices[0], why)
        else:
            where = place_of(self._corpus, self._parts[indices[0]])
            self._fail(indices[0], EngineError(f"{where}: {why}"))

    def _count_again(self, branch: Branch) -> None:
        """Hand out again the parts of a profile that is lost."""
        self._losses.of_profile(branch.parts)
        self._advance(-branch.documents, -branch.characters)
        if self._failure is None:
            self._next(self._sizes.again(sorted(branch.parts)))


def _said(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def count_on_cluster(
    ray: Any,
    count: Count,
    luggage: Luggage,
    parts: Sequence[Part],
    workers: int,
    advance: Advance,
) -> Profile:
    """Return the profile of ``parts``, counted by at most ``workers`` at once (0: all cores).

    Raises EngineError, naming the part, where worker after worker dies of it; where the policy is
    to skip, such parts are left out and named in a warning, like those that cannot be read.
    """
    gone = Gone(advance)
    for look in (True, False):
        run = _Run(ray, count, luggage, parts, workers, gone, look=look)
        content, whole = run.run(), Profile(count.plan)
        if content is not None:
            remote.absorb(whole, content)
        if run.foresight is None or run.foresight.borne_out(whole):
            break
        gone.back()
    return whole
