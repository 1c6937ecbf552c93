"""Models that are gone, and wishes that their model cannot carry out to the letter: drawn as near as can be."""

from collections.abc import Sequence

import pytest

from bot.images import AspectRatio, ImageModel
from bot.imagine.choosing import Choice
from bot.imagine.grammar import WishError
from bot.imagine.making import Redraw
from bot.imagine.rules import AS_WISHED, DOUBLE_TAP, Generation, Place, Status, Wish, Wished
from bot.users import store as users
from tests.features.workshop import DEAR, FREE, PAID, Workshop
from tests.generations import ANNA

OWL = ImageModel("free/owl-large", "Owl", price=2)
OWLET = ImageModel("free/owl-small", "Owlet", price=2)
OWL_PRO = ImageModel("free/owl-large-pro", "Owl Pro", price=5)


async def choose(shop: Workshop, model: str | None) -> None:
    person = await shop.person()
    async with shop.database.write() as tx:
        await users.choose(tx, person.user_id, model=model)


async def offer(shop: Workshop, models: Sequence[ImageModel]) -> None:
    """From now on the free service has these."""
    shop.free.remember(models)
    await shop.providers.refresh()


async def drawn(shop: Workshop, wish: Wish | None = None, key: str = "msg:1:1") -> Generation:
    made = await shop.ask_one(wish, key)
    await shop.work()
    return await shop.get(made)


async def test_a_chosen_model_that_is_gone_is_drawn_by_the_nearest_of_its_service(shop: Workshop) -> None:
    await offer(shop, [FREE, OWL, OWLET, OWL_PRO])
    await choose(shop, OWL.key)
    await offer(shop, [FREE, OWLET, OWL_PRO])
    generation = await drawn(shop)
    assert (generation.status, generation.model, generation.price) == (Status.DELIVERED, OWLET.key, OWLET.price)
    assert generation.wished == Wished(OWL.key)


async def test_the_choice_counts_again_once_its_model_is_back(shop: Workshop) -> None:
    await offer(shop, [FREE, OWL])
    await choose(shop, OWL.key)
    await offer(shop, [FREE])
    await shop.ask_one(key="a")
    await offer(shop, [FREE, OWL])
    [made] = await shop.ask(key="b")
    assert (made.model, made.wished) == (OWL.key, AS_WISHED)


async def test_where_nobody_of_its_service_can_the_default_draws(shop: Workshop) -> None:
    await offer(shop, [FREE, OWL])
    await choose(shop, OWL.key)
    await offer(shop, [OWL_PRO, DEAR])
    [made] = await shop.ask()
    assert (made.model, made.wished.model) == (PAID.key, OWL.key)


async def test_a_model_that_nobody_remembers_is_drawn_by_the_default(shop: Workshop) -> None:
    await choose(shop, "gone/model")
    [made] = await shop.ask()
    assert (made.model, made.wished.model, made.price) == (PAID.key, "gone/model", PAID.price)


async def test_where_the_default_is_not_offered_the_cheapest_draws_without_a_word(shop: Workshop) -> None:
    shop.providers._providers.pop("paid")
    shop.free.remember([DEAR, FREE])
    [made] = await shop.ask()
    assert (made.model, made.wished) == (FREE.key, AS_WISHED)


async def test_a_stand_in_can_take_all_the_words(shop: Workshop) -> None:
    await offer(shop, [FREE, OWL, ImageModel("free/owl-largo", "Terse", price=2, prompt_limit=3), OWLET])
    await choose(shop, OWL.key)
    await offer(shop, [FREE, ImageModel("free/owl-largo", "Terse", price=2, prompt_limit=3), OWLET])
    [made] = await shop.ask()
    assert made.model == OWLET.key


