"""The code that makes a claim's numbers, hashed: windows and formulas belong to the plan."""

from __future__ import annotations

import ast
import hashlib

from hypotheses.core.store import closure, source_of

FOLDER = "hypotheses.measures."
SHARED = "hypotheses.core.windows"
NOT_NUMBERS = ("_worlds", "mechanism", "basis_readings", "controls")
"""Modules of known worlds and of remarks: they decide nothing."""

DECLARED = {"_PREDICTIONS", "HYPOTHESIS"}
"""What the plan states in words of its own."""


class _WithoutWords(ast.NodeTransformer):
    """Drop docstrings and every text, so that wording changes no hash."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if text else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(value="") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant(value="")


def code_digest(module: str) -> str:
    """Hash the measures of a claim's module and the shared ones that it uses.

    Comments, texts and layout do not count; the models beneath are tested on their own and do
    not count either.
    """
    names = {module, SHARED} | {
        name
        for name in closure(module)
        if name.startswith(FOLDER) and not name.endswith(NOT_NUMBERS)
    }
    digest = hashlib.sha256()
    for name in sorted(names):
        text = source_of(name)
        if text is not None:
            digest.update(f"{name}\n{_without_words(text)}\n".encode())
    return digest.hexdigest()[:16]


def _without_words(text: str) -> str:
    tree = ast.parse(text)
    tree.body = [
        node
        for node in tree.body
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) and not _declares(node)
    ]
    return ast.unparse(ast.fix_missing_locations(_WithoutWords().visit(tree)))


def _declares(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(t, ast.Name) and t.id in DECLARED for t in targets)
