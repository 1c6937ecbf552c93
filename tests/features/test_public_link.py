"""A public link as people live it, through the whole bot, with a service that can publish."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from bot.imagine import publishing, store
from bot.providers import ProviderSettings, img_processing
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.features.test_forgetting import forgotten
from tests.features.workshop import png
from tests.house import KEY, House
from tests.providers.fake import Answer, Call, FakeService, reset
from tests.telegram.pictures import flip
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

# Their addresses hold no word, because the oracle looks up every word that is shown.
LINK = "https://127.0.0.1/i/{}"

BUTTON, YES, NO, REMOVE = "Public link", "Yes, make a link", "No, keep it here", "Remove the link"


@dataclass
class Gallery:
    """What IMG Processing does: it numbers its images and forgets those that are deleted."""

    service: FakeService
    images: dict[str, bytes] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)
    instead: dict[str, list[Answer]] = field(default_factory=dict)
    """What is answered first, by the last word of the address or the method."""

    def answer(self, call: Call) -> Answer:
        *_, number, verb = call.path.split("/")
        for word in (verb, call.method):
            if told := self.instead.get(word):
                return told.pop(0)
        if verb in ("imagine", "upload"):
            number = f"image_{len(self.service.calls)}"
            self.images[number] = png(8, 8)
            return self._image(number, 201)
        if call.method == "DELETE":
            self.published.discard(verb)
            return Answer(204 if self.images.pop(verb, None) else 404, body=b"")
        if verb == "download":
            return Answer(body=self.images[number], headers={"Content-Type": "image/png"})
        if verb == "publish":
            self.published.add(number)
            return self._image(number, 201)
        return self._image(verb)

    def _image(self, number: str, status: int = 200) -> Answer:
        url = LINK.format(number.removeprefix("image_")) if number in self.published else None
        return Answer(status, json={"id": number, "name": "x", "url": url})

    def made(self, word: str) -> int:
        """How many calls ended in this word."""
        return sum(call.path.endswith(f"/{word}") for call in self.service.calls)


@pytest.fixture
async def gallery() -> AsyncIterator[Gallery]:
    async with FakeService() as service:
        gallery = Gallery(service)
        service.otherwise = gallery.answer
        yield gallery


def services(gallery: Gallery, *, on: bool = True) -> dict[str, ProviderSettings]:
    """Only IMG Processing, at the fake address."""
    wishes = {"api_key": KEY if on else None, "base_url": gallery.service.url}
    return {"img_processing": img_processing.Settings.model_validate(wishes)}


@pytest.fixture
async def chat(house: House, gallery: Gallery, anna: Person) -> Talk:
    """Anna's private chat, with a picture of a fox in it."""
    await house.start(default_model="img_processing/flux", providers=services(gallery))
    chat = anna.private(house.bot)
    await chat.say("a fox")
    await chat.until(fox)
    return chat


def fox(chat: Talk) -> Seen | None:
    return next((each for each in chat.answers if each.photo), None)


def says(words: str) -> Callable[[Talk], Seen | None]:
    return lambda chat: next((each for each in reversed(chat.answers) if words in each.text), None)


async def ask(chat: Talk) -> None:
    """Press the button and say yes."""
    await chat.press(BUTTON, fox(chat))
    await chat.until(lambda chat: (picture := fox(chat)) and YES in picture.labels)
    await chat.press(YES, fox(chat))


async def linked(chat: Talk) -> Seen:
    """The message with the link, after asking for one."""
    await ask(chat)
    said = await chat.until(says("https://127.0.0.1/i/"))
    assert said
    return said


async def test_a_picture_is_drawn_without_being_published_and_leaves_no_copy(chat: Talk, gallery: Gallery) -> None:
    assert (gallery.images, gallery.made("publish")) == ({}, 0)
    picture = fox(chat)
    assert picture
    assert BUTTON in picture.labels


async def test_nothing_is_published_before_a_yes(chat: Talk, gallery: Gallery) -> None:
    answer = await chat.press(BUTTON, fox(chat))
    assert answer is not None
    assert "Everybody who has the link can see the picture" in answer.text
    await chat.until(lambda chat: (picture := fox(chat)) and NO in picture.labels)
    await chat.press(NO, fox(chat))
    await chat.until(lambda chat: (picture := fox(chat)) and BUTTON in picture.labels)
    assert gallery.made("upload") == 0


async def test_a_yes_brings_the_link_under_the_picture(chat: Talk, gallery: Gallery) -> None:
    said = await linked(chat)
    picture = fox(chat)
    assert picture
    assert said.reply_to == picture.message_id
    assert {"Copy the link", REMOVE} == set(said.labels)
    assert (gallery.made("upload"), gallery.made("publish")) == (1, 1)
    assert BUTTON in picture.labels


