# SPDX-License-Identifier: Apache-2.0
"""Medians, and the row made of two series that were taken in alternation."""

from statistics import median, quantiles

from .bench import Row


def spread(series):
    """Median and the quartiles around it; of one value, that value."""
    low, middle, high = quantiles(series, n=4, method="inclusive") if len(series) > 1 else series * 3
    return {"median": median(series), "quartiles": [low, high], "runs": len(series)}


def compare(name, measure, unit, ours, floor, *, at_most=None, at_least=None, against="C floor", note=""):
    """A row with the ratio ours/floor. `at_least` reads it the other way round: the floor is to be so many times ours."""
    mine, theirs = median(ours), median(floor)
    row = Row(name, measure, unit, mine, theirs, mine / theirs, against=against, note=note)
    row.samples = {"ours": spread(ours), "floor": spread(floor)}
    row.samples["pairRatios"] = spread([a / b for a, b in zip(ours, floor)])
    if at_most is not None:
        row.target, row.met = f"≤ {at_most:.2f}×", row.ratio <= at_most
    if at_least is not None:
        row.ratio = theirs / mine
        row.target, row.met = f"≥ {at_least:g}× faster", row.ratio >= at_least
    return row


def not_measured(name, measure, target, reason):
    return Row(name, measure, "", target=target, note=f"not measured: {reason}")
