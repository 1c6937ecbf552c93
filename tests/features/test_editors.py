"""Which model changes a picture: the one that was wished where it can, another for the same price, else an offer."""

from collections.abc import Sequence

import pytest

from bot.errors import UserError
from bot.images import AspectRatio, ImageModel
from bot.imagine import store
from bot.imagine.grammar import WishError
from bot.imagine.making import Redraw
from bot.imagine.rules import AS_WISHED, Place, Wish, Wished
from bot.users import store as users
from tests.features.workshop import DEAR, FREE, PAID, Workshop
from tests.generations import ANNA

BRUSH = ImageModel("free/brush", "Brush", price=1, sources=1, ratios=(AspectRatio.SQUARE, AspectRatio.TALL))
COLLAGE = ImageModel("free/collage", "Collage", price=3, sources=2)
RETOUCH = ImageModel("free/retouch", "Retouch", price=1, sources=1, from_words=False)

EDIT = Wish("make it night", sources=("photo-1",))
BOTH = Wish("put them together", sources=("photo-1", "photo-2"))


async def offer(shop: Workshop, models: Sequence[ImageModel]) -> None:
    """The free service has these; the paid one, whose model is the default, can change nothing."""
    shop.free.remember(models)
    await shop.providers.refresh()


async def choose(shop: Workshop, model: str) -> None:
    person = await shop.person()
    async with shop.database.write() as tx:
        await users.choose(tx, person.user_id, model=model)


async def refused(shop: Workshop, wish: Wish) -> UserError:
    with pytest.raises(UserError) as caught:
        await shop.ask(wish)
    assert await shop.held() == 0
    return caught.value


async def test_the_chosen_model_changes_pictures_where_it_can(shop: Workshop) -> None:
    await offer(shop, [BRUSH, COLLAGE])
    await choose(shop, COLLAGE.key)
    [made] = await shop.ask(EDIT)
    assert (made.model, made.price, made.wished, made.sources) == (COLLAGE.key, 3, AS_WISHED, EDIT.sources)


async def test_another_model_changes_it_for_the_same_price_and_is_named(shop: Workshop) -> None:
    await offer(shop, [FREE, COLLAGE, BRUSH])
    [made] = await shop.ask(EDIT)
    assert (made.model, made.wished) == (BRUSH.key, Wished(PAID.key))


async def test_a_dearer_model_is_offered_with_its_price(shop: Workshop) -> None:
    await offer(shop, [FREE, COLLAGE])
    error = await refused(shop, EDIT)
    assert isinstance(error, WishError)
    assert (error.text, error.values) == ("imagine-edit-offer", {"model": "One", "other": "Collage", "price": 3})
    assert error.wish == Wish("make it night", model=COLLAGE.key, sources=EDIT.sources)
    [made] = await shop.ask(error.wish)
    assert (made.model, made.price) == (COLLAGE.key, 3)


async def test_a_typed_model_that_cannot_names_one_that_can(shop: Workshop) -> None:
    await offer(shop, [FREE, BRUSH, COLLAGE])
    error = await refused(shop, Wish("make it night", model="two", sources=("photo-1",)))
    assert isinstance(error, WishError)
    assert error.wish
    assert (error.text, error.wish.model, error.fix) == ("imagine-edit-offer", BRUSH.key, f"--model {BRUSH.key}")


async def test_where_nobody_can_that_is_all_that_is_said(shop: Workshop) -> None:
    await offer(shop, [FREE, DEAR])
    error = await refused(shop, EDIT)
    assert (error.text, isinstance(error, WishError)) == ("imagine-no-editor", False)


async def test_two_pictures_need_a_model_that_takes_two(shop: Workshop) -> None:
    await offer(shop, [BRUSH, COLLAGE])
    await choose(shop, COLLAGE.key)
    [made] = await shop.ask(BOTH)
    assert (made.model, made.sources) == (COLLAGE.key, BOTH.sources)


async def test_the_second_picture_is_left_out_only_with_a_yes(shop: Workshop) -> None:
    await offer(shop, [BRUSH])
    await choose(shop, BRUSH.key)
    error = await refused(shop, BOTH)
    assert isinstance(error, WishError)
    assert (error.text, error.values, error.fix) == ("imagine-second-picture", {"model": "Brush"}, "")
    assert error.wish == Wish("put them together", sources=("photo-1",))


async def test_two_pictures_for_a_model_that_takes_none_are_first_offered_where_both_can_go(shop: Workshop) -> None:
    await offer(shop, [BRUSH, COLLAGE])
    error = await refused(shop, BOTH)
    assert isinstance(error, WishError)
    assert error.wish
    assert error.wish.model == COLLAGE.key


async def test_a_model_that_needs_a_picture_draws_nothing_from_words_alone(shop: Workshop) -> None:
    await offer(shop, [RETOUCH, FREE])
    error = await refused(shop, Wish("a fox", model="retouch"))
    assert isinstance(error, WishError)
    assert error.wish
    assert (error.text, error.values) == ("imagine-needs-picture", {"model": "Retouch"})
    await choose(shop, RETOUCH.key)
    [made] = await shop.ask()
    assert (made.model, made.wished) == (FREE.key, Wished(RETOUCH.key))


async def test_the_shape_of_the_picture_counts_before_what_was_chosen_and_after_what_was_typed(shop: Workshop) -> None:
    await offer(shop, [BRUSH])
    person = await shop.person()
    async with shop.database.write() as tx:
        await users.choose(tx, person.user_id, model=BRUSH.key, ratio="1:1")
    tall = Wish("make it night", sources=("photo-1",), shape=AspectRatio.CLASSIC_TALL)
    [made] = await shop.ask(tall, "a")
    [typed] = await shop.ask(Wish("night", ratio=AspectRatio.SQUARE, sources=("p",), shape=AspectRatio.TALL), "b")
    assert (made.ratio, made.wished) == (AspectRatio.TALL, AS_WISHED)
    assert typed.ratio == AspectRatio.SQUARE


async def test_what_comes_from_a_changed_picture_keeps_its_source_and_offers_models_that_take_it(
    shop: Workshop,
) -> None:
    await offer(shop, [FREE, BRUSH, COLLAGE])
    [made] = await shop.ask(EDIT)
    async with shop.database.write() as tx:
        child = await shop.imagine.again(tx, Redraw(await shop.person_in(tx), made, Place(ANNA), "tap:1"))
        other = await shop.imagine.with_model(tx, Redraw(await shop.person_in(tx), made, Place(ANNA), "tap:2"), COLLAGE)
    assert (child.sources, child.model, child.wished) == (EDIT.sources, BRUSH.key, Wished(PAID.key))
    assert (other.sources, other.model) == (EDIT.sources, COLLAGE.key)
    offered = [model.key for service in shop.imagine.models.services(made) for model in service.models]
    assert offered == [BRUSH.key, COLLAGE.key]


async def test_a_kept_wish_keeps_its_pictures_and_their_shape(shop: Workshop) -> None:
    wish = Wish("night", ratio=AspectRatio.WIDE, sources=("a", "b"), shape=AspectRatio.TALL)
    async with shop.database.write() as tx:
        assert await store.put_wish(tx, "w1", ANNA, Place(ANNA), wish, 1)
        assert not await store.put_wish(tx, "w1", ANNA, Place(ANNA), Wish("other"), 2)
        assert await store.get_wish(tx, "w1", ANNA) == (wish, Place(ANNA))