async def test_pressed_again_the_link_is_shown_at_once_and_not_made_again(chat: Talk, gallery: Gallery) -> None:
    said = await linked(chat)
    await chat.press(BUTTON, fox(chat))
    await chat.until(lambda chat: len([each for each in chat.answers if each.text == said.text]) == 2)
    assert gallery.made("upload") == 1


async def test_yes_pressed_twice_publishes_once(chat: Talk, gallery: Gallery) -> None:
    await chat.press(BUTTON, fox(chat))
    picture = await chat.until(lambda chat: (found := fox(chat)) and YES in found.labels and found)
    assert picture
    chat.begin_press(YES, picture)
    chat.begin_press(YES, picture)
    await chat.until(says("https://127.0.0.1/i/"))
    assert gallery.made("upload") == 1


async def test_a_link_is_taken_back_and_can_be_made_anew(chat: Talk, gallery: Gallery) -> None:
    said = await linked(chat)
    await chat.press(REMOVE, said)
    await chat.until(says("The link is removed."))
    assert (gallery.images, gallery.published) == ({}, set())
    assert not chat.message(said.message_id).labels
    await ask(chat)
    again = await chat.until(lambda chat: chat.last.text != said.text and "https://" in chat.last.text and chat.last)
    assert again
    assert gallery.made("upload") == 2


async def test_a_deleted_picture_takes_its_link_along(chat: Talk, gallery: Gallery) -> None:
    await linked(chat)
    await chat.press("Delete", fox(chat))
    await chat.until(lambda chat: (picture := fox(chat)) and "Delete this picture" in picture.labels)
    await chat.press("Delete this picture", fox(chat))
    await chat.until(says("The link is removed."))
    assert gallery.published == set()


async def test_a_picture_that_is_deleted_while_it_is_published_does_not_stay_public(
    chat: Talk, gallery: Gallery
) -> None:
    gallery.instead["publish"] = [Answer(201, json={"url": LINK.format(7)}, delay=1.0)]
    await ask(chat)

    async def publishing() -> bool:
        return gallery.made("publish") == 1

    async def taken_back() -> bool:
        return not gallery.images

    await until(publishing, "the publishing is under way")
    await chat.press("Delete", fox(chat))
    await chat.until(lambda chat: (picture := fox(chat)) and "Delete this picture" in picture.labels)
    await chat.press("Delete this picture", fox(chat))
    await until(taken_back, "the copy is gone")
    assert not says("https://127.0.0.1/i/")(chat)


async def test_whoever_is_forgotten_takes_their_links_along(chat: Talk, gallery: Gallery) -> None:
    await linked(chat)
    await forgotten(chat)

    async def taken_back() -> bool:
        return not gallery.images and not gallery.published

    await until(taken_back, "the copy is gone")


async def test_no_copy_stays_of_a_picture_that_is_being_uploaded_when_its_person_is_forgotten(
    chat: Talk, gallery: Gallery
) -> None:
    gallery.images["image_7"] = png(8, 8)
    gallery.instead["upload"] = [Answer(201, json={"id": "image_7", "name": "x", "url": None}, delay=4.0)]
    await ask(chat)

    async def uploading() -> bool:
        return gallery.made("upload") == 1

    async def taken_back() -> bool:
        return not gallery.images

    await until(uploading, "the upload is under way")
    await forgotten(chat)
    await until(taken_back, "the copy is gone")


async def test_taking_back_is_tried_until_it_is_done(chat: Talk, gallery: Gallery) -> None:
    said = await linked(chat)
    gallery.instead["DELETE"] = [Answer(503, json={}, headers={"Retry-After": "1"}), Answer(fault=reset)]
    await chat.press(REMOVE, said)
    await chat.until(says("The link is removed."), timeout=15)
    assert gallery.published == set()


async def test_a_link_that_is_being_taken_back_is_not_given_out(chat: Talk, gallery: Gallery, house: House) -> None:
    said = await linked(chat)
    gallery.instead["DELETE"] = [Answer(503, json={}, headers={"Retry-After": "3"})]
    await chat.press(REMOVE, said)
    toast = await chat.press(BUTTON, fox(chat))
    assert toast
    assert toast.text == "I am removing the link."
    await chat.until(says("The link is removed."), timeout=15)
    assert sum("https://127.0.0.1/i/" in each.text for each in chat.answers) == 1


async def test_a_link_that_cannot_be_removed_is_not_forgotten(chat: Talk, gallery: Gallery) -> None:
    said = await linked(chat)
    gallery.instead["DELETE"] = [Answer(403, json={"message": "no"})]
    await chat.press(REMOVE, said)
    trouble = await chat.until(says("it may still work"))
    assert trouble
    assert REMOVE in trouble.labels


