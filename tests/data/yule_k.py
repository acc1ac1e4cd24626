"""A metric that a plugin author might write: Yule's K."""

from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need

WORDS = Need(Census, layer="word", n=1)


def _yule(view: View) -> float:
    frequencies = view[WORDS].frequencies()
    tokens = frequencies.sum()
    return float(1e4 * ((frequencies**2).sum() - tokens) / tokens**2)


METRICS = (
    CorpusMetric(
        name="own_yule_k",
        title="Yule K",
        family="lexical diversity",
        unit="K",
        scale="log",
        worse="higher",
        needs=(WORDS,),
        compute=_yule,
        view="selection",
        threshold_unit="relative",
        source="Tweedie and Baayen 1998",
    ),
)
