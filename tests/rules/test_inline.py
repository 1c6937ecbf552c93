from bot.inline.rules import MOST_FOUND, Found, matching, wish_id, without_name


def pictures(*prompts: str) -> list[Found]:
    return [Found(f"g{number}", prompt, "file", "photo") for number, prompt in enumerate(prompts)]


def prompts(found: list[Found]) -> list[str]:
    return [each.prompt for each in found]


def test_every_word_must_be_there_in_any_order_and_case() -> None:
    drawn = pictures("A red fox", "a fox", "Рыжая Лиса")
    assert prompts(matching(drawn, "FOX red")) == ["A red fox"]
    assert prompts(matching(drawn, "лиса")) == ["Рыжая Лиса"]
    assert matching(drawn, "fox owl") == []


def test_a_word_that_is_still_being_typed_finds_what_begins_like_it() -> None:
    assert prompts(matching(pictures("a lighthouse", "an owl"), "light")) == ["a lighthouse"]


def test_no_words_find_everything_newest_first_and_no_more_than_fits() -> None:
    drawn = pictures(*(f"fox {number}" for number in range(MOST_FOUND + 5)))
    assert matching(drawn, "") == drawn[:MOST_FOUND]


def test_a_wish_is_kept_once_for_each_person_and_their_words() -> None:
    assert wish_id(1, "a fox") == wish_id(1, "a fox")
    assert len({wish_id(1, "a fox"), wish_id(2, "a fox"), wish_id(1, "an owl")}) == 3


def test_our_name_is_no_part_of_the_wish() -> None:
    assert without_name("@Paint_Bot, a fox by @anna", "paint_bot") == "a fox by @anna"
