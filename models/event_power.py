"""How many events a study needs."""

from __future__ import annotations

import math

from scipy.special import ndtr, ndtri


def mackinlay_power(effect: float, std: float, n_events: int, *, level: float = 0.05) -> float:
    r"""Return the chance that a two-sided test of n events detects an abnormal return.

    :math:`\Phi(z_{\alpha/2} + \delta\sqrt{N}/\sigma) + \Phi(z_{\alpha/2} - \delta\sqrt{N}/\sigma)`:
    known standard deviation, normal errors, independent events. Assets on one date count as one
    event, or nearly so.

    Parameters
    ----------
    effect, std : float
        True abnormal return, and its standard deviation for one event, in one unit.
    n_events : int
    level : float
        Of the two-sided test.

    Returns
    -------
    float

    References
    ----------
    .. [1] MacKinlay, A. C. (1997). Event studies in economics and finance. Journal of Economic
       Literature, 35(1), 13-39.

    Examples
    --------
    >>> round(mackinlay_power(1.0, 2.0, 10), 2)
    0.35
    """
    if not (std > 0 and n_events >= 1 and 0 < level < 1):
        raise ValueError(f"Needs std > 0, n_events >= 1, level in (0, 1): {std=} {n_events=}.")
    shift, edge = effect * math.sqrt(n_events) / std, ndtri(level / 2)
    return float(ndtr(edge + shift) + ndtr(edge - shift))
