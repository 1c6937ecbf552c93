"""Chats, their members and topics."""

from typing import Any

from bot.sandbox.calls import Call, message_of, method
from bot.sandbox.errors import bad_request
from bot.sandbox.model import Chat, Kind, Message, Role, Wire

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
IN_CHANNELS = ("can_post_messages", "can_edit_messages")


# What a member may be kept from.
SENDING = tuple(
    f"can_send_{kind}"
    for kind in ("messages", "audios", "documents", "photos", "videos", "video_notes", "voice_notes", "polls")
)
DOING = (
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@method("getChat")
def get_chat(call: Call) -> Wire:
    """All about a chat."""
    chat = call.chat()
    full: Wire = {"accent_color_id": 0, "max_reaction_count": 11}
    full["accepted_gift_types"] = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    if chat.pair is None:
        full["permissions"] = {"can_send_messages": not chat.muted, "can_send_photos": not chat.muted}
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].wire()
    return chat.wire() | full


@method("getChatMember")
def get_chat_member(call: Call) -> Wire:
    """What someone is in a chat."""
    return _member(call, call.chat(), call.values["user_id"])


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Wire]:
    """Those who run a group or channel."""
    chat = call.chat()
    if chat.pair is not None:
        raise bad_request("there are no administrators in the private chat")
    leading = (Role.CREATOR, Role.ADMINISTRATOR)
    return [_member(call, chat, user_id) for user_id, role in chat.members.items() if role in leading]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """How many take part."""
    chat = call.chat()
    return sum(chat.has(user_id) for user_id in chat.members)


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """The bot goes."""
    chat = call.open_chat("")
    if chat.pair is not None:
        raise bad_request("chat member status can't be changed in private chats")
    before = chat.role(call.bot.user.user_id)
    chat.members[call.bot.user.user_id] = Role.LEFT
    change = {"old_chat_member": member_wire(call.bot.user.wire(), before)}
    change |= {"new_chat_member": member_wire(call.bot.user.wire(), Role.LEFT)}
    wire = {"chat": chat.wire(), "from": call.bot.user.wire(), "date": call.world.clock.now(), **change}
    call.world.update(call.bot, "my_chat_member", wire)
    return True


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Put a message on top of its chat."""
    message = message_of(call.open_chat(), call.values["message_id"], "pin")
    message.chat.pinned.append(message.message_id)
    call.world.tell("edit", message)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """Take a message, or the newest one, from the top of its chat."""
    chat = call.open_chat()
    wanted = call.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    return True


@method("createForumTopic")
def create_forum_topic(call: Call) -> Wire:
    """A new topic in a forum."""
    chat = call.open_chat()
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if chat.role(call.bot.user.user_id) not in (Role.ADMINISTRATOR, Role.CREATOR):
        raise bad_request("not enough rights to create a topic")
    topic = open_topic(call.world, chat, call.bot.user, call.values["name"])
    return {"message_thread_id": topic, "name": chat.topics[topic], "icon_color": 0x6FB9F0}


def open_topic(world: Any, chat: Chat, author: Any, name: str) -> int:
    """Begin a topic; its id is that of the service message that begins it."""
    message = Message(next(chat.message_ids), chat, author, world.clock.now(), author=author)
    message.thread_id = message.message_id
    message.service = {"forum_topic_created": {"name": name, "icon_color": 0x6FB9F0}}
    chat.topics[message.message_id] = name
    world.post(message)
    return message.message_id


def _member(call: Call, chat: Chat, user_id: int) -> Wire:
    user = chat.users.get(user_id) or call.world.people.get(user_id)
    if user is None:
        raise bad_request("member not found")
    role = Role.MEMBER if chat.kind is Kind.PRIVATE else chat.role(user_id)
    return member_wire(user.wire(), role, chat.denied.get(user_id, frozenset()), chat.kind)


def member_wire(user: Wire, role: Role, denied: frozenset[str] = frozenset(), kind: Kind | None = None) -> Wire:
    """The object `ChatMember` of the Bot API; some rights are told in channels only."""
    wire: Wire = {"status": str(role), "user": user}
    if role is Role.CREATOR:
        wire["is_anonymous"] = False
    if role is Role.ADMINISTRATOR:
        rights = (*RIGHTS, *IN_CHANNELS) if kind is Kind.CHANNEL else RIGHTS
        wire |= {right: right not in denied for right in rights} | {"is_anonymous": False, "can_be_edited": False}
    if role is Role.RESTRICTED:
        wire |= {right: right not in denied for right in (*SENDING, *DOING)} | {"is_member": True, "until_date": 0}
    if role is Role.KICKED:
        wire["until_date"] = 0
    return wire
