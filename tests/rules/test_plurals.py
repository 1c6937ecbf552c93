"""Numbers and the words beside them, in every language that bends them."""

import pytest

from bot.texts import Texts

TEXTS = Texts.load("en", strict=True)

LEFT = {
    "en": {0: "0 credits left", 1: "1 credit left", 2: "2 credits left", 21: "21 credits left"},
    "ru": {
        0: "осталось 0 кредитов",
        1: "остался 1 кредит",
        2: "осталось 2 кредита",
        5: "осталось 5 кредитов",
        11: "осталось 11 кредитов",
        21: "остался 21 кредит",
        104: "осталось 104 кредита",
        112: "осталось 112 кредитов",
    },
}

BACK = {
    "en": {1: "in an hour", 2: "in 2 hours", 21: "in 21 hours"},
    "ru": {1: "через час", 3: "через 3 часа", 5: "через 5 часов", 21: "через 21 час", 24: "через 24 часа"},
}


@pytest.mark.parametrize("language", LEFT)
def test_credits_are_counted_as_people_say_it(language: str) -> None:
    t = TEXTS.translator(language)
    assert {number: t("imagine-credits-left", credits=number) for number in LEFT[language]} == LEFT[language]


@pytest.mark.parametrize("language", BACK)
def test_hours_are_counted_as_people_say_it(language: str) -> None:
    t = TEXTS.translator(language)
    assert {number: t("quota-in-hours", hours=number) for number in BACK[language]} == BACK[language]


def test_one_gift_stays_and_several_stay() -> None:
    t = TEXTS.translator("ru")
    assert t("admin-gift", credits=1).startswith("Вам подарили 1 кредит. Он останется")
    assert t("admin-gift", credits=22).startswith("Вам подарили 22 кредита. Они останутся")
    assert t("admin-gift", credits=50).startswith("Вам подарили 50 кредитов. Они останутся")
