"""The planted bugs still fit the code; `make planted` shows that each of them is caught."""

import pytest

from tests.planted.patches import FOLDER, ROOT, Patch, Unfit

PATCHES = sorted(FOLDER.glob("*.patch"))


def test_there_are_bugs_of_many_kinds() -> None:
    assert len(PATCHES) >= 25
    assert len({Patch.read(path).target for path in PATCHES}) >= 15


@pytest.mark.parametrize("name", [path.stem for path in PATCHES])
def test_a_planted_bug_still_fits_and_names_tests_that_there_are(name: str) -> None:
    patch = Patch.read(FOLDER / f"{name}.patch")
    mistaken = patch.apply(ROOT)
    assert mistaken != (ROOT / patch.target).read_text("utf-8")
    if patch.target.endswith(".py"):
        compile(mistaken, patch.target, "exec")
    for test in patch.caught_by:
        file, _, function = test.partition("::")
        assert f"def {function.partition('[')[0]}" in (ROOT / file).read_text("utf-8")


def test_a_patch_that_does_not_fit_names_the_file_to_mend() -> None:
    patch = Patch.read(PATCHES[0])
    with pytest.raises(Unfit, match=f"tests/planted/{patch.name}.patch: {patch.target} is not there"):
        patch.apply(FOLDER)
