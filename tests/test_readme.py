"""The pages that people read name what is there: places, words, commands, exit codes."""

import re
from pathlib import Path

from bot.cli import EXITS, main
from bot.storage.replace import FILE
from tests.test_architecture import BOT, FILES, ROOT

MAP = (BOT / "README.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", BOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def section(title: str) -> str:
    return MAP.split(f"# {title}\n", 1)[1].split("\n# ", 1)[0]


def first_cells(table: str) -> list[str]:
    cells = [line.split("|")[1].strip().strip("`") for line in table.splitlines() if line.startswith("|")]
    return [cell for cell in cells if cell not in {"place", "word", "---"}]


def test_the_map_shows_every_place_and_no_other() -> None:
    packages = {f"{path.name}/" for path in BOT.iterdir() if (path / "__init__.py").exists()}
    files = {path.name for path in BOT.glob("[a-z]*.py")}
    assert set(first_cells(section("The map"))) == packages | files


def test_every_word_of_the_glossary_is_used_in_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in FILES)
    unused = [word for word in first_cells(section("Words")) if not re.search(rf"\b{word}\b", code, re.IGNORECASE)]
    assert unused == []


def test_the_way_of_a_wish_names_files_that_exist() -> None:
    named = re.findall(r"^ {4}(\w+/\w+)", section("The way of one `/imagine`"), re.MULTILINE)
    assert named
    assert [name for name in named if not (BOT / f"{name}.py").exists() and not (BOT / name).is_dir()] == []


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        (page.name, link)
        for page in PAGES
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_commands_in_the_pages_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in PAGES:
        text = page.read_text("utf-8")
        for target in re.findall(r"(?:^ {4,}|`)make ([a-z]+)", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page.name, target)
        for command in re.findall(r"imagine-bot ([a-z]+)", text):
            assert command in main.commands, (page.name, command)


def test_the_test_command_of_the_readme_is_what_ci_runs() -> None:
    assert "\n    make test\n" in README
    assert "make test" in (ROOT / ".ci/run").read_text("utf-8")


def test_exit_codes_are_explained() -> None:
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    explained = {int(code) for code in re.findall(r"^\| (\d) \|", page, re.MULTILINE)}
    assert explained == {0, 1, *EXITS.values()}


def test_the_files_in_data_dir_are_explained() -> None:
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    section = page.split("## What is in DATA_DIR?", 1)[1].split("\n## ", 1)[0]
    assert [name for name in (FILE, "shelf", "spool", "models.json") if f"`{name}`" not in section] == []
    assert set(re.findall(r"[\w/]*\bimagine\.\w+", page)) <= {FILE, f"data/{FILE}"}


def test_no_page_and_no_lock_names_a_package_index() -> None:
    for path in [*PAGES, *ROOT.glob("requirements*.lock"), ROOT / "pyproject.toml", ROOT / "Makefile"]:
        assert not re.search(
            r"index-url|find-links|/simple\b", path.read_text("utf-8").replace("--no-emit-index-url", "")
        )


def test_every_dependency_is_pinned_with_hashes() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        packages = re.split(r"\n(?=\w)", Path(lock).read_text("utf-8").strip())
        assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []
