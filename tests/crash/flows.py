"""What people do while bots die, and what should have come of it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bot.sandbox.model import Asked, Bot
from bot.sandbox.people import Talk
from bot.sandbox.views import Seen
from tests.crash.scene import DOUBTFUL, ENDLESS, OPERATOR, PATIENCE, Scene, Story
from tests.providers.fake import png
from tests.waiting import until


@dataclass(frozen=True)
class Flow:
    """A story, how many wishes are in it, and the ends that they may have; and what else is to be true.

    `taken`: so many pictures that were there are taken away. `asks_again`: people do, where nothing came of a wish.
    `settings` are those of its bots, beside the usual ones.
    """

    story: Story
    wishes: int = 1
    end: str = "delivered"
    taken: int = 0
    asks_again: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    faults: Callable[[Scene], list[str]] = lambda _: []


JUDGED = {"MODERATION_URL": "{service}/v1"}


async def nobody(scene: Scene) -> None:
    """No wish at all: what a bot does by itself."""

    async def all_done() -> bool:
        trail = set(scene.trail)
        # One that is born in the second in which another died finds its file, and backs up later.
        has_backup = "after a backup got its name" in trail or "backup_failed" in scene.log
        return has_backup and "after telegram setMyShortDescription" in trail

    await until(all_done, "the bot is introduced and backed up", PATIENCE)


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


FORGOTTEN = "Everything about you is forgotten."


async def forget(scene: Scene) -> None:
    """A picture, and then nobody is to know of it any more."""
    anna = scene.talk()
    await scene.polled()
    await anna.say("/imagine a fox")
    await anna.until(lambda talk: _over(talk) or any(message.picture for message in talk.answers), PATIENCE)
    await _insist(anna, lambda talk: talk.say("/forget"), "Delete everything")
    await _insist(anna, lambda talk: talk.press("Delete everything", timeout=None), FORGOTTEN)


def remembered(scene: Scene) -> list[str]:
    """Whoever saw the last word is nowhere with what they did before."""
    told = sum(message.text == FORGOTTEN for talk in scene.talks for message in talk.answers)
    [(left,)] = scene.rows("SELECT COUNT(*) FROM generations WHERE user_id > 0 OR prompt <> '' OR file_id IS NOT NULL")
    [(shelved,)] = scene.rows("SELECT COUNT(*) FROM shelf")
    return [
        *([f"told {told} times"] if not 1 <= told <= 1 + scene.deaths else []),
        *([f"{left} pictures are known still"] if left else []),
        *([f"{shelved} files are kept still"] if shelved else []),
    ]


async def met(scene: Scene) -> Talk:
    """The operator, who wrote to the bot, so that it may write to them."""
    operator = scene.sandbox.person("Olga", user_id=OPERATOR).private(scene.bot)
    await _insist(operator, lambda talk: talk.say("/me"), "1", "No credits")
    return operator


async def refused(scene: Scene) -> None:
    """The operator blocks a word, and somebody asks for it."""
    await scene.polled()
    operator = await met(scene)
    await _insist(operator, lambda talk: talk.say("/block fox"), "“fox” is not drawn")
    await scene.talk().say("/imagine a f0x")


def struck_twice(scene: Scene) -> list[str]:
    """The same request counts once, however often it was looked at; one that was given up may not count."""
    [(strikes,)] = scene.rows("SELECT COUNT(*) FROM strikes")
    least = 0 if scene.suspicious else 1
    return [] if least <= strikes <= 1 else [f"{strikes} strikes"]


async def report(scene: Scene) -> None:
    """Somebody reports a picture in a group, and the operator takes it away and gives the credits back."""
    anna, bert = scene.sandbox.person("Anna"), scene.sandbox.person("Bert")
    group = scene.sandbox.group("Friends", anna, bert, scene.bot)
    scene.talks.append(anna.at(group))
    await scene.polled()
    operator = await met(scene)
    await _wish(anna.at(group), "/imagine a fox", lambda: bool(_labeled(anna.at(group), "Report")))
    while not _labeled(operator, "Allow"):
        with suppress(LookupError):
            await bert.at(group).press("Report", timeout=None)
        with suppress(TimeoutError):
            await operator.until(lambda talk: _labeled(talk, "Allow"), 5.0)
    await _decided(operator, "Refuse, give credits back", "credits given back")


def given_back_twice(scene: Scene) -> list[str]:
    """One decision: one line of the audit, one gift, no strike."""
    found = {
        "decisions": "SELECT COUNT(*) FROM reviews WHERE verdict = 'return'",
        "lines": "SELECT COUNT(*) FROM audit WHERE action LIKE 'review-%'",
        "gifts": "SELECT COUNT(*) FROM entries WHERE kind = 'grant' AND source LIKE 'review:%'",
    }
    counts = {name: scene.rows(sql)[0][0] for name, sql in found.items()}
    struck = scene.rows("SELECT * FROM strikes")
    return [f"{counts}, {len(struck)} strikes"] if set(counts.values()) != {1} or struck else []


async def held(scene: Scene) -> None:
    """The judge is not sure about two wishes; the operator allows one, and refuses the other."""
    anna = scene.talk()
    await scene.polled()
    operator = await met(scene)
    await _wish(anna, f"/imagine a {DOUBTFUL} owl", lambda: bool(_labeled(operator, "Allow")))
    await _decided(operator, "Allow", "Allowed by")
    await anna.until(lambda talk: any(message.photo for message in talk.answers), PATIENCE)
    # Who was asked when a bot died may have been asked twice.
    known, waits = len(operator.messages), "SELECT 1 FROM generations WHERE status = 'ready' AND cause = 'held'"

    def came() -> bool:
        return bool(_labeled(operator, "Allow", known) and scene.rows(waits))

    await _wish(anna, f"/imagine a {DOUBTFUL} hen", came)
    await _decided(operator, "Refuse", "Refused by", known)
    await anna.until(lambda talk: any("not shown here" in message.text for message in talk.answers), PATIENCE)


async def _wish(talk: Talk, words: str, came: Callable[[], bool]) -> None:
    """As people do: what was given up is wished for again. Not twice, when a death made the bot say so twice."""

    def given_up() -> int:
        return len({message.text for message in talk.answers if "othing was charged" in message.text})

    while not came():
        known = given_up()
        await talk.say(words)
        await talk.until(lambda _, known=known: came() or given_up() > known, PATIENCE)  # type: ignore[misc]  # bound now


def decided_twice(scene: Scene) -> list[str]:
    """Each decision counts once, and nothing is shown that was not allowed."""
    sql = "SELECT verdict, status FROM reviews JOIN generations USING (generation_id) WHERE verdict IS NOT NULL"
    ends = sorted(scene.rows(sql))
    lines = sorted(row[0] for row in scene.rows("SELECT action FROM audit"))
    [(strikes,)] = scene.rows("SELECT COUNT(*) FROM strikes")
    return [
        *([f"ends: {ends}"] if ends != [("allow", "delivered"), ("refuse", "failed")] else []),
        *([f"audit: {lines}"] if lines != [f"review-{verdict}" for verdict, _ in ends] else []),
        *([f"{strikes} strikes"] if strikes != lines.count("review-refuse") else []),
    ]


async def _decided(operator: Talk, label: str, sign: str, after: int = 0) -> None:
    """As people do: what nothing comes of is pressed again. `after` so many messages."""
    known = sum(sign in message.text for message in operator.answers)

    def more(talk: Talk) -> bool:
        return sum(sign in message.text for message in talk.answers) > known

    while not more(operator):
        with suppress(LookupError):
            await operator.press(label, _labeled(operator, label, after)[-1], timeout=None)
        with suppress(TimeoutError):
            await operator.until(more, 5.0)


def _labeled(talk: Talk, label: str, after: int = 0) -> list[Seen]:
    return [message for message in talk.messages[after:] if message.button(label)]


async def backlog(scene: Scene) -> None:
    """Much was written before the bot was there."""
    anna, bert = scene.talk("Anna"), scene.talk("Bert")
    await anna.say("/imagine a fox")
    await bert.say("/me")
    await anna.say("/me")
    await bert.say("/imagine an owl")


FLOWS: Mapping[str, Flow] = {
    "nobody": Flow(nobody, wishes=0),
    "generate": Flow(generate),
    "several": Flow(several, wishes=3),
    "edit": Flow(edit),
    "cancel": Flow(cancel, end="cancelled"),
    "failover": Flow(failover),
    "inline": Flow(inline),
    "backlog": Flow(backlog, wishes=2),
    "forget": Flow(forget, faults=remembered),
    "broadcast": Flow(broadcast, wishes=0, faults=told_twice),
    "refused": Flow(refused, wishes=0, faults=struck_twice),
    "report": Flow(report, taken=1, asks_again=True, faults=given_back_twice),
    "held": Flow(held, wishes=2, end="delivered failed", asks_again=True, settings=JUDGED, faults=decided_twice),
}


def _cancellable(talk: Talk) -> bool:
    return any(message.button("Cancel") for message in talk.answers)


def _over(talk: Talk) -> bool:
    """The wish, or the update that brought it, was given up."""
    return any("othing was charged" in message.text for message in talk.answers)