async def test_buttons_of_a_picture_whose_model_is_gone_still_draw(shop: Workshop) -> None:
    await offer(shop, [FREE, OWL])
    parent = await drawn(shop, Wish("a fox", model=OWL.key))
    await offer(shop, [FREE])
    person = await shop.person()
    assert shop.imagine.models.drawer_of(parent) == FREE
    async with shop.database.write() as tx:
        again = await shop.imagine.again(tx, Redraw(person, parent, Place(ANNA), "tap:1"))
        varied = await shop.imagine.vary(tx, Redraw(person, parent, Place(ANNA), "tap:2"))
        tall = await shop.imagine.with_ratio(tx, Redraw(person, parent, Place(ANNA), "tap:3"), AspectRatio.TALL)
    assert [(each.model, each.wished.model) for each in (again, varied, tall)] == [(FREE.key, OWL.key)] * 3


async def test_an_old_command_with_a_model_that_is_gone_still_draws(shop: Workshop) -> None:
    await offer(shop, [FREE, OWL])
    await offer(shop, [FREE])
    [made] = await shop.ask(Wish("a fox", model=OWL.key))
    assert (made.model, made.wished.model) == (FREE.key, OWL.key)
    with pytest.raises(WishError):
        await shop.ask(Wish("a fox", model="free/never"), "b")


async def test_again_asks_the_model_that_was_wished_before_another_drew(shop: Workshop) -> None:
    await offer(shop, [FREE, OWL])
    await choose(shop, OWL.key)
    await offer(shop, [FREE])
    parent = await drawn(shop)
    await offer(shop, [FREE, OWL])
    person = await shop.person()
    async with shop.database.write() as tx:
        again = await shop.imagine.again(tx, Redraw(person, parent, Place(ANNA), "tap:1"))
        varied = await shop.imagine.vary(tx, Redraw(person, parent, Place(ANNA), "tap:2"))
    assert (again.model, again.wished) == (OWL.key, AS_WISHED)
    assert (varied.model, varied.seed) == (FREE.key, parent.seed)


async def test_what_a_model_cannot_do_comes_back_with_one_that_can(shop: Workshop) -> None:
    narrow = ImageModel("free/narrow", "Narrow", ratios=(AspectRatio.SQUARE, AspectRatio.WIDE))
    await offer(shop, [FREE, narrow])
    parent = await drawn(shop, Wish("a fox", ratio=AspectRatio.ULTRAWIDE, model=narrow.key, seed=7))
    assert (parent.ratio, parent.seed) == (AspectRatio.WIDE, None)
    assert parent.wished == Wished(ratio=AspectRatio.ULTRAWIDE, seed=7)
    person = await shop.person()
    async with shop.database.write() as tx:
        child = await shop.imagine.with_model(tx, Redraw(person, parent, Place(ANNA), "tap:1"), FREE)
    assert (child.ratio, child.seed, child.wished.ratio) == (AspectRatio.ULTRAWIDE, 7, None)


async def test_a_seed_that_nobody_typed_is_not_missed(shop: Workshop) -> None:
    parent = await drawn(shop, Wish("a fox", model=FREE.key))
    person = await shop.person()
    shop.clock.advance(DOUBLE_TAP + 1)
    async with shop.database.write() as tx:
        child = await shop.imagine.with_model(tx, Redraw(person, parent, Place(ANNA), "tap:1"), PAID)
    assert (child.seed, child.wished) == (None, AS_WISHED)


async def test_several_pictures_with_one_seed_stay_different_wherever_they_are_drawn(shop: Workshop) -> None:
    one, two = await shop.ask(Wish("a fox", model=PAID.key, count=2, seed=7))
    assert [(each.seed, each.wished.seed) for each in (one, two)] == [(None, 7), (None, 8)]


async def test_the_settings_show_what_was_chosen_also_where_it_only_changes_pictures(shop: Workshop) -> None:
    editor = ImageModel("free/editor", "Editor", sources=1, from_words=False)
    await offer(shop, [FREE, editor])
    await choose(shop, editor.key)
    assert shop.imagine.models.choice_of(await shop.person()) == Choice(editor)
    await offer(shop, [FREE])
    assert shop.imagine.models.choice_of(await shop.person()) == Choice(FREE, editor.key)


async def test_the_settings_open_also_while_nobody_draws(shop: Workshop) -> None:
    shop.providers._providers.clear()
    await choose(shop, "gone/model")
    assert shop.imagine.models.choice_of(await shop.person()) is None
