"""What somebody is in a group or channel, and how bots hear that this has changed."""

from collections.abc import Collection

from bot.sandbox.methods.chats import member_wire
from bot.sandbox.model import Bot, Chat, Kind, Message, Role, User, Wire
from bot.sandbox.world import World

# In whose name an admin acts who does not want to be seen.
ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)


def stand(world: World, chat: Chat, by: User, who: User, role: Role, without: Collection[str] = ()) -> None:
    """Let somebody be this from now on, `without` the rights that are named; a bot is told about itself."""
    before = _member(chat, who)
    chat.join(who, role)
    chat.denied[who.user_id] = frozenset(without)
    for bot in [one for one in world.bots.values() if one.user is who]:
        tell_member(world, chat, by, bot, (before, _member(chat, who)))


def tell_member(world: World, chat: Chat, by: User, bot: Bot, change: tuple[Wire, Wire]) -> None:
    """Queue the update that tells a bot what it was and what it has become in a chat."""
    wire = {"chat": chat.wire(), "from": by.wire(), "date": world.clock.now()}
    world.update(bot, "my_chat_member", wire | dict(zip(("old_chat_member", "new_chat_member"), change, strict=True)))


def upgrade(world: World, chat: Chat) -> Chat:
    """Turn a group into a supergroup with a new id, as Telegram does; calls to the old id name the new one.

    Bots hear that they have come into the new one before they hear where it came from (tdlib/telegram-bot-api #266).
    """
    new = world.add_group(Kind.SUPERGROUP, chat.title)
    owner = next(iter(chat.users.values()))
    for user_id, user in chat.users.items():
        stand(world, new, owner, user, chat.role(user_id), chat.denied.get(user_id, ()))
    chat.moved_to = new
    for at, service in ((new, {"migrate_from_chat_id": chat.chat_id}), (chat, {"migrate_to_chat_id": new.chat_id})):
        world.post(Message(next(at.message_ids), at, owner, world.clock.now(), owner, service=service))
    return new


def _member(chat: Chat, user: User) -> Wire:
    denied = chat.denied.get(user.user_id, frozenset())
    return member_wire(user.wire(), chat.role(user.user_id), denied, chat.kind)
