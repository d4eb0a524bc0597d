"""Remembering by identity: the same series once, equal but other series again."""

from __future__ import annotations

import pandas as pd

from hypotheses.core.memo import MOST, remember


def test_the_same_series_is_worked_on_once_and_a_copy_again():
    calls = []

    @remember
    def total(x: pd.Series, *, scale: int = 1) -> float:
        calls.append(scale)
        return float(x.sum()) * scale

    x = pd.Series([1.0, 2.0])
    assert [total(x), total(x), total(x, scale=2), total(x.copy())] == [3.0, 3.0, 6.0, 3.0]
    assert calls == [1, 2, 1]


def test_an_int_is_no_identity_of_an_object():
    @remember
    def same(x: object) -> object:
        return x

    thing = object()
    assert same(thing) is thing
    assert same(id(thing)) == id(thing)
    assert same(thing) is thing


def test_only_so_many_results_are_kept_and_none_is_mixed_up():
    @remember
    def first(x: pd.Series) -> float:
        return float(x.iloc[0])

    many = [pd.Series([float(i)]) for i in range(3 * MOST)]
    assert [first(x) for x in many] == [float(i) for i in range(3 * MOST)]
    assert [first(x) for x in reversed(many)] == [float(i) for i in reversed(range(3 * MOST))]
