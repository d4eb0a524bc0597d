"""Figures are the same every time, describe themselves, and show what the record holds."""

from __future__ import annotations

import dataclasses
import itertools
import math
import xml.etree.ElementTree as ET

import pytest

from reports import captions
from reports.exhibits import _apart
from reports.figures import draw
from reports.forest import Scale

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def figures(run):
    return draw(run)


def test_every_figure_is_drawn(figures, run):
    wanted = [captions.waterfall_id(0)]
    wanted += [captions.forest_id(j) for j in run.judgements]
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
    assert again[captions.forest_id(judgement)] != figures[captions.forest_id(judgement)]


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
