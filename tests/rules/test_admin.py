import pytest

from bot.admin.rules import LARGEST_ID, WrongCommand, named


def test_a_person_is_named_by_their_number() -> None:
    assert named("123456789") == 123456789
    assert named("  1  ") == 1
    assert named(str(LARGEST_ID)) == LARGEST_ID


@pytest.mark.parametrize(
    "words", [None, "", "0", "-5", "@anna", "1 2", "1.5", "12a", "٣٤", str(LARGEST_ID + 1), "9" * 99]
)
def test_anything_else_names_nobody(words: str | None) -> None:
    with pytest.raises(WrongCommand) as raised:
        named(words)
    assert raised.value.text == "admin-needs-id"
