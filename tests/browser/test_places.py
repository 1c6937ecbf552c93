"""People, languages, and the chats that they share."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.browser.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_bot_follows_the_language_of_the_app(anna: Page) -> None:
    await anna.becomes("Stranger")
    await anna.starts()
    await anna.speaks("Русский")
    await expect(anna.raw.locator("html")).to_have_attribute("data-language", "ru")
    picture = await anna.draws("зимний лес")
    await expect(picture.get_by_role("button", name="Удалить", exact=True)).to_be_visible()
    await anna.speaks("English")
    await anna.types("/help")
    await anna.sees("Under each picture")


async def test_each_person_has_a_chat_of_their_own(anna: Page) -> None:
    await anna.draws("a secret garden")
    await anna.becomes("Борис")
    await anna.starts()
    await expect(anna.messages("a secret garden")).to_have_count(0)
    await anna.draws("медведь на льдине")
    await anna.becomes("Anna")
    await expect(anna.pictures("a secret garden")).to_have_count(1)
    await expect(anna.messages("медведь на льдине")).to_have_count(0)


async def test_a_picture_in_a_group_is_seen_by_all_and_its_buttons_belong_to_one(anna: Page) -> None:
    await anna.enters("Friends")
    await anna.draws("a picnic on the moon")
    await anna.becomes("Борис")
    await anna.enters("Friends")
    picture = await anna.sees_picture("a picnic on the moon")
    await anna.presses("Again", picture)
    await expect(anna.raw.get_by_text("belong to whoever asked").or_(anna.raw.get_by_text("тому, кто"))).to_be_visible()
    await expect(anna.pictures("a picnic on the moon")).to_have_count(1)


async def test_what_is_asked_in_a_topic_is_answered_there(anna: Page) -> None:
    await anna.enters("Art club", topic="Animals")
    await anna.draws("a heron in the reeds")
    await anna.enters("Art club", topic="Castles")
    await expect(anna.messages("a heron in the reeds")).to_have_count(0)
    await anna.enters("Art club", topic="Animals")
    await expect(anna.pictures("a heron in the reeds")).to_have_count(1)


async def test_what_an_admin_posts_in_a_channel_is_read_by_its_members(anna: Page) -> None:
    await anna.becomes("Admin")
    await anna.enters("Gallery")
    await expect(anna.raw.get_by_text("No messages here yet")).to_be_visible()
    await anna.types("Pictures of the week")
    await anna.sees("Pictures of the week")
    await expect(anna.raw.get_by_text("No messages here yet")).to_be_hidden()
    await anna.becomes("Stranger")
    await anna.enters("Gallery")
    await anna.sees("Pictures of the week")


async def test_a_draft_is_published_in_the_channel_with_its_caption(anna: Page) -> None:
    await anna.types("/post a lantern fish")
    await anna.presses("Edit caption", anna.pictures("Publish in Gallery").last)
    await anna.sees("What shall stand below the picture?")
    await anna.types("Deep down")
    await anna.presses("Publish in Gallery", await anna.sees_picture("Deep down"))
    await anna.sees("Published in Gallery")
    await anna.hook("chat", kind="channel").click()
    await anna.sees_picture("Deep down")


async def test_a_chat_that_is_not_open_counts_what_is_new(anna: Page, second: Page) -> None:
    await second.becomes("Борис")
    await second.enters("Friends")
    await second.types("who is there")
    count = anna.hook("chat").filter(has_text="Friends").locator("[data-testid=unread]")
    await expect(count).to_contain_text("1")
    await anna.enters("Friends")
    await anna.sees("who is there")
    await expect(count).to_have_count(0)


async def test_two_windows_see_the_same_at_once(anna: Page, second: Page) -> None:
    await anna.types("/imagine two moons")
    await second.sees_picture("two moons")
    await anna.sees_picture("two moons")


async def test_the_menu_of_commands_offers_what_the_bot_knows(anna: Page) -> None:
    await anna.field.press_sequentially("/his")
    await anna.raw.get_by_role("option", name="/history").click()
    await expect(anna.field).to_be_focused()


async def test_a_reaction_stays_on_the_message(anna: Page) -> None:
    await anna.enters("Friends")
    await anna.types("here is to all of us")
    message = await anna.sees("here is to all of us")
    await message.locator(".text").click(button="right")
    await anna.raw.get_by_role("menuitemcheckbox", name="React with 👍").click()
    await expect(message.locator("[data-testid=reaction]")).to_have_attribute("aria-pressed", "true")


async def test_a_bot_that_is_blocked_can_be_let_in_again(anna: Page) -> None:
    await anna.presses("Block")
    await anna.presses("Unblock")
    await expect(anna.button("Block")).to_be_visible()
    await anna.draws("a bridge that was mended")


async def test_what_is_typed_while_a_chat_is_fetched_belongs_to_that_chat(anna: Page) -> None:
    asked, go = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await go.wait()
        await route.continue_()

    await anna.raw.route("**/sandbox/messages?*", hold)
    await anna.hook("chat").filter(has_text="Friends").click()
    await asked.wait()
    await anna.field.fill("for my friends")
    go.set()
    await expect(anna.hook("title")).to_have_text("Friends")
    await expect(anna.field).to_have_value("for my friends")
