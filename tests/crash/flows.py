"""What people do while bots die, and what should have come of it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from bot.sandbox.model import Asked, Bot
from bot.sandbox.people import Talk
from tests.crash.scene import ENDLESS, OPERATOR, PATIENCE, Scene, Story
from tests.providers.fake import png


@dataclass(frozen=True)
class Flow:
    """A story, how many wishes are in it, and the end that each of them should have; and what else is to be true."""

    story: Story
    wishes: int = 1
    end: str = "delivered"
    faults: Callable[[Scene], list[str]] = lambda _: []


async def generate(scene: Scene) -> None:
    """One wish."""
    anna = scene.talk()
    await scene.polled()
    await anna.say("/imagine a fox")


async def several(scene: Scene) -> None:
    """Three pictures of one wish."""
    anna = scene.talk()
    await scene.polled()
    await anna.say("/imagine a fox --n 3")


async def edit(scene: Scene) -> None:
    """A photo with words below it."""
    anna = scene.talk()
    await scene.polled()
    await anna.send_photo(png(64, 48), "/imagine make it night")


async def cancel(scene: Scene) -> None:
    """A wish that takes for ever, and a change of mind."""
    anna = scene.talk()
    await scene.polled()
    await anna.say(f"/imagine an {ENDLESS} road")
    await anna.until(lambda talk: _cancellable(talk) or _over(talk), PATIENCE)
    if _cancellable(anna):
        await anna.press("Cancel", timeout=None)


async def failover(scene: Scene) -> None:
    """The wished service is busy, and another draws."""
    anna = scene.talk()
    await scene.polled()
    await anna.say("/imagine a fox --model onlysq/flux")


async def inline(scene: Scene) -> None:
    """Words behind the name of the bot, and what it offers chosen."""
    anna = scene.talk()
    await scene.polled()
    asked = await _offered(anna, scene.bot)
    await anna.choose(asked, (asked.answer or {})["results"][0]["id"])


async def _offered(talk: Talk, bot: Bot) -> Asked:
    """As people do: while nothing is offered another letter is typed."""
    words = "a fox"
    while True:
        try:
            return await talk.ask(bot, words, timeout=2.0)
        except TimeoutError:
            words += "y"


NEWS = "There are new models"


async def broadcast(scene: Scene) -> None:
    """Four people have written, and the operator writes to all of them."""
    readers = [scene.talk(name) for name in ("Anna", "Bert", "Cleo", "Dora")]
    await scene.polled()
    for reader in readers:
        await reader.say("/me")
    for reader in readers:
        await reader.until(lambda talk: talk.answers, PATIENCE)
    operator = scene.sandbox.person("Olga", user_id=OPERATOR).private(scene.bot)
    await _insist(operator, lambda talk: talk.say(f"/broadcast {NEWS}"), "Send to")
    await _insist(operator, lambda talk: talk.press("Send to", timeout=None), "Yes")
    await _insist(operator, lambda talk: talk.press("Yes", timeout=None), "Sending", "Sent", "Stopped")


async def _insist(talk: Talk, act: Callable[[Talk], Awaitable[object]], *signs: str) -> None:
    """As people do: what nothing comes of is done again."""

    def shown(talk: Talk) -> bool:
        said = (text for message in talk.answers for text in (message.text, *message.labels))
        return any(text.startswith(signs) for text in said)

    while not shown(talk):
        with suppress(LookupError):
            await act(talk)
        with suppress(TimeoutError):
            await talk.until(shown, 5.0)


def told_twice(scene: Scene) -> list[str]:
    """Nobody gets a letter twice; who gets none is counted, and only where a bot died just then."""
    letters = [sum(message.text == NEWS for message in talk.answers) for talk in scene.talks]
    [(state, total, delivered, unknown)] = scene.rows(
        "SELECT state, total, delivered, unknown FROM broadcasts WHERE state <> 'draft'"
    )
    return [
        *([f"letters: {letters}"] if max(letters) > 1 else []),
        *([f"{unknown} of unknown fate after {scene.deaths} deaths"] if unknown > scene.deaths else []),
        *(
            [f"{state}: {delivered} and {unknown} of {total}"]
            if delivered + unknown != total or state != "done"
            else []
        ),
        *(
            [f"{letters}, and {delivered} delivered"]
            if not delivered - 1 <= sum(letters) <= delivered + unknown
            else []
        ),
    ]


async def backlog(scene: Scene) -> None:
    """Much was written before the bot was there."""
    anna, bert = scene.talk("Anna"), scene.talk("Bert")
    await anna.say("/imagine a fox")
    await bert.say("/me")
    await anna.say("/me")
    await bert.say("/imagine an owl")


FLOWS: Mapping[str, Flow] = {
    "generate": Flow(generate),
    "several": Flow(several, wishes=3),
    "edit": Flow(edit),
    "cancel": Flow(cancel, end="cancelled"),
    "failover": Flow(failover),
    "inline": Flow(inline),
    "backlog": Flow(backlog, wishes=2),
    "broadcast": Flow(broadcast, wishes=0, faults=told_twice),
}


def _cancellable(talk: Talk) -> bool:
    return any(message.button("Cancel") for message in talk.answers)


def _over(talk: Talk) -> bool:
    """The wish, or the update that brought it, was given up."""
    return any("othing was charged" in message.text for message in talk.answers)
