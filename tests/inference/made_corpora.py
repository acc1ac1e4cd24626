"""Invented corpora whose words, documents and clusters vary as real ones do."""

import numpy as np

from degrade.options import Options
from degrade.plan import Plan
from degrade.planning import chosen_metrics
from degrade.profiles import Profile
from degrade.registry import layer
from degrade.text.document import Batch, Document

METRICS = {m.name: m for m in chosen_metrics(Options(metrics=["primary"]), None)}


def documents(seed, count=400, words=60, types=3_000, clusters=None, name=""):
    """Return documents of words with Zipf-like frequencies, about a topic each, with set phrases.

    ``clusters`` names that many clusters, whose documents have a topic in common; some topics take
    many more words than others.
    """
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(3.0, types + 3)
    chances /= chances.sum()
    found = []
    for i in range(count):
        cluster = i % clusters if clusters else i
        topic = np.random.default_rng((99, cluster)) if clusters else rng
        favourites = topic.choice(types, int(topic.integers(3, 90)) if clusters else 12)
        drawn = rng.choice(types, words, p=chances)
        about = rng.random(words) < (0.7 if clusters else 0.3)
        drawn[about] = rng.choice(favourites, int(about.sum()))
        if words > 20 and rng.random() < 0.5:
            # One of 40 phrases of five words, the first ones more often.
            phrase = int(40 * rng.random() ** 2)
            drawn[5:10] = np.arange(5) + 5 * phrase
        text = " ".join(f"w{k}" for k in drawn)
        found.append(Document(text, f"{name}{seed}/{i}", f"c{cluster}" if clusters else ""))
    return found


def profile(corpus, metrics):
    """Return the profile of ``corpus`` for ``metrics``."""
    needs = {need.key: need for metric in metrics for need in metric.needs}
    plan = Plan.of(needs.values(), "word", {"word": layer("word")}, 0)
    made = Profile(plan)
    made.update(Batch(corpus))
    return made
