"""Counting on a Ray cluster gives the bytes that counting here gives, whatever is lost."""

from __future__ import annotations

import gzip
import importlib.util
import os
import random
import sys
import threading
import time
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import troublesome
from counted import count, lines, plan, records, saved
from flaky_store import Words
from troublesome import Deadly, Homeless, Waiting

from degrade.engines import ray_run
from degrade.engines.counting import Count
from degrade.engines.local import LocalEngine
from degrade.engines.luggage import packed
from degrade.engines.ray_engine import RayEngine
from degrade.engines.remote import Orders
from degrade.errors import DegradeWarning, EngineError, InputError
from degrade.readers import open_corpus
from degrade.testing import check_engine

ray = pytest.importorskip("ray")
SMALL = {"num_cpus": 1, "object_store_memory": 100 << 20}
QUICK = {
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 500,
    "health_check_timeout_ms": 1_000,
    "health_check_failure_threshold": 5,
    "max_direct_call_object_size": 1_000,
}
"""So that a node that is gone is missed at once, and not after half a minute; and that small
profiles lie on nodes as large ones do, and not with this process."""


@pytest.fixture(scope="module")
def cluster():
    """Yield a cluster of three nodes of a core each, which this process is connected to."""
    from ray.cluster_utils import Cluster

    patch = pytest.MonkeyPatch()
    patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    patch.setenv("RAY_IGNORE_UNHANDLED_ERRORS", "1")
    patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
    head = {**SMALL, "include_dashboard": False, "_system_config": QUICK}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Cluster(initialize_head=True, head_node_args=head)
        for _ in range(2):
            made.add_node(**SMALL)
        ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
    yield made
    ray.shutdown()
    made.shutdown()
    patch.undo()


def on_cluster(path, layer=None, advance=None, workers=0, part_bytes=500, **options):
    """Return the profile of the corpus at ``path`` by the cluster, and the corpus."""
    with open_corpus(path, **options) as corpus:
        corpus.part_bytes = part_bytes
        profile = RayEngine(workers).profile_corpus(plan(layer), corpus, advance)
        profile.skipped.update(corpus.skipped)
        return profile, corpus


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(records()))
    return path


def evenly(number):
    """Return texts of 30 words, all much alike in what is new in them."""
    rng = random.Random(0)
    return [" ".join(f"w{rng.randrange(4_000)}" for _ in range(30)) for _ in range(number)]


def deceptive(number):
    """Return texts of new words where some are looked at, and of one word between."""
    return [text if k % 500 < 50 else "w1234 " * 30 for k, text in enumerate(evenly(number))]


def deadly(tmp_path):
    """Return a corpus with one text in it that kills."""
    made = records()
    made[33]["text"] += " DEADLY"
    path = tmp_path / "deadly.jsonl"
    path.write_bytes(lines(made))
    return path


def test_the_ray_engine_keeps_the_laws(cluster, tmp_path):
    check_engine(RayEngine, tmp_path)


@pytest.mark.parametrize(("texts", "runs"), [(evenly(2_000), 1), (deceptive(2_000), 2)])
def test_what_is_foreseen_changes_no_byte(texts, runs, cluster, tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines([{"id": str(k), "text": text} for k, text in enumerate(texts)]))
    made = replace(plan(), capacity=300, leeway=300)
    seen, told = [], []

    class Watched(ray_run._Run):
        def run(self):
            content = super().run()
            seen.append(self.foresight)
            return content

    monkeypatch.setattr(ray_run, "_Run", Watched)
    monkeypatch.setattr(ray_run, "LOOK_BYTES", 0)
    with open_corpus(path) as corpus:
        here = LocalEngine(1).profile_corpus(made, corpus)
        corpus.part_bytes = path.stat().st_size // 40
        whole = RayEngine().profile_corpus(made, corpus, lambda *each: told.append(each))
    assert whole.to_bytes() == here.to_bytes()
    assert seen[0].thresholds
    assert seen[0].borne_out(here) == (runs == 1)
    assert seen[1:] == [None] * (runs - 1)
    assert sum(documents for documents, _ in told) == whole.documents == 2_000


def test_parts_of_a_worker_that_dies_are_counted_again(cluster, tmp_path):
    path, told = deadly(tmp_path), []
    here = saved(count(path, 1, Deadly(str(tmp_path), deaths=0)), tmp_path)
    with pytest.warns(DegradeWarning, match=r"counted again \(1 worker ended\): .*deadly\.jsonl"):
        profile, _ = on_cluster(
            path, Deadly(str(tmp_path), deaths=1), lambda *seen: told.append(seen)
        )
    assert saved(profile, tmp_path) == here
    assert sum(documents for documents, _ in told) == profile.documents == 60


def test_a_part_that_kills_again_and_again_is_named(cluster, tmp_path):
    path = deadly(tmp_path)
    with pytest.raises(EngineError, match=r"deadly\.jsonl, bytes .*3 workers have ended at it"):
        on_cluster(path, Deadly(str(tmp_path), deaths=99))


def test_a_part_that_kills_does_not_stop_the_others(cluster, tmp_path):
    path = deadly(tmp_path)
    with pytest.warns(DegradeWarning) as warned:
        profile, read = on_cluster(path, Deadly(str(tmp_path), deaths=99), on_error="skip")
    # The others of its task are counted again, and named too.
    assert "1 part is left out:" in str(warned[-1].message)
    assert "deadly.jsonl, bytes" in str(warned[-1].message)
    assert 54 < profile.documents < 60
    assert profile.skipped == {"uncounted-part": 1}
    assert "3 workers have ended at it" in read.examples[0]


