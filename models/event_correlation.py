"""Correlation of events whose windows share days, aligned by calendar date."""

from __future__ import annotations

import numpy as np

from models.estimate import NotEstimableError
from models.event_panel import EventPanel, Floats

MIN_COMMON = 30
"""Fewest calendar dates from which the correlation of two events' residuals is taken."""


def calendar_correlation(panel: EventPanel) -> Floats:
    """Correlate residuals of events whose windows share days, row by row of the CALENDAR.

    Aligned by relative day, residuals of two events a day apart would seem unrelated.

    Parameters
    ----------
    panel : EventPanel

    Returns
    -------
    array, shape (N, N)
        Ones on the diagonal, zero where two event windows share no day.

    Raises
    ------
    NotEstimableError
        If two events with a common day have fewer than `MIN_COMMON` common estimation rows.
    """
    result, width = np.eye(len(panel.rows)), len(panel.offsets)
    complete = bool(np.isfinite(panel.residuals).all())
    if complete and panel.shared_dates:  # one date's residuals have mean zero over the same rows
        unit = panel.residuals / np.linalg.norm(panel.residuals, axis=1, keepdims=True)
        result = (unit @ unit.T) * (panel.rows[:, None] == panel.rows[None, :])
    dates = np.unique(panel.rows)
    groups = [np.flatnonzero(panel.rows == d) for d in dates]
    for a, group in enumerate(groups):
        for other, date in zip(groups[a:], dates[a:], strict=True):
            lag = int(date - dates[a])
            if lag >= width:
                break
            if lag or (len(group) > 1 and not complete):
                late, early = panel.residuals[other], panel.residuals[group]
                block = _correlations(early[:, lag:], late[:, : late.shape[1] - lag])
                result[np.ix_(group, other)] = block
                result[np.ix_(other, group)] = block.T
    np.fill_diagonal(result, 1.0)
    return result


def _correlations(a: Floats, b: Floats) -> Floats:
    """Pearson correlation of each row of `a` with each of `b` over columns both have."""
    in_a, in_b = np.isfinite(a), np.isfinite(b)
    a, b = np.where(in_a, a, 0.0), np.where(in_b, b, 0.0)
    has_a, has_b = in_a.astype(float), in_b.astype(float).T
    n = has_a @ has_b
    if n.min() < MIN_COMMON:
        raise NotEstimableError(
            f"Two events on common dates have {int(n.min())} common estimation rows; "
            f"need {MIN_COMMON}."
        )
    sum_a, sum_b = a @ has_b, has_a @ b.T
    square_a, square_b = (a * a) @ has_b - sum_a**2 / n, has_a @ (b * b).T - sum_b**2 / n
    result: Floats = (a @ b.T - sum_a * sum_b / n) / np.sqrt(square_a * square_b)
    return result
