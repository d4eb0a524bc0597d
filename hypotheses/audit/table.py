"""Which function measures which figure. A figure without one says in the facts what it lacks."""

from __future__ import annotations

from collections.abc import Callable

from hypotheses.audit import flows, futures, options, prices
from hypotheses.audit.sight import Found, Sight

MEASURES: dict[str, Callable[[Sight], Found]] = {
    "ibit_volume": prices.ibit_volume,
    "volume_record_dollars": prices.volume_record_dollars,
    "volume_record_shares": prices.volume_record_shares,
    "options_record": options.options_record,
    "puts_dominated": options.puts_dominated,
    "liquidations": options.liquidations,
    "z_probability": options.z_probability,
    "z_rarer": options.z_rarer,
    "three_sigma": options.three_sigma,
    "worst_day": prices.worst_day,
    "fall_ibit": prices.fall_ibit,
    "fall_bitcoin_close": prices.fall_bitcoin_close,
    "fall_bitcoin_day": prices.fall_bitcoin_day,
    "low_level": prices.low_level,
    "low_date_utc": prices.low_date_utc,
    "low_date_new_york": prices.low_date_new_york,
    "january_fall": prices.january_fall,
    "january_redemption": flows.ibit_row,
    "january_record": flows.ibit_record,
    "february_redemption": flows.ibit_row,
    "expected_outflow": flows.expected_outflow,
    "inflow_row_of_5": flows.ibit_row,
    "inflow_row_of_6": flows.ibit_row,
    "shares_row_of_5": flows.shares_row,
    "shares_row_of_6": flows.shares_row,
    "all_row_of_5": flows.all_row,
    "all_row_of_6": flows.all_row,
    "all_aligned": flows.all_aligned,
    "dip_buyers": flows.ibit_row,
    "basis_on_5": futures.basis_on_event,
    "basis_on_6": futures.basis_after,
    "basis_jump_rank": futures.basis_jump_rank,
    "cme_open_interest": futures.cme_open_interest,
    "cme_rebuilt": futures.cme_rebuilt,
    "binance_open_interest": futures.binance_to_event,
    "binance_after": futures.binance_after,
    "close_to_software": options.close_to_software,
    "software_over_gold": options.software_over_gold,
    "close_to_gold": options.close_to_gold,
    "implied_level": options.implied_level,
    "implied_direction": options.implied_direction,
    "implied_low": options.implied_percentile,
    "implied_record": options.implied_rank,
    "volatility_was_low": options.volatility_was_low,
    "knock_in_delta": options.knock_in_delta,
    "barrier_november": options.ibit_low,
    "barrier_december": options.ibit_low,
    "dealer_gamma": options.dealer_gamma,
    "rebound_bitcoin_day": prices.rebound_bitcoin_day,
    "rebound_bitcoin_close": prices.rebound_bitcoin_close,
    "rebound_ibit": prices.rebound_ibit,
    "rebound_low": prices.rebound_low,
}

SERIES = frozenset(
    {
        *("ibit", "ibit_ohlcv", "qqq", "igv", "gld", "btc_utc", "btc_hourly", "btc_hourly_ohlcv"),
        *("etf_flows", "cme_btc_front", "cme_curve", "cme_open_interest", "binance_oi_hourly"),
        *("binance_cme_oi_growth", "dvol", "dvol_hourly", "dealer_gamma", "ibit_options"),
    }
)
"""All that these functions read."""
