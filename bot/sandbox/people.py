"""Bots, people and chats of the sandbox, and who is what in which chat."""

from bot.sandbox.methods.chats import open_topic
from bot.sandbox.model import Bot, Chat, Kind, Role, User
from bot.sandbox.standing import stand, upgrade
from bot.sandbox.talk import Answer, Talk
from bot.sandbox.world import World

__all__ = ["Answer", "People", "Person", "Talk"]


class Person:
    """Someone with an app. `language` is what their app is set to."""

    def __init__(self, world: World, user: User) -> None:
        self._world = world
        self.user = user

    @property
    def user_id(self) -> int:
        """The id by which bots know them."""
        return self.user.user_id

    def private(self, bot: Bot) -> Talk:
        """Their chat with a bot. The bot may write there once they have."""
        return Talk(self._world, self.user, self._world.private(bot, self.user))

    def at(self, chat: Chat, topic: str | None = None) -> Talk:
        """A group or channel, or one topic of it, through their eyes. Raises LookupError for an unknown topic."""
        if topic is None:
            return Talk(self._world, self.user, chat)
        thread = next((number for number, name in chat.topics.items() if name == topic), None)
        if thread is None:
            raise LookupError(f"no topic {topic!r} in {chat.title}: {list(chat.topics.values())}")
        return Talk(self._world, self.user, chat, thread)

    def block(self, bot: Bot) -> None:
        """Block a bot."""
        self.private(bot).block()

    def unblock(self, bot: Bot) -> None:
        """Let a bot write again."""
        self.private(bot).unblock()


class People:
    """Adds bots, people and chats to a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def add_bot(self, token: str | None = None, username: str = "painter_bot") -> Bot:
        """A bot. Its `token` is made up when none is given."""
        return self.world.add_bot(token, username)

    def meet_everybody(self, bot: Bot) -> None:
        """Put a new bot into every group and channel, and beside every person, who then only needs to write."""
        for chat in [one for one in self.world.chats.values() if one.pair is None and one.users]:
            self.set_role(chat, bot, Role.ADMINISTRATOR if chat.kind is Kind.CHANNEL else Role.MEMBER)
        for user in self.world.people.values():
            self.world.private(bot, user)
        self.world.feed.tell({"kind": "cast"})

    def person(self, name: str, language: str | None = "en", user_id: int | None = None) -> Person:
        """Someone new."""
        return Person(self.world, self.world.add_person(name, language, user_id))

    def group(self, title: str, *members: Person | Bot, supergroup: bool = True, username: str | None = None) -> Chat:
        """A group; the first person in it is its owner. Bots were there before: `set_role` tells of a change."""
        chat = self.world.add_group(Kind.SUPERGROUP if supergroup else Kind.GROUP, title, username=username)
        return self._fill(chat, members)

    def forum(self, title: str, *members: Person | Bot, topics: tuple[str, ...] = ()) -> Chat:
        """A group with topics."""
        chat = self._fill(self.world.add_group(Kind.SUPERGROUP, title, forum=True), members)
        for topic in topics:
            open_topic(self.world, chat, next(iter(chat.users.values())), topic)
        return chat

    def channel(self, title: str, *members: Person | Bot, username: str | None = None) -> Chat:
        """A channel; bots in it are administrators."""
        return self._fill(self.world.add_group(Kind.CHANNEL, title, username=username), members)

    def set_role(self, chat: Chat, who: Person | Bot, role: Role, *without: str) -> None:
        """Make someone this, `without` the rights that are named, or throw them out; a bot is told about itself."""
        stand(self.world, chat, next(iter(chat.users.values()), who.user), who.user, role, without)

    def upgrade(self, chat: Chat) -> Chat:
        """Turn a group into a supergroup with a new id; calls to the old id name the new one."""
        return upgrade(self.world, chat)

    def _fill(self, chat: Chat, members: tuple[Person | Bot, ...]) -> Chat:
        bots = [one for one in members if isinstance(one, Bot)]
        for person in (one for one in members if isinstance(one, Person)):
            chat.join(person.user, Role.MEMBER if chat.users else Role.CREATOR)
        for bot in bots:
            chat.join(bot.user, Role.ADMINISTRATOR if chat.kind is Kind.CHANNEL else Role.MEMBER)
        return chat
