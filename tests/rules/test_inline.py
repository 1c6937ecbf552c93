from bot.inline.rules import PAGE, Found, matching, page, wish_id, without_name


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


def test_no_words_find_everything() -> None:
    drawn = pictures("a fox", "an owl")
    assert matching(drawn, "") == drawn


def test_pages_show_everything_once_in_order_and_end() -> None:
    drawn = pictures(*(f"fox {number}" for number in range(2 * PAGE)))
    first, after = page(drawn, "")
    second, end = page(drawn, after)
    assert (first, second, end) == (drawn[:PAGE], drawn[PAGE:], "")


def test_a_new_picture_moves_nothing_into_the_next_page_and_an_unknown_place_has_none() -> None:
    drawn = pictures(*(f"fox {number}" for number in range(PAGE + 1)))
    _, after = page(drawn, "")
    assert page([Found("new", "a fox", "file", "photo"), *drawn], after) == (drawn[PAGE:], "")
    assert page(drawn, "9" * 64) == ([], "")


def test_a_wish_is_kept_once_for_each_person_and_their_words() -> None:
    assert wish_id("anna", "a fox") == wish_id("anna", "a fox")
    typed = [("anna", "a fox"), ("boris", "a fox"), ("anna", "an owl"), ("anna", "\ud800")]
    assert len({wish_id(*each) for each in typed}) == 4


def test_our_name_is_no_part_of_the_wish() -> None:
    assert without_name("@Paint_Bot, a fox by @anna", "paint_bot") == "a fox by @anna"
