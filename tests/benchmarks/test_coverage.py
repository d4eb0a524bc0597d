"""The coverage study itself: it sees a wrong interval, repeats itself, and leaves nothing out."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import types
import typing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import models
from benchmarks.coverage import CASES, measure, merged, read, write
from benchmarks.coverage_case import EXCEPTIONS, Case
from benchmarks.coverage_page import Cell, shown, table, unknown_truths
from benchmarks.coverage_worlds import (
    AUTOREGRESSIVE,
    GARCH,
    NORMAL,
    REAL,
    WORLDS,
    Sample,
    Trial,
    panel,
    samples,
    trial,
    wrap,
)
from models.estimate import Conformal, Estimate, NotEstimableError, Resampled, StudentT

HOLDS_INTERVAL = (Estimate, StudentT, Resampled, Conformal)


def normal_mean(size: float):
    """Mean of rows with variance one, its standard error multiplied by `size`."""

    def measured(sample: Sample) -> Trial:
        rows = sample.rows[:, 0]
        sure = StudentT(std_error=size / np.sqrt(len(rows)))
        return trial(wrap(float(rows.mean()), sure), 0.0)

    return measured


def made_up(size: float = 1.0, **changes: object) -> Case:
    case = Case(
        name="made up",
        function="mean.hac_mean",
        window="30",
        truth="0",
        rows=30,
        columns=1,
        measure=normal_mean(size),
    )
    return replace(case, **changes)


def test_an_interval_that_is_right_is_not_marked():
    cell = measure(made_up(), NORMAL, worlds=4000, seed=1)
    assert_allclose(
        [cell.low_5, cell.high_5, cell.low_2_5, cell.high_2_5], [5, 5, 2.5, 2.5], atol=1.1
    )
    assert_allclose(cell.coverage_90, 90, atol=1.5)
    assert_allclose(cell.error, 100 * np.sqrt(0.9 * 0.1 / 4000), rtol=0.05)
    assert not cell.too_narrow
    assert not cell.too_wide
    assert "*" not in shown(cell)


def test_an_interval_that_is_half_as_wide_as_it_should_be_is_marked_and_one_twice_as_wide_too():
    narrow = measure(made_up(0.5), NORMAL, worlds=1000, seed=1)
    assert_allclose(narrow.low_5, 20.5, atol=4)  # P(Z > 0.822)
    assert narrow.too_narrow
    assert shown(narrow).startswith("**")
    wide = measure(made_up(2.0), NORMAL, worlds=1000, seed=1)
    assert wide.too_wide
    assert not wide.too_narrow
    assert shown(wide).startswith("_")


def test_a_bound_that_errs_on_one_side_alone_is_marked():
    def shifted(sample: Sample) -> Trial:
        made = normal_mean(1.0)(sample)
        return replace(made, truth=made.truth - 0.1)

    cell = measure(made_up(measure=shifted), NORMAL, worlds=2000, seed=1)
    assert cell.low_5 > 7
    assert cell.high_5 < 5
    assert cell.too_narrow


def test_the_same_seed_gives_the_same_cell_and_another_seed_another():
    one, same, other = (measure(made_up(), GARCH, worlds=200, seed=s) for s in (1, 1, 2))
    assert replace(one, seconds=0.0) == replace(same, seconds=0.0)
    assert one.coverage_90 != other.coverage_90 or one.low_5 != other.low_5


def test_worlds_that_carry_no_estimate_are_counted_and_left_out():
    def sometimes(sample: Sample) -> Trial:
        if sample.rows[0, 0] > 0:
            raise NotEstimableError("chance")
        return normal_mean(1.0)(sample)

    cell = measure(made_up(measure=sometimes), NORMAL, worlds=400, seed=1)
    assert cell.worlds + cell.without == 400
    assert 150 < cell.without < 250

    def never(sample: Sample) -> Trial:
        raise NotEstimableError("always")

    with pytest.raises(RuntimeError, match="No world"):
        measure(made_up(measure=never), NORMAL, worlds=5, seed=1)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("link", [0.0, 0.6])
def test_columns_are_what_they_are_said_to_be(world, link):
    drawn = samples(world, (150, 120, 3), link=link, shared=True, real="apart", seed=1)
    rows = np.array([s.rows for s in drawn])
    pooled = rows.reshape(-1, 3)
    assert_allclose(pooled.mean(axis=0), 0, atol=0.06)
    assert_allclose(pooled.var(axis=0), 1, atol=0.3 if world == REAL else 0.12)
    wanted = [0.0, 0.0] if world == REAL else [link, link]
    assert_allclose(np.corrcoef(pooled.T)[0, 1:], wanted, atol=0.05)
    own = np.mean(rows[:, 1:] * rows[:, :-1])
    assert_allclose(own, 0.3 if world == AUTOREGRESSIVE else 0.0, atol=0.1)
    squares = rows**2 - 1
    clusters = np.mean(squares[:, 1:] * squares[:, :-1]) / np.mean(squares**2)
    assert (clusters > 0.03) == (world in {GARCH, REAL, AUTOREGRESSIVE})


def test_real_windows_are_rows_of_the_panel():
    everything = panel().to_numpy()
    (together,) = samples(REAL, (1, 60, 3), link=0.0, shared=True, real="together", seed=3)
    stop = together.place
    for column in together.rows.T:
        assert any(np.array_equal(column, whole) for whole in everything[stop - 60 : stop].T)
    (apart,) = samples(REAL, (1, 60, 9), link=0.0, shared=True, real="apart", seed=3)
    twice = np.vstack([everything, everything])
    firsts = []
    for column in apart.rows.T:
        at = np.argwhere(twice[: len(everything)] == column[0])[0]
        assert np.array_equal(twice[at[0] : at[0] + 60, at[1]], column)
        firsts.append(int(at[0]))
    gaps = np.diff(np.sort([*firsts, min(firsts) + len(everything)]))
    assert gaps.min() >= 20


def test_neighbouring_real_windows_count_as_few():
    case = made_up(rows=100)
    cell = measure(case, REAL, worlds=500, seed=1)
    assert cell.error > 100 * np.sqrt(0.9 * 0.1 / 500)


def test_cells_survive_the_file_and_merge_by_interval_window_and_world(tmp_path: Path):
    case = CASES[0]
    cells = [measure(case, w, worlds=5, seed=1) for w in WORLDS if w not in case.skipped]
    write(cells, tmp_path / "cells.csv")
    assert read(tmp_path / "cells.csv") == cells
    header = (tmp_path / "cells.csv").read_text().splitlines()[0]
    assert header.split(",") == [f.name for f in dataclasses.fields(Cell)]
    fresh = replace(cells[0], coverage_90=1.0)
    assert merged(cells, [fresh]) == [fresh, *cells[1:]]
    assert merged([replace(cells[0], interval="gone")], []) == []


def test_the_table_has_a_row_per_interval_and_leaves_unknown_cells_empty():
    cell = measure(made_up(), NORMAL, worlds=50, seed=1)
    made = table([cell, replace(cell, world=GARCH)]).splitlines()
    assert len(made) == 3
    assert made[2].startswith("| made up | `mean.hac_mean` | 30 | 50 |")
    assert made[2].endswith("|  |  |")
    assert "real windows: why. made up (30)." in unknown_truths([made_up(skipped={REAL: "why"})])


def test_names_and_windows_are_unique_and_worlds_are_known():
    keys = [(c.name, c.window) for c in CASES]
    assert len(set(keys)) == len(keys)
    assert all(set(c.skipped) < set(WORLDS) for c in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.name}, {c.window}")
def test_every_case_runs(case: Case):
    worlds = [w for w in WORLDS if w not in case.skipped]
    cell = measure(case, worlds[-1], worlds=2, seed=1)
    assert cell.worlds + cell.without == 2


def holds_interval(kind: object, seen: tuple[object, ...] = ()) -> bool:
    """Whether a return type is, or holds in a field or a method, an interval."""
    if kind in HOLDS_INTERVAL:
        return True
    if any(holds_interval(part, seen) for part in typing.get_args(kind)):
        return True
    if not (inspect.isclass(kind) and dataclasses.is_dataclass(kind)) or kind in seen:
        return False
    fields = typing.get_type_hints(kind).values()
    methods = [
        m for n, m in vars(kind).items() if isinstance(m, types.FunctionType) and n[0] != "_"
    ]
    returned = [typing.get_type_hints(m).get("return") for m in methods]
    return any(holds_interval(part, (*seen, kind)) for part in (*fields, *returned))


def public_functions() -> dict[str, types.FunctionType]:
    folder = Path(models.__file__ or "").parent
    found = {}
    for path in sorted(folder.glob("[a-z]*.py")):
        module = importlib.import_module(f"models.{path.stem}")
        for name, thing in vars(module).items():
            own = isinstance(thing, types.FunctionType) and thing.__module__ == module.__name__
            if own and not name.startswith("_"):
                found[f"{path.stem}.{name}"] = thing
    return found


def test_every_function_that_returns_an_interval_is_studied_or_excused():
    functions = public_functions()
    returning = {
        name
        for name, function in functions.items()
        if holds_interval(typing.get_type_hints(function).get("return"))
    }
    assert {"correlation.correlation", "hac.ols_hac", "lead_response.lead_response"} <= returning
    studied = {case.function for case in CASES}
    assert studied <= set(functions)
    assert returning - studied - set(EXCEPTIONS) == set()
    assert set(EXCEPTIONS) <= returning
    assert not studied & set(EXCEPTIONS)
