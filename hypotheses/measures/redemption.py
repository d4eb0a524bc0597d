"""Fund flow of a session beyond what the returns and the flows before it predict."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.event import Event
from hypotheses.core.windows import ESTIMATION_MINIMUM, history, position
from hypotheses.measures.flows import Funds, aligned_flow, net_assets, raw_flow
from models.conformal import conformal_abnormal
from models.estimate import Estimate, NotEstimableError

SEEDING = 60
"""First sessions of the fund, left out: it grew by several percent of its assets a day."""

FALL = -3.0
"""A comparable fall: IBIT's log return over two sessions is this many percent or less."""


def abnormal_flow(
    etf_flows: pd.DataFrame,
    ibit: pd.Series,
    event: Event,
    *,
    funds: Funds = "ibit",
    aligned: bool = True,
) -> Estimate:
    """Net flow of the event's session minus its prediction, in percent of IBIT's net assets.

    Parameters
    ----------
    etf_flows : DataFrame
        Columns ``ibit_usd_m`` and ``total_usd_m``, from the fund's first session on.
    ibit : Series
        Closes at the NYSE close.
    event : Event
    funds : {"ibit", "all"}
        Whose flow; always against IBIT's net assets, so that both can be compared.
    aligned : bool
        Under the session whose trading it most likely reports, or under the table's date.

    Returns
    -------
    Estimate
        Flow over the net assets of the session before, given the returns of e and e-1 and the
        flows of e-1 and e-2. Fitted on all sessions up to e-11 after the fund's first 60;
        scores are the errors of comparable falls that share no session.

    Raises
    ------
    NotEstimableError
        If flows, closes or history do not reach, or no comparable fall is in it.

    Notes
    -----
    Too narrow if flows of larger funds or larger falls vary more than those before.
    """
    flow = aligned_flow(etf_flows, funds=funds) if aligned else raw_flow(etf_flows, funds=funds)
    table = _table(flow, etf_flows, ibit)
    row = position(table, event)
    past = history(table, event).iloc[SEEDING:].dropna()
    here = table.iloc[row]
    if here.isna().any():
        raise NotEstimableError(f"flow or net assets of {event.session:%Y-%m-%d} are not known")
    if len(past) < ESTIMATION_MINIMUM:
        raise NotEstimableError(
            f"{len(past)} sessions of flows after the fund's first {SEEDING} up to e-11; "
            f"{ESTIMATION_MINIMUM} are needed"
        )
    falls = _apart((past["r"] + past["r_before"]).to_numpy() <= FALL)
    if not falls.any():
        raise NotEstimableError("no comparable fall before e-10")
    predictors = ["r", "r_before", "flow_1", "flow_2"]
    return conformal_abnormal(
        past["flow"].to_numpy(),
        past[predictors].to_numpy(),
        float(here["flow"]),
        here[predictors].to_numpy(dtype=float),
        scored=falls,
        unit="% of IBIT's net assets",
        method=f"{'aligned' if aligned else 'raw'} flow of {'IBIT' if funds == 'ibit' else 'all'} "
        "given the returns of e and e-1 and two own lags; errors of comparable falls",
    )


def _table(flow: pd.Series, etf_flows: pd.DataFrame, ibit: pd.Series) -> pd.DataFrame:
    """One row a session of the flow table: flow in percent, returns in percent, own lags."""
    assets = net_assets(etf_flows, ibit).reindex(etf_flows.index).shift(1)
    share = 100 * flow.reindex(etf_flows.index) / assets
    closes = pd.Series(np.log(ibit.to_numpy(dtype=float)), index=ibit.index)
    r = 100 * closes.reindex(etf_flows.index).diff()
    return pd.DataFrame(
        {
            "flow": share,
            "r": r,
            "r_before": r.shift(1),
            "flow_1": share.shift(1),
            "flow_2": share.shift(2),
        }
    )


def _apart(falls: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Keep falls at least two sessions apart: their two-session windows then share none."""
    kept = np.zeros(len(falls), dtype=bool)
    last = -2
    for row in np.flatnonzero(falls):
        if row - last >= 2:
            kept[row] = True
            last = int(row)
    return kept
