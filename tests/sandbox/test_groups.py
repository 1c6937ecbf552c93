from bot.sandbox.model import Role
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Api


async def heard(api: Api) -> list[str]:
    """The texts that the bot gets now; they count as confirmed."""
    updates = await api.call("getUpdates")
    await api.call("getUpdates", offset=updates[-1]["update_id"] + 1 if updates else 0)
    texts = [update.get("message", update.get("channel_post", {})).get("text") for update in updates]
    return [text for text in texts if text]


async def test_in_a_group_a_bot_hears_only_what_is_meant_for_it(sandbox: Sandbox, api: Api) -> None:
    anna, ben = sandbox.person("Anna"), sandbox.person("Ben")
    group = sandbox.group("Friends", anna, ben, api.bot)
    talk = anna.at(group)
    for text in ("just talking", "/imagine a fox", "/imagine@other_bot a fox", "hey @painter_bot", "/me@painter_bot"):
        await talk.say(text)
    sent = await api.call("sendMessage", chat_id=group.chat_id, text="drawing")
    await ben.at(group).say("nice", reply_to=sent["message_id"])
    assert await heard(api) == ["/imagine a fox", "hey @painter_bot", "/me@painter_bot", "nice"]


async def test_an_administrator_bot_hears_everything(sandbox: Sandbox, api: Api) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna, api.bot)
    sandbox.set_role(group, api.bot, Role.ADMINISTRATOR)
    await anna.at(group).say("just talking")
    assert await heard(api) == ["just talking"]


async def test_a_message_in_a_topic_carries_the_topic_and_answers_its_first_message(sandbox: Sandbox, api: Api) -> None:
    anna = sandbox.person("Anna")
    forum = sandbox.forum("Club", anna, api.bot, topics=("Foxes", "Cats"))
    talk = anna.at(forum, "Foxes")
    await talk.say("/imagine a fox")
    message = (await api.call("getUpdates"))[-1]["message"]
    assert message["is_topic_message"]
    assert message["message_thread_id"] == talk.thread_id
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Foxes"
    await api.call("sendMessage", chat_id=forum.chat_id, text="here", message_thread_id=talk.thread_id)
    assert talk.last.text == "here"
    assert anna.at(forum, "Cats").messages == []
    refusal = await api.refusal("sendMessage", chat_id=forum.chat_id, text="here", message_thread_id=999)
    assert refusal == "Bad Request: message thread not found"


async def test_a_channel_post_is_answered_as_the_channel(sandbox: Sandbox, api: Api) -> None:
    anna = sandbox.person("Anna")
    channel = sandbox.channel("Gallery", anna, api.bot, username="gallery")
    await anna.at(channel).say("/imagine a fox")
    assert await heard(api) == ["/imagine a fox"]
    sent = await api.call("sendMessage", chat_id="@gallery", text="a fox")
    assert "from" not in sent
    assert sent["sender_chat"]["title"] == "Gallery"
    edited = await api.call("editMessageText", chat_id=channel.chat_id, message_id=sent["message_id"], text="a red fox")
    assert edited["text"] == "a red fox"


async def test_a_bot_that_was_thrown_out_may_not_write(sandbox: Sandbox, api: Api) -> None:
    group = sandbox.group("Friends", sandbox.person("Anna"), api.bot)
    sandbox.set_role(group, api.bot, Role.KICKED)
    words = await api.refusal("sendMessage", chat_id=group.chat_id, text="hi")
    assert words == "Forbidden: bot was kicked from the supergroup chat"
    stranger = sandbox.group("Others", sandbox.person("Ben"))
    words = await api.refusal("sendMessage", chat_id=stranger.chat_id, text="hi")
    assert words == "Forbidden: bot is not a member of the supergroup chat"


async def test_members_are_told_apart(sandbox: Sandbox, api: Api) -> None:
    anna, ben = sandbox.person("Anna"), sandbox.person("Ben")
    group = sandbox.group("Friends", anna, ben, api.bot)
    members = [await api.call("getChatMember", chat_id=group.chat_id, user_id=one.user_id) for one in (anna, ben)]
    assert [member["status"] for member in members] == ["creator", "member"]
    assert await api.call("getChatMemberCount", chat_id=group.chat_id) == 3


async def test_a_bot_may_not_touch_the_messages_of_others(api: Api, anna: Talk, sandbox: Sandbox) -> None:
    said = await anna.say("mine")
    words = await api.refusal("editMessageText", chat_id=anna.chat_id, message_id=said, text="yours")
    assert words == "Bad Request: message can't be edited"
    group = sandbox.group("Friends", sandbox.person("Ben"), api.bot)
    talk = Talk(sandbox.world, anna.user, group)
    said = await talk.say("mine")
    words = await api.refusal("deleteMessage", chat_id=group.chat_id, message_id=said)
    assert words == "Bad Request: message can't be deleted"


async def test_a_reaction_of_a_bot_is_seen(api: Api, anna: Talk) -> None:
    said = await anna.say("draw!")
    eyes = [{"type": "emoji", "emoji": "👀"}]
    await api.call("setMessageReaction", chat_id=anna.chat_id, message_id=said, reaction=eyes)
    assert anna.message(said).reactions == ("👀",)
    wrong = [{"type": "emoji", "emoji": "🦊"}]
    words = await api.refusal("setMessageReaction", chat_id=anna.chat_id, message_id=said, reaction=wrong)
    assert words == "Bad Request: REACTION_INVALID"


async def test_two_bots_in_one_group_hear_what_is_meant_for_each(sandbox: Sandbox, api: Api) -> None:
    other = Api(api.session, sandbox, sandbox.add_bot("43:secret", "writer_bot"))
    ben = sandbox.person("Ben")
    talk = ben.at(sandbox.group("Friends", ben, api.bot, other.bot))
    for text in ("/draw", "/draw@painter_bot", "/write@writer_bot"):
        await talk.say(text)

    async def heard(one: Api) -> list[str]:
        return [update["message"]["text"] for update in await one.call("getUpdates") if "message" in update]

    assert await heard(api) == ["/draw", "/draw@painter_bot"]
    assert await heard(other) == ["/draw", "/write@writer_bot"]
    words = await other.refusal("getFile", file_id="nothing")
    assert words.startswith("Bad Request: wrong file")
