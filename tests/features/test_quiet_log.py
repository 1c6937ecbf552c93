"""A long talk with troubles of every kind, at the chattiest level: nobody's words or names get into the log."""

import json
from typing import Any

from bot.providers import adapters
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.features.test_editing import photo
from tests.features.test_imagine import answer, pictures
from tests.house import ADMIN, KEY, House
from tests.providers.fake import Answer, Call, FakeService, picture_answer
from tests.waiting import until

# Each stands for somebody's own words, and is none of the program's.
OWN = ("zephyrwish", "thornless", "Quillanna", "Mossgroup", "driftcaption", "ferrynews", "plainwhisper", "oddpress")


class Parrot:
    """Fails as `status` says, and repeats in its error all that it was asked; 200 draws."""

    status = 200

    def __call__(self, call: Call) -> Answer:
        if call.method == "GET":
            return Answer(json={"models": {"flux": {"modality": "image", "status": "work"}}})
        if self.status == 200:
            return Answer(json=picture_answer())
        words = call.body.decode()
        return Answer(self.status, json={"error": {"message": f"no: {words}", "detail": json.loads(words)}})


async def test_nobodys_words_are_in_the_log(house: House, sandbox: Sandbox) -> None:
    onlysq, parrot = next(adapter for adapter in adapters() if adapter.key == "onlysq"), Parrot()
    async with FakeService() as service:
        service.otherwise = parrot
        wishes: dict[str, Any] = {"api_key": KEY, "base_url": service.url}
        await house.start(providers={"onlysq": onlysq.Settings(**wishes)}, default_model="onlysq/flux")
        anna = sandbox.person("Quillanna", language="en")
        await _talks(house, anna.private(house.bot))
        await _is_refused(anna.private(house.bot), parrot)
        await _waits(house, anna.private(house.bot), parrot)
        await _meets_faults(house, anna)
        await _in_a_group(house, anna, sandbox.person("Olga", user_id=ADMIN))
        [left] = await house.stop()
        assert left.startswith("update that could not be handled")  # the one that the database refused
    log = house.log.getvalue()
    assert {"drawing_failed", "drawing_waits", "handler_failed", "message_dropped", "delivered"} <= _events(log)
    assert [word for word in OWN if word.casefold() in log.casefold()] == []


def _events(log: str) -> set[str]:
    return {json.loads(line)["event"] for line in log.splitlines()}


async def _drawn(chat: Talk, words: str) -> Seen:
    before = len(pictures(chat))
    await chat.say(words)
    return (await chat.until(lambda chat: pictures(chat)[before:]))[0]


async def _talks(house: House, chat: Talk) -> None:
    """All is well: wishes, buttons, history, a photo with a caption, an unknown command, an edit."""
    await answer(chat, "/start")
    picture = await _drawn(chat, "/imagine a zephyrwish at dawn --no thornless --seed 7")
    await chat.press("Again", picture)
    await chat.until(lambda chat: len(pictures(chat)) == 2)
    await chat.say("make it a plainwhisper", reply_to=picture)
    await chat.send_photo(photo(), "driftcaption")
    await answer(chat, "/history")
    await answer(chat, "/settings zephyrwish")
    await chat.say("/zephyrwish")
    chat.press_data("oddpress:zephyrwish:1", picture)
    await house.quiet()


async def _is_refused(chat: Talk, parrot: Parrot) -> None:
    for parrot.status in (400, 422):
        await _failed(chat, f"/imagine the zephyrwish number {parrot.status} --no thornless")


async def _failed(chat: Talk, words: str) -> None:
    before = len(chat.answers)
    await chat.say(words)
    await chat.until(lambda chat: [each for each in chat.answers[before:] if "charged" in each.text])


async def _waits(house: House, chat: Talk, parrot: Parrot) -> None:
    """The service is busy, so the wish waits until it is taken back."""
    parrot.status = 503
    before = len(chat.answers)
    await chat.say("/imagine a zephyrwish that waits")
    await until(lambda: _logged(house, "drawing_waits"), "the wish waits")
    await chat.until(lambda chat: [each for each in chat.answers[before:] if each.button("Cancel")])
    await chat.press("Cancel")
    parrot.status = 200
    await house.quiet()


async def _logged(house: House, event: str) -> bool:
    return event in _events(house.log.getvalue())


async def _meets_faults(house: House, anna: Person) -> None:
    """Telegram refuses, loses and pauses; the database refuses a row."""
    chat, sandbox = anna.private(house.bot), house.sandbox
    sandbox.fault("sendMessage", status=400, text="Bad Request: zephyr", times=1)
    await chat.say("/me")
    await house.quiet()
    sandbox.fault("editMessageMedia", status=400, text="Bad Request: PHOTO_INVALID_DIMENSIONS", times=1)
    sandbox.fault("sendMessage", status=429, retry_after=1, times=1)
    await _drawn(chat, "a zephyrwish in a storm")
    async with house.database.write() as tx:
        await tx.execute("CREATE TRIGGER no BEFORE INSERT ON generations BEGIN SELECT RAISE(ABORT, 'no'); END", {})
    await answer(chat, "/imagine a zephyrwish that breaks")
    async with house.database.write() as tx:
        await tx.execute("DROP TRIGGER no", {})


async def _in_a_group(house: House, anna: Person, olga: Person) -> None:
    group = house.sandbox.group("Mossgroup", anna, olga, house.bot)
    picture = await _drawn(anna.at(group), "/imagine a zephyrwish among friends")
    await olga.at(group).press("Report", picture)
    op = olga.private(house.bot)
    await anna.at(group).ask(house.bot, "zephyrwish typed and never sent")
    await answer(op, "/find Quillanna")
    await answer(op, f"/ban {anna.user_id} 1h plainwhisper")
    await answer(op, "/block oddpress")
    await answer(op, "/broadcast ferrynews for all")
    await house.quiet()
