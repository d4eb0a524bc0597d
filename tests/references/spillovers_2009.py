"""Write spillovers_2009_var.csv: the VAR(2) of Diebold and Yilmaz (2009), by statsmodels.

    pip download --no-deps --no-binary :all: pyconnectedness==0.1.0
    python tests/references/spillovers_2009.py pyconnectedness-0.1.0.tar.gz

The weekly returns of 19 stock markets are inside that archive; its licence (GPL) keeps them out
of here. Made with statsmodels 0.15; 17 digits are stored, and the data are not needed to test.
Rows: equation; columns: lag 1 of each market, lag 2 of each, covariance with each residual.
"""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
from statsmodels.tsa.api import VAR

MEMBER = "pyconnectedness-0.1.0/examples/data/dy2009_returns.xlsx"
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet(workbook: bytes) -> pd.DataFrame:
    """First sheet without its date column; the first row names the columns."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        texts = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        cells = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    words = ["".join(t.text or "" for t in item.iter(f"{SPACE}t")) for item in texts]
    head, *rows = (
        [cell.findtext(f"{SPACE}v") for cell in row][1:] for row in cells.iter(f"{SPACE}row")
    )
    return pd.DataFrame(rows, columns=[words[int(i or 0)] for i in head], dtype=float)


if __name__ == "__main__":
    with tarfile.open(sys.argv[1]) as archive:
        returns = sheet(archive.extractfile(MEMBER).read())  # type: ignore[union-attr]
    fit = VAR(returns.to_numpy()).fit(2)
    names = returns.columns
    table = pd.DataFrame(
        np.hstack([*fit.coefs, np.asarray(fit.sigma_u)]),
        index=pd.Index(names, name="market"),
        columns=[f"{what} {name}" for what in ("lag 1", "lag 2", "cov") for name in names],
    )
    table.to_csv(Path(__file__).with_name("spillovers_2009_var.csv"), float_format="%.17g")
