"""Which model draws in a place that does not allow all of them."""

import pytest

from bot.images import ImageModel
from bot.imagine.choosing import Choice
from bot.imagine.house import ModelNotHere, allowed
from bot.imagine.rules import Place, Wish
from bot.storage.database import Transaction

CHEAP, USUAL, DEAR = (ImageModel(f"s/{name}", name, price=price) for name, price in (("a", 1), ("b", 2), ("c", 5)))
MODELS = (CHEAP, USUAL, DEAR)
FOX = Wish("a fox")


class Only:
    """A place in which only these may draw."""

    spoiler = tidy = drafts = False

    def __init__(self, *models: ImageModel) -> None:
        self.models = models

    def allows(self, model: ImageModel) -> bool:
        return model in self.models

    async def enter(self, tx: Transaction, user_id: int, place: Place) -> None:
        """Everybody may."""

    async def payer(self, tx: Transaction, user_id: int, price: int) -> int | None:
        return None


def test_without_rules_and_where_it_is_allowed_the_choice_stays() -> None:
    choice = Choice(USUAL, "s/gone")
    assert allowed(None, choice, FOX, MODELS, named=True) is choice
    assert allowed(Only(USUAL), choice, FOX, MODELS, named=True) is choice


def test_an_allowed_model_that_costs_no_more_stands_in_and_the_other_is_not_tried_later() -> None:
    assert allowed(Only(CHEAP, DEAR), Choice(USUAL), FOX, MODELS, named=False) == Choice(CHEAP)


@pytest.mark.parametrize(("named", "models"), [(True, (CHEAP,)), (False, (DEAR,))])
def test_a_named_model_is_not_replaced_and_none_by_a_dearer_one(named: bool, models: tuple[ImageModel, ...]) -> None:
    with pytest.raises(ModelNotHere) as raised:
        allowed(Only(*models), Choice(USUAL), FOX, MODELS, named=named)
    assert raised.value.text == "imagine-model-not-here"
    assert raised.value.values["models"] == models[0].key


def test_where_nothing_is_allowed_that_can_draw_it_the_admins_are_named() -> None:
    with pytest.raises(ModelNotHere) as raised:
        allowed(Only(), Choice(USUAL), FOX, MODELS, named=False)
    assert raised.value.text == "imagine-no-model-here"
