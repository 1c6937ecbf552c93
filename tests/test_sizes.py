"""Small files of small functions: the budget that keeps everything readable."""

import ast
import statistics
from pathlib import Path

from tests.test_architecture import FILES, ROOT, tree

FILE_LINES = 400
FUNCTION_LINES = 60
MEDIAN_LINES = 6
P90_LINES = 25


def lengths() -> dict[str, int]:
    """Lines of each function's body, without its signature and docstring."""
    found: dict[str, int] = {}
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                end = node.end_lineno or node.lineno
                found[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = end - body[0].lineno + 1 if body else 1
    return found


def test_no_function_is_long() -> None:
    assert {name: lines for name, lines in lengths().items() if lines > FUNCTION_LINES} == {}


def test_most_functions_fit_a_glance() -> None:
    lines = sorted(lengths().values())
    assert statistics.median(lines) <= MEDIAN_LINES
    assert lines[len(lines) * 9 // 10] <= P90_LINES


def test_no_file_is_long() -> None:
    every = [*FILES, *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]
    long = {str(path.relative_to(ROOT)): count for path in every if (count := _lines(path)) > FILE_LINES}
    assert long == {}


def _lines(path: Path) -> int:
    return path.read_text("utf-8").count("\n")
