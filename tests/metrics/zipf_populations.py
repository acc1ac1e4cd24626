"""Vocabularies that follow a finite Zipf-Mandelbrot law, to draw texts from."""

import numpy as np
from scipy.optimize import brentq

from degrade_metrics.lnre import Fit


def support(a, lowest, highest):
    return Fit(a, lowest, highest, 0.0).support


def chances(a, highest, types):
    """Return the probabilities of ``types`` words of shape ``a``, with cutoffs B and the A of S."""
    log = brentq(lambda x: np.log(support(a, np.exp(x), highest) / types), -40, np.log(highest / 2))
    lowest = np.exp(log)
    scale = (1 - a) / (highest ** (1 - a) - lowest ** (1 - a))
    ranks = np.arange(0.5, types)
    found = (a * ranks / scale + highest**-a) ** (-1 / a)
    return found / found.sum()


def cut(found, kept):
    """Return the probabilities of the ``kept`` most frequent words alone."""
    return found[:kept] / found[:kept].sum()


def cooled(found, temperature):
    """Return the probabilities of words drawn at a lower temperature."""
    warm = found ** (1 / temperature)
    return warm / warm.sum()
