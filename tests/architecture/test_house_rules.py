"""Rules of the house that no linter knows: sizes, the one commit, words not to be on screen."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
from pathlib import Path

import pytest

import union

CLONE = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
LONGEST_TEST = 400
LONGEST_TEMPLATE = 150
ALIKE = re.compile(
    r"^# The four verifiers are alike from here.*^# The four verifiers are alike up to here\.\n",
    re.DOTALL | re.MULTILINE,
)
"""What single files for others repeat, compared by ``tests/unit/office/test_certificates.py``."""
COMMIT_SITE = "union/infra/work.py"
ROOMS = {"rules", "models", "policy", "queries", "services", "forms", "views"}
ALSO = {"invariants", "errors"}
DOMAINS = (
    "identity",
    "ledger",
    "members",
    "messages",
    "dues",
    "crisis",
    "welfare",
    "legal",
    "checkout",
    "bank",
)
FORBIDDEN_ON_SCREEN = re.compile(
    r"\b(submit|invalid input|victims?|beneficiar(y|ies)|rescued?|prostitutes?|prostitution)\b",
    re.IGNORECASE,
)
OUTER_FOLDERS = ("root", "home", "work")
ADDRESS_OF_A_MACHINE = re.compile(
    rf"/({'|'.join(OUTER_FOLDERS)})/|file:/{{2}}/|--(extra-)?index-url|(?<!emit-)find-links"
)


def kept(pattern: str) -> list[Path]:
    """Files of the repository (and new ones not ignored) that match a pattern of git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", pattern],
        cwd=CLONE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [CLONE / name for name in listed if (CLONE / name).exists()]


def name_of(path: Path) -> str:
    return path.relative_to(CLONE).as_posix()


def too_long(paths: list[Path], limit: int) -> dict[str, int]:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in paths}
    return {name: length for name, length in lengths.items() if length > limit}


def own_length(path: Path) -> int:
    return len(ALIKE.sub("", path.read_text()).splitlines())


def test_no_python_file_is_too_long() -> None:
    verifiers = [path for path in kept("static/verify_*.py") if path.name != "verify_keys.py"]
    files = [path for path in kept("*.py") if path not in verifiers]
    tests = [path for path in files if name_of(path).startswith("tests/")]
    others = [path for path in files if path not in tests]
    assert too_long(others, LONGEST_FILE) == {}
    assert too_long(tests, LONGEST_TEST) == {}
    # The block they share counts once, in verify_keys.py.
    assert max(own_length(path) for path in verifiers) <= LONGEST_FILE


def test_no_template_is_too_long() -> None:
    assert too_long(kept("templates/**.html"), LONGEST_TEMPLATE) == {}


def test_commit_stands_in_one_file() -> None:
    sites = [
        name_of(path)
        for path in [*kept("union/**.py"), *kept("worker/**.py"), CLONE / "app.py"]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]
    assert sites == [COMMIT_SITE]


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        f"{name_of(path)}:{inner.lineno}"
        for path in kept("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_every_module_says_what_it_owns() -> None:
    silent = [
        name_of(path)
        for path in [*kept("union/**.py"), *kept("worker/**.py"), *kept("migrations/**.py")]
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_a_domain_has_the_known_rooms_and_no_others() -> None:
    strange = [
        f"{domain}/{room.name}"
        for domain in DOMAINS
        for room in pkgutil.iter_modules(importlib.import_module(f"union.{domain}").__path__)
        if room.name not in ROOMS | ALSO
    ]
    assert strange == []


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    assert [
        name_of(p) for p in kept("*.py") if p.name in {"utils.py", "util.py", "helpers.py"}
    ] == []


@pytest.mark.parametrize("package", [m.name for m in pkgutil.iter_modules(union.__path__)])
def test_the_database_is_never_asked_for_the_time(package: str) -> None:
    asked = [
        f"{name_of(path)}:{number}"
        for path in kept(f"union/{package}/**.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\bnow\(\)|CURRENT_(DATE|TIMESTAMP)|clock_timestamp", line)
        and not re.search(r"clock\.now\(\)|self\._?now\(\)|def now\(\)", line)
        and '"' in line
    ]
    assert asked == []


def test_no_page_says_a_word_we_do_not_use() -> None:
    said = [
        f"{name_of(path)}: {match.group()}"
        for path in kept("templates/**.html")
        for match in FORBIDDEN_ON_SCREEN.finditer(visible(path.read_text()))
    ]
    assert said == []


def visible(template: str) -> str:
    """A template without its tags, attributes and comments, but with what is translated."""
    spoken = " ".join(re.findall(r"_\(\s*['\"](.+?)['\"]\s*[,)]", template, re.DOTALL))
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", template, flags=re.DOTALL)
    return f"{plain} {spoken}"


def test_no_file_names_a_machine_or_a_registry() -> None:
    text_files = [
        path
        for path in [
            *kept("*.py"),
            *kept("*.txt"),
            *kept("*.toml"),
            *kept("*.md"),
            *kept("Makefile"),
        ]
        if name_of(path) != name_of(Path(__file__))
    ]
    named = [
        f"{name_of(path)}:{number}"
        for path in text_files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ADDRESS_OF_A_MACHINE.search(line)
    ]
    assert named == []