def test_what_lay_on_a_node_that_is_lost_is_counted_again(cluster, corpus, tmp_path):
    seen, told = tmp_path / "seen", []
    seen.mkdir()
    victim = cluster.add_node(**SMALL)
    cluster.wait_for_nodes()

    def kill():
        # It has counted some parts, and counts another.
        while len([*seen.iterdir()]) < 5:
            time.sleep(0.02)
        cluster.remove_node(victim, allow_graceful=False)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    layer = Waiting(str(seen), victim.node_id, 5)
    with pytest.warns(DegradeWarning, match=r"counted again \(.*profiles? lost with") as warned:
        profile, _ = on_cluster(corpus, layer, lambda *each: told.append(each))
    killer.join()
    assert len(warned) == 1
    # Whoever counts now has nobody to wait for.
    assert saved(profile, tmp_path) == saved(count(corpus, 1, layer), tmp_path)
    assert sum(documents for documents, _ in told) == profile.documents == 60


def test_the_first_problem_is_told_though_a_later_part_was_begun_first(cluster, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"oops\n" + lines(records(8)))
    (tmp_path / "b.jsonl").write_bytes(b"oops\n" + lines(records(8)))
    # A whole archive is one part, and this one outweighs all others.
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b"oops\n" + lines(records(300)), 0))
    with pytest.raises(InputError, match=r"a\.jsonl, line 1"):
        on_cluster(tmp_path)


def test_a_damaged_file_is_named_and_does_not_stop_the_others(cluster, corpus, tmp_path):
    packed = bytearray(gzip.compress(lines(records()), mtime=0))
    packed[len(packed) // 2] ^= 0xFF
    (tmp_path / "b.jsonl.gz").write_bytes(packed)
    here = count(tmp_path, 1, on_error="skip")
    profile, read = on_cluster(tmp_path, on_error="skip")
    assert saved(profile, tmp_path / "..") == saved(here, tmp_path / "..")
    assert profile.skipped["corrupt-archive"] == 1
    assert "b.jsonl.gz" in read.examples[0]
    with pytest.raises(InputError, match=r"b\.jsonl\.gz"):
        on_cluster(tmp_path)


@pytest.mark.parametrize("on_error", ["fail", "skip"])
def test_files_that_workers_cannot_read_are_named(on_error, cluster, corpus, tmp_path):
    # Others stand between them and after them, in the same task or not.
    gone = [tmp_path / name for name in ("b.txt", "d.txt")]
    for path in (*gone, tmp_path / "c.txt", tmp_path / "e.txt"):
        path.write_text("a text " * 100)
    with open_corpus(tmp_path, on_error=on_error) as opened:
        opened.part_bytes = 500
        opened.parts()
        for path in gone:
            path.unlink()
        if on_error == "fail":
            with pytest.raises(InputError, match=r"b\.txt: no such file"):
                RayEngine().profile_corpus(plan(), opened)
            return
        with pytest.warns(DegradeWarning, match=r"2 parts are left out: .*b\.txt, .*d\.txt"):
            profile = RayEngine().profile_corpus(plan(), opened)
    assert profile.documents == 62
    assert opened.skipped == {"uncounted-part": 2}
    assert "b.txt: no such file" in opened.examples[0]


def test_a_store_that_fails_one_read_in_twenty_is_read_right(cluster, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(lines(records(300)))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines(records(400)[300:])))
    here = saved(count(tmp_path, 1, Words()), tmp_path)
    (tmp_path / "saved.profile").unlink()
    profile, _ = on_cluster(f"flaky://{tmp_path}", Words(), part_bytes=5_000)
    assert saved(profile, tmp_path) == here


def test_a_plugin_that_is_only_a_file_travels_with_its_source(cluster, corpus, tmp_path):
    plugin, pids = tmp_path / "only_a_file.py", tmp_path / "pids"
    plugin.write_text((Path(troublesome.__file__)).read_text())
    pids.mkdir()
    spec = importlib.util.spec_from_file_location("degrade_plugin_on_ray", plugin)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
        profile, _ = on_cluster(corpus, module.Slow(str(pids), 0))
        with open_corpus(corpus) as opened:
            luggage = packed(Count(plan(module.Slow(str(pids), 0)), opened))
    finally:
        del sys.modules[spec.name]
    assert profile.documents == 60
    assert str(os.getpid()) not in {each.name for each in pids.iterdir()}
    # Other machines have no such file.
    plugin.unlink()
    try:
        assert luggage.opened().plan.layers["word"].name == "slow"
    finally:
        del sys.modules[spec.name]


def test_what_cannot_travel_is_refused(cluster, corpus):
    with pytest.raises(EngineError, match=r"a: a layer, .* cannot travel"):
        on_cluster(corpus, Homeless())


def test_what_comes_from_no_file_is_counted_here(cluster, tmp_path):
    texts = [record["text"] for record in records()]
    assert saved(on_cluster(texts)[0], tmp_path) == saved(count(texts, 1), tmp_path)


def test_another_version_on_a_node_is_named(cluster, corpus, monkeypatch):
    monkeypatch.setattr(Orders.__init__, "__defaults__", ("9.9",))
    with pytest.raises(EngineError, match=r"is installed, and 9\.9 asks"):
        on_cluster(corpus)