@pytest.mark.parametrize(
    "answer",
    [Answer(fault=reset), Answer(500, json={}), Answer(429, json={}), Answer(404, json={}), Answer(json={"id": "/"})],
    ids=["cut off", "broken", "busy", "gone", "nonsense"],
)
async def test_what_fails_is_said_once_not_repeated_and_can_be_asked_again(
    chat: Talk, gallery: Gallery, answer: Answer
) -> None:
    gallery.instead["upload"] = [answer]
    await ask(chat)
    await chat.until(says("I could not make a public link."))
    assert gallery.made("upload") == 1
    await linked(chat)


async def test_a_publish_with_an_unknown_end_is_looked_up_and_not_uploaded_again(chat: Talk, gallery: Gallery) -> None:
    gallery.instead["publish"] = [Answer(fault=reset)]
    await linked(chat)
    assert (gallery.made("upload"), gallery.made("publish")) == (1, 2)


async def test_a_file_that_is_no_longer_kept_is_said_before_anything_is_asked(
    chat: Talk, house: House, gallery: Gallery
) -> None:
    await house.quiet()
    async with house.database.write() as tx:
        await tx.execute("UPDATE shelf SET kept_until = 1", {})
    await house.app.pictures.shelf.sweep(house.database, 2)
    answer = await chat.press(BUTTON, fox(chat))
    assert answer is not None
    assert "I keep the files of pictures for 3 days" in answer.text
    assert gallery.made("upload") == 0


async def test_the_picture_itself_is_uploaded_and_no_plain_copy_stays(
    chat: Talk, house: House, gallery: Gallery
) -> None:
    await linked(chat)
    [upload] = [call for call in gallery.service.calls if call.path.endswith("/upload")]
    assert png(8, 8) in upload.body
    assert list((house.data_dir / "spool").iterdir()) == []


async def test_a_file_that_is_damaged_when_its_turn_comes_is_said_to_be_gone(
    chat: Talk, house: House, gallery: Gallery
) -> None:
    await house.quiet()
    [kept] = (house.data_dir / "shelf").iterdir()
    flip(kept)
    async with house.database.write() as tx:
        [row] = await tx.fetch("SELECT generation_id FROM generations", {})
        generation = await store.get(tx, row["generation_id"])
        assert generation is not None
        await publishing.publish(tx, generation, house.app.ground.clock.now())
    house.app.work.runner.ring()
    await chat.until(says("I keep the files of pictures for 3 days, and this one is gone"))
    assert gallery.made("upload") == 0


async def test_without_its_service_the_old_button_says_why(chat: Talk, house: House, gallery: Gallery) -> None:
    await house.restart(providers={**house.slow(0), **services(gallery, on=False)})
    answer = await chat.press(BUTTON, fox(chat))
    assert answer is not None
    assert "not set up any more" in answer.text


async def test_an_upload_that_a_restart_cut_off_is_left_to_the_person(
    chat: Talk, house: House, gallery: Gallery
) -> None:
    gallery.instead["upload"] = [Answer(500, json={}, delay=60)]
    await ask(chat)

    async def uploading() -> bool:
        return gallery.made("upload") == 1

    await until(uploading, "the upload is under way")
    await house.restart(default_model="img_processing/flux", providers=services(gallery))
    await chat.until(says("I could not make a public link."))
    assert gallery.made("upload") == 1


async def test_what_was_uploaded_before_a_restart_is_published_after_it(
    chat: Talk, house: House, gallery: Gallery
) -> None:
    gallery.instead["publish"] = [Answer(500, json={}, delay=60)]
    await ask(chat)

    async def publishing() -> bool:
        return gallery.made("publish") == 1

    await until(publishing, "the publishing is under way")
    await house.restart(default_model="img_processing/flux", providers=services(gallery))
    await chat.until(says("https://127.0.0.1/i/"))
    assert gallery.made("upload") == 1


async def test_in_a_group_only_the_owner_publishes(
    house: House, sandbox: Sandbox, gallery: Gallery, anna: Person
) -> None:
    await house.start(default_model="img_processing/flux", providers=services(gallery))
    boris = sandbox.person("Boris")
    group = sandbox.group("Painters", anna, boris, house.bot)
    hers, his = anna.at(group), boris.at(group)
    await hers.say("/imagine a fox")
    await hers.until(fox)
    answer = await his.press(BUTTON, fox(his))
    assert answer is not None
    assert "belong to whoever asked" in answer.text
    said = await linked(hers)
    answer = await his.press(REMOVE, said)
    assert answer is not None
    assert "belong to whoever asked" in answer.text
    assert len(gallery.published) == 1


async def test_what_no_such_service_drew_has_no_such_button(running: House, anna: Person) -> None:
    chat = anna.private(running.bot)
    await chat.say("a fox")
    await chat.until(fox)
    picture = fox(chat)
    assert picture
    assert BUTTON not in picture.labels
