"""Where the bytes are: the set in the repository, or a folder given by the user (a pack)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from data.catalog import Catalog, Entry, Series
from data.errors import DataError

EMBEDDED = Path(__file__).parent / "embedded"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A source.

    Attributes
    ----------
    kind : str
        ``embedded`` or ``pack``.
    root : Path
        Where its files are.
    sums : dict of str to str
        Promised sha256 by file; empty for a pack, whose sums are taken on reading.
    """

    kind: str
    root: Path
    sums: dict[str, str]

    def choose(self, series: Series) -> Entry | None:
        """Return the preferred file that is there; whether it is sound is found on reading."""
        for entry in series.entries_of(self.kind):
            if (self.root / entry.file).exists() or entry.file in self.sums:
                return entry
        return None

    def read(self, file: str) -> tuple[bytes, str]:
        """Return the bytes of a file and their sha256, checked where a sum was promised."""
        path = self.root / file
        if path.is_dir():
            raise DataError(
                file, found="a folder", expected="a file", do="Put the file in its place."
            )
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            raise DataError(
                file,
                found="no such file",
                expected="the file that the manifest lists",
                do="Restore the file from the repository.",
            ) from None
        digest = hashlib.sha256(body).hexdigest()
        promised = self.sums.get(file, digest)
        if digest != promised:
            raise DataError(
                file,
                found=f"sha256 {digest}",
                expected=f"{promised}, as {MANIFEST} says",
                do="The file was changed: restore it from the repository.",
            )
        return body, digest

    def why_missing(self, series: Series) -> str:
        """Say in words why this source cannot serve the series."""
        if series.supply:
            return f"no source has {series.id} yet; what would supply it: {series.supply}"
        wanted = ", ".join(entry.file for entry in series.entries_of(self.kind))
        if wanted:
            return f"the data pack has no {wanted}"
        if self.kind == "embedded":
            return f"the embedded set has no {series.id} ({series.title}); a data pack has"
        return f"the catalog knows no file of a data pack for {series.id}"


def open_source(source: str | Path, known: Catalog) -> Folder:
    """Open ``"embedded"`` or the folder of a pack.

    Raises
    ------
    DataError
        When the folder is absent, is a file, or holds no file that the catalog knows.
    """
    if source == "embedded":
        return Folder(kind="embedded", root=EMBEDDED, sums=read_manifest())
    root = Path(source)
    files = sorted({e.file for name in known for e in known[name].entries_of("pack")})
    wanted = f"a folder with files such as {files[0]} and {files[-1]}"
    if not root.is_dir():
        what = "a file" if root.exists() else "no such folder"
        raise DataError(str(source), found=what, expected=wanted, do="Correct the path.")
    if not any((root / file).is_file() for file in files):
        raise DataError(
            str(source),
            found=f"none of the {len(files)} files that the catalog knows",
            expected=wanted,
            do="Point at the folder that holds prices/ and derivs/ (see data/README.md).",
        )
    return Folder(kind="pack", root=root, sums={})


def read_manifest(folder: Path = EMBEDDED) -> dict[str, str]:
    """Return sha256 by file of the embedded set."""
    rows = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return {row["file"]: row["sha256"] for row in rows}
