"""Asking for pictures, by words and by buttons: what is accepted, held and queued."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Cause, DeliveryNotNow, DeliveryRefused, DeliveryUnknown, NotNow, NotSent, Refused, Unknown
from bot.images import AspectRatio
from bot.imagine import store
from bot.imagine.grammar import WishError
from bot.imagine.making import Redraw
from bot.imagine.rules import DOUBLE_TAP, Generation, Place, Status, Wish
from bot.imagine.service import AlreadyDrawing, NoModel
from bot.quota.service import NotEnoughCredits
from bot.storage import open_database
from bot.users import store as users
from tests.features.workshop import CREDITS, DEAR, FREE, PAID, Killed, Workshop
from tests.generations import ANNA
from tests.vaults import vault_in

BORIS = 102


async def drawn(shop: Workshop, wish: Wish | None = None) -> Generation:
    """A picture in the chat."""
    made = await shop.ask_one(wish)
    await shop.work()
    return await shop.get(made)


async def again(shop: Workshop, parent: Generation, key: str) -> Generation:
    person = await shop.person()
    async with shop.database.write() as tx:
        return await shop.imagine.again(tx, Redraw(person, parent, Place(ANNA), key))


async def vary(shop: Workshop, parent: Generation, key: str) -> Generation:
    person = await shop.person()
    async with shop.database.write() as tx:
        return await shop.imagine.vary(tx, Redraw(person, parent, Place(ANNA), key))


async def test_what_was_not_typed_is_decided(shop: Workshop) -> None:
    [made] = await shop.ask()
    assert (made.model, made.ratio, made.seed, made.price) == (PAID.key, AspectRatio.SQUARE, None, 1)
    assert (made.chat_id, made.message_id, made.status) == (ANNA, 7, Status.QUEUED)
    assert await shop.get(made.generation_id) == made


async def test_what_was_chosen_counts_before_the_default_and_what_was_typed_before_both(shop: Workshop) -> None:
    person = await shop.person()
    async with shop.database.write() as tx:
        await users.choose(tx, person.user_id, model=FREE.key, ratio="16:9")
    [chosen] = await shop.ask(key="a")
    [typed] = await shop.ask(Wish("a fox", model="one", ratio=AspectRatio.TALL), "b")
    assert (chosen.model, chosen.ratio) == (FREE.key, AspectRatio.WIDE)
    assert (typed.model, typed.ratio) == (PAID.key, AspectRatio.TALL)


async def test_a_model_takes_a_seed_where_it_can(shop: Workshop) -> None:
    [one, two] = await shop.ask(Wish("a fox", model=FREE.key, count=2))
    [five, six] = await shop.ask(Wish("a fox", model=FREE.key, count=2, seed=5), "b")
    assert None not in (one.seed, two.seed)
    assert one.seed != two.seed
    assert (five.seed, six.seed) == (5, 6)


async def test_an_unknown_model_names_the_nearest_and_spends_nothing(shop: Workshop) -> None:
    with pytest.raises(WishError) as caught:
        await shop.ask(Wish("a fox", model="paid/on"))
    assert caught.value.wish == Wish("a fox", model=PAID.key)
    assert await shop.left() == CREDITS


async def test_without_any_model_the_admin_is_named(shop: Workshop) -> None:
    shop.providers._providers.clear()
    with pytest.raises(NoModel):
        await shop.ask()


async def test_the_same_message_twice_is_one_wish(shop: Workshop) -> None:
    assert len(await shop.ask(Wish("a fox", count=3))) == 3
    assert await shop.ask(Wish("a fox", count=3)) == []
    assert await shop.held() == 3


async def test_pictures_that_cannot_all_be_paid_are_not_begun(shop: Workshop) -> None:
    with pytest.raises(NotEnoughCredits):
        await shop.ask(Wish("a fox", model=DEAR.key, count=3))
    assert (await shop.left(), await shop.held(), await shop.work()) == (CREDITS, 0, False)


async def test_a_thousand_wishes_at_once_are_ten_pictures_for_ten_credits(shop: Workshop) -> None:
    answers = await asyncio.gather(*(shop.ask(key=f"msg:1:{n}") for n in range(1000)), return_exceptions=True)
    assert sum(isinstance(answer, list) for answer in answers) == CREDITS
    assert sum(isinstance(answer, NotEnoughCredits) for answer in answers) == 1000 - CREDITS
    await shop.work_until_done()
    assert (len(shop.paid.requests), len(shop.chat.shown), await shop.left()) == (CREDITS, CREDITS, 0)


async def test_people_take_turns(shop: Workshop) -> None:
    mine = [await shop.ask_one(key=f"msg:1:{n}") for n in range(3)]
    [boris] = await shop.ask(key="msg:2:1", user_id=BORIS)
    async with shop.database.read() as tx:
        assert await shop.imagine.places(tx) == {mine[0]: 1, boris.generation_id: 2, mine[1]: 3, mine[2]: 4}


async def test_again_draws_the_same_words_with_another_seed(shop: Workshop) -> None:
    parent = await drawn(shop, Wish("a fox", "text", AspectRatio.WIDE, FREE.key, seed=5))
    child = await again(shop, parent, "tap:1")
    assert (child.prompt, child.negative, child.ratio, child.model) == ("a fox", "text", AspectRatio.WIDE, FREE.key)
    assert (child.parent_id, child.action, child.price) == (parent.generation_id, "again", 1)
    assert child.seed != 5


async def test_a_double_tap_draws_once(shop: Workshop) -> None:
    parent = await drawn(shop)
    await again(shop, parent, "tap:1")
    with pytest.raises(AlreadyDrawing):
        await again(shop, parent, "tap:2")
    shop.clock.advance(DOUBLE_TAP + 1)
    await again(shop, parent, "tap:3")
    assert await shop.held() == 2


async def test_the_same_press_told_twice_draws_once(shop: Workshop) -> None:
    parent = await drawn(shop)
    await again(shop, parent, "tap:1")
    shop.clock.advance(DOUBLE_TAP + 1)
    with pytest.raises(AlreadyDrawing):
        await again(shop, parent, "tap:1")


async def test_vary_keeps_the_seed_and_turns_further_with_each_press(shop: Workshop) -> None:
    parent = await drawn(shop, Wish("a fox", model=FREE.key, seed=5))
    first = await vary(shop, parent, "tap:1")
    shop.clock.advance(DOUBLE_TAP + 1)
    second = await vary(shop, parent, "tap:2")
    third = await vary(shop, second, "tap:3")
    assert [each.seed for each in (first, second, third)] == [5, 5, 5]
    assert [each.variation for each in (first, second, third)] == [1, 2, 3]
    assert first.prompt == "a fox"
    await shop.work_until_done()
    assert len({(request.prompt, request.seed) for request in shop.free.requests}) == 4


async def test_another_ratio_and_another_model_keep_what_they_can(shop: Workshop) -> None:
    parent = await drawn(shop, Wish("a fox", model=FREE.key, seed=5))
    person = await shop.person()
    async with shop.database.write() as tx:
        wide = await shop.imagine.with_ratio(tx, Redraw(person, parent, Place(ANNA), "tap:1"), AspectRatio.WIDE)
        plain = await shop.imagine.with_model(tx, Redraw(person, parent, Place(ANNA), "tap:2"), PAID)
    assert (wide.ratio, wide.seed, wide.model) == (AspectRatio.WIDE, 5, FREE.key)
    assert (plain.ratio, plain.seed, plain.model) == (parent.ratio, None, PAID.key)


async def test_cancel_gives_the_credits_back_once(shop: Workshop) -> None:
    made = await shop.ask_one()
    async with shop.database.write() as tx:
        assert not await shop.imagine.cancel(tx, made, BORIS)
        assert await shop.imagine.cancel(tx, made, ANNA)
        assert not await shop.imagine.cancel(tx, made, ANNA)
    assert (await shop.status(made), await shop.left(), await shop.work()) == (Status.CANCELLED, CREDITS, False)


async def test_cancel_comes_too_late_for_a_picture_on_the_shelf(shop: Workshop) -> None:
    shop.chat.outcomes.append(Killed())
    made = await shop.ask_one()
    await shop.die()
    async with shop.database.write() as tx:
        assert not await shop.imagine.cancel(tx, made, ANNA)
    await shop.work()
    assert await shop.status(made) is Status.DELIVERED


async def test_delete_takes_a_picture_from_its_owner_only(shop: Workshop, data_dir: Path) -> None:
    picture = await drawn(shop)
    async with shop.database.write() as tx:
        assert not await shop.imagine.delete(tx, picture.generation_id, BORIS)
        assert await shop.imagine.delete(tx, picture.generation_id, ANNA)
        assert await store.get_owned(tx, picture.generation_id, ANNA) is None
    await shop.shelf.sweep(shop.database, shop.clock.now())
    assert list((data_dir / "shelf").iterdir()) == []


async def test_a_kept_wish_is_for_whoever_made_it(shop: Workshop) -> None:
    wish = Wish("a fox", "text", AspectRatio.WIDE, "paid/one", 2, 5)
    place = Place(-5, 3, 9)
    async with shop.database.write() as tx:
        await store.put_wish(tx, "w1", ANNA, place, wish, shop.clock.now())
        assert await store.get_wish(tx, "w1", ANNA) == (wish, place)
        assert await store.get_wish(tx, "w1", BORIS) is None
        await store.prune_wishes(tx, shop.clock.now() + 1)
        assert await store.get_wish(tx, "w1", ANNA) is None


async def test_a_move_from_elsewhere_changes_nothing(shop: Workshop) -> None:
    [made] = await shop.ask()
    async with shop.database.write() as tx:
        assert not await store.move(tx, made.generation_id, Status.READY, Status.DELIVERED, file_id="x")
        assert not await store.set_fenced(tx, made.generation_id, True)
        assert not await store.mark_deleted(tx, made.generation_id, ANNA, 1)
    assert await shop.get(made.generation_id) == made


OUTCOMES = st.sampled_from(
    [
        None,
        Refused(Cause.PROMPT_REFUSED),
        NotNow(Cause.RATE_LIMITED),
        NotSent(Cause.UNREACHABLE),
        Unknown(Cause.CUT_OFF),
        Killed(),
    ]
)
ENDS = st.sampled_from([None, DeliveryNotNow(0), DeliveryUnknown(), DeliveryRefused(Cause.CHAT_CLOSED), Killed()])
Step = tuple[str, Any, Any]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from([PAID.key, FREE.key, DEAR.key]), st.integers(1, 3)),
        st.tuples(st.just("work"), OUTCOMES, ENDS),
        st.tuples(st.just("cancel"), st.integers(0, 9), st.none()),
        st.tuples(st.just("show"), st.integers(0, 9), st.none()),
        st.tuples(st.just("wait"), st.sampled_from([1, 60, 3600, 86400]), st.none()),
    ),
    max_size=20,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_credits_are_spent_for_pictures_in_the_chat_only(empty_data: Path, steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        data_dir = Path(shutil.copytree(empty_data, Path(directory) / "data"))
        asyncio.run(live(data_dir, steps))


async def live(data_dir: Path, steps: list[Step]) -> None:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    try:
        async with Workshop(database, data_dir) as shop:
            made: list[str] = []
            for number, (what, one, two) in enumerate(steps):
                await STORY[what](shop, made, number, one, two)
                assert await shop.mistakes() == []
            for faults in (shop.chat.outcomes, shop.paid.outcomes, shop.free.outcomes):
                faults.clear()
            await shop.work_until_done()
            assert await shop.mistakes() == []
            assert await shop.held() == 0
    finally:
        await database.close()


async def _ask(shop: Workshop, made: list[str], number: int, model: str, count: int) -> None:
    try:
        made += [each.generation_id for each in await shop.ask(Wish("a fox", model=model, count=count), str(number))]
    except NotEnoughCredits:
        return


async def _work(
    shop: Workshop, _: list[str], _number: int, outcome: BaseException | None, end: BaseException | None
) -> None:
    for painter in (shop.paid, shop.free):
        painter.outcomes.clear()
        painter.outcomes.extend([outcome] if outcome else [])
    shop.chat.outcomes.clear()
    shop.chat.outcomes.extend([end] if end else [])
    try:
        await shop.work()
    except Killed:
        await shop.restart()


async def _cancel(shop: Workshop, made: list[str], _number: int, which: int, _: None) -> None:
    async with shop.database.write() as tx:
        await shop.imagine.cancel(tx, made[which % len(made)] if made else "none", ANNA)


async def _show(shop: Workshop, made: list[str], _number: int, which: int, _: None) -> None:
    async with shop.database.write() as tx:
        await shop.imagine.show(tx, made[which % len(made)] if made else "none", ANNA)


async def _wait(shop: Workshop, _made: list[str], _number: int, seconds: int, _: None) -> None:
    shop.clock.advance(seconds)


STORY: dict[str, Callable[..., Awaitable[None]]] = {
    "ask": _ask,
    "work": _work,
    "cancel": _cancel,
    "show": _show,
    "wait": _wait,
}
