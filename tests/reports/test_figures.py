"""Figures are the same every time, describe themselves, and show what the record holds."""

from __future__ import annotations

import dataclasses
import itertools
import math
import xml.etree.ElementTree as ET

import pytest

from reports import captions, placebo, specification
from reports.exhibits import _apart
from reports.figures import draw
from reports.forest import Scale
from reports.record import Variants

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def figures(run):
    return draw(run)


def test_every_figure_is_drawn(figures, run):
    wanted = [captions.CHAIN, captions.waterfall_id(0)]
    for j in run.judgements:
        wanted.append(captions.forest_id(j))
        wanted += [captions.variants_id(j)] * (j.id == "H01")
        wanted += [captions.power_id(j)] * (j.id in ("H01", "H04", "H06"))
        wanted += [captions.placebo_id(j)] * (j.id != "H02")
    wanted += [x.id for x in run.exhibits]
    assert list(figures) == wanted


def test_same_record_same_bytes(figures, files):
    for name, svg in figures.items():
        assert files[f"figures/{name}.svg"] == svg


def test_figures_describe_themselves(figures):
    for svg in figures.values():
        root = ET.fromstring(svg)
        assert root.find(f"{SVG}title").text
        assert len(root.find(f"{SVG}desc").text) > 20
        assert root.find(f".//{SVG}text") is None  # letters are outlines: no font is needed


def test_width_is_the_text_width(figures):
    for svg in figures.values():
        assert ET.fromstring(svg).get("width") == "481.68pt"


def test_figures_show_the_values(figures, run):
    """Another value moves a mark."""
    judgement = run.judgements[3]
    finding = dataclasses.replace(judgement.findings[2], value=0.05)
    changed = dataclasses.replace(
        judgement, findings=(*judgement.findings[:2], finding, *judgement.findings[3:])
    )
    again = draw(dataclasses.replace(run, judgements=(changed,), attribution=(), exhibits=()))
    for of in (captions.forest_id, captions.placebo_id):
        assert again[of(judgement)] != figures[of(judgement)]
    assert again[captions.power_id(judgement)] == figures[captions.power_id(judgement)]


def test_nothing_measured_nothing_drawn(run):
    """A claim without rates, values on other dates or other ways has its forest plot alone."""
    bare = tuple(
        dataclasses.replace(
            j,
            calibration=None,
            findings=tuple(
                dataclasses.replace(f, placebo=(), variants=Variants()) for f in j.findings
            ),
        )
        for j in run.judgements
    )
    again = draw(dataclasses.replace(run, judgements=bare, attribution=(), exhibits=(), chain=None))
    assert list(again) == [captions.forest_id(j) for j in run.judgements]


def test_dates_right_of_the_event_are_those_of_the_rank(run):
    for judgement in run.judgements:
        for finding in captions.with_placebo(judgement):
            seen, scale = placebo.counts(finding), placebo.longest(finding)
            assert sum(seen) == len(finding.placebo)
            here = placebo.depth(finding, finding.value)
            assert here == pytest.approx(finding.distance_to_edge)
            assert abs(here) <= scale
            inside = sum(finding.region[0] <= v <= finding.region[1] for v in finding.placebo)
            assert sum(seen[placebo.BINS :]) == inside
            as_far = sum(placebo.depth(finding, v) >= here for v in finding.placebo)
            assert (1 + as_far) / (1 + len(finding.placebo)) == pytest.approx(finding.placebo_rank)


def test_ways_are_sorted_and_bounds_far_out_do_not_set_the_scale(run):
    finding = run.judgements[0].findings[0]
    shown = specification.ways(finding)
    assert [way.value for way in shown] == sorted(way.value for way in shown)
    assert [way.label for way in shown if way.value == finding.value] == [specification.PREFERRED]
    assert len(shown) == 1 + finding.variants.n
    low, high = specification.limits(finding, shown)
    assert all(low < way.value < high for way in shown)
    assert low < finding.region[0] < high
    wild = [*shown, dataclasses.replace(shown[0], interval=(-50.0, 90.0))]
    assert specification.limits(finding, wild) == (low, high)


def test_inside_is_right_of_the_line(run):
    for judgement in run.judgements:
        for finding in judgement.findings:
            if finding.value is None:
                continue
            scale = Scale(finding)
            inside = finding.region[0] <= finding.value <= finding.region[1]
            depth = scale.into(finding.value)
            assert (depth >= 0) == inside
            assert depth == pytest.approx(finding.distance_to_edge)
            assert (scale.place(depth) >= scale.place(0)) == inside
            ends = [scale.place(scale.into(x)) for x in finding.interval]
            assert all(scale.place(-math.inf) <= x <= scale.place(math.inf) for x in ends)


def test_labels_do_not_touch():
    places = _apart([0.1, 0.11, 0.12, 0.97, 0.99], 0.1)
    assert all(b - a >= 0.1 - 1e-12 for a, b in itertools.pairwise(places))
    assert max(places) <= 1.0
    assert places[0] == pytest.approx(0.1)
