"""What people do while bots die, and what should have come of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.model import Asked, Bot
from bot.sandbox.people import Talk
from tests.crash.scene import ENDLESS, PATIENCE, Scene, Story
from tests.providers.fake import png


@dataclass(frozen=True)
class Flow:
    """A story, how many wishes are in it, and the end that each of them should have."""

    story: Story
    wishes: int = 1
    end: str = "delivered"


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
}


def _cancellable(talk: Talk) -> bool:
    return any(message.button("Cancel") for message in talk.answers)


def _over(talk: Talk) -> bool:
    """The wish, or the update that brought it, was given up."""
    return any("othing was charged" in message.text for message in talk.answers)
