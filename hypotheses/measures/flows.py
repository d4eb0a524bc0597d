"""Fund flows, dated by the trading they report, and the assets they are measured against.

All amounts in millions of dollars, on the New York sessions of the public flow table.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from models.estimate import NotEstimableError

Funds = Literal["ibit", "all"]


def raw_flow(etf_flows: pd.DataFrame, *, funds: Funds = "ibit") -> pd.Series:
    """Net flow as the table prints it: row T under the date T.

    Parameters
    ----------
    etf_flows : DataFrame
        Columns ``ibit_usd_m`` and ``total_usd_m``, one row a session.
    funds : {"ibit", "all"}
        IBIT alone, or all funds of the table.
    """
    column = "ibit_usd_m" if funds == "ibit" else "total_usd_m"
    return etf_flows[column].astype(float).rename("flow")


def aligned_flow(etf_flows: pd.DataFrame, *, funds: Funds = "ibit") -> pd.Series:
    """Net flow under the session whose trading it most likely reports.

    IBIT's flow of T stands in the table's row T+1; that of the other issuers in row T.

    Parameters
    ----------
    etf_flows : DataFrame
        Columns ``ibit_usd_m`` and ``total_usd_m``, one row a session without holes: the
        next row is taken for the next session.
    funds : {"ibit", "all"}
        IBIT alone (the same number in every source), or with the other issuers, whose flow
        is the total minus IBIT's.

    Returns
    -------
    Series
        One session shorter than the table: the flow of its last session is not known yet.

    Notes
    -----
    The shift is *inferred*: IBIT's row goes with the return of the session before, the other
    issuers' rows with that of their own date. No issuer states it, so :func:`raw_flow` is
    shown beside every number that rests on it.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2026-02-04", "2026-02-05", "2026-02-06"])
    >>> table = pd.DataFrame({"ibit_usd_m": [-373, -175, 232], "total_usd_m": [-545, -434, 371]},
    ...                      index=days)
    >>> aligned_flow(table).tolist(), aligned_flow(table, funds="all").tolist()
    ([-175.0, 232.0], [-347.0, -27.0])
    """
    ibit = etf_flows["ibit_usd_m"].astype(float)
    flow = ibit.shift(-1)
    if funds == "all":
        flow = flow + (etf_flows["total_usd_m"] - ibit)
    return flow.iloc[:-1].rename("flow")


def shares_outstanding(etf_flows: pd.DataFrame, ibit: pd.Series) -> pd.Series:
    """IBIT's shares outstanding in millions: flows over closes, added up since launch.

    Parameters
    ----------
    etf_flows : DataFrame
        From the fund's first session on.
    ibit : Series
        Closes at the NYSE close.

    Returns
    -------
    Series
        The count that row T of the table brings about, under the date T.

    Raises
    ------
    NotEstimableError
        If the table starts after the closes: the shares created before would be missing.

    Notes
    -----
    *Inferred*, not published: the close stands for the net asset value of the row's own date,
    and the fund's seed (100,000 dollars) is left out. The count for 27 March 2026 is 1,378
    million against 1,379.7 million published; the two published changes after it agree with
    flow over close of the row's date to 0.01 million, and not with the close before.
    """
    if etf_flows.empty or etf_flows.index[0] > ibit.index[0]:
        raise NotEstimableError(
            "the flow table must start with the fund: shares created before its first row "
            "would be missing from the count"
        )
    table = pd.concat([raw_flow(etf_flows), ibit.rename("close")], axis=1, join="inner")
    return (table["flow"] / table["close"]).cumsum().rename("shares")


def net_assets(etf_flows: pd.DataFrame, ibit: pd.Series) -> pd.Series:
    """IBIT's net assets in millions of dollars: shares outstanding times the close.

    Dates on which the inferred count is not positive are left out (a table of made-up or
    partial flows); a measure that needs them finds no value there.

    Parameters
    ----------
    etf_flows, ibit : DataFrame, Series
        As in :func:`shares_outstanding`.
    """
    shares = shares_outstanding(etf_flows, ibit)
    shares = shares[shares > 0]
    return (shares * ibit.reindex(shares.index)).rename("net_assets")
