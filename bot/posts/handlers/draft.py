"""A draft at the desk of its person, and how its message is changed."""

from dataclasses import dataclass
from typing import Any

from aiogram.methods import EditMessageCaption, EditMessageReplyMarkup
from aiogram.types import InlineKeyboardMarkup, MessageEntity

from bot.imagine.handlers.desk import Answer, Desk, say
from bot.imagine.rules import Generation, Place
from bot.posts import views
from bot.posts.rules import Post
from bot.posts.service import Posts


@dataclass(frozen=True, slots=True)
class Draft:
    """Whatever message was pressed or answered, only that with the draft's picture changes."""

    desk: Desk
    posts: Posts
    post: Post
    picture: Generation

    @property
    def place(self) -> Place:
        """Below the picture, in the private chat."""
        return Place(self.picture.chat_id, None, self.picture.note_id)

    def shown(self, post: Post) -> Answer:
        """Words and buttons as they are now."""
        caption, entities = views.words(post)
        return self._edited(EditMessageCaption, post, caption=caption, caption_entities=entities or None)

    def under(self, post: Post, markup: InlineKeyboardMarkup | None = None) -> Answer:
        """The buttons as they are now, or these."""
        return self._edited(EditMessageReplyMarkup, post, markup)

    def over(self, text: str) -> Answer:
        """This sentence below the picture, and no buttons."""
        chat_id, message_id = self.picture.chat_id, self.picture.note_id
        return [EditMessageCaption(chat_id=chat_id, message_id=message_id, caption=text)] if message_id else []

    def said(self, text: str, entities: list[MessageEntity] | None = None, markup: Any = None) -> Answer:
        """A message about it."""
        return [say(self.place, text, entities, markup)]

    def _edited(self, method: Any, post: Post, markup: InlineKeyboardMarkup | None = None, **words: Any) -> Answer:
        where = {"chat_id": self.picture.chat_id, "message_id": self.picture.note_id}
        markup = markup or views.markup(self.desk.t, post)
        return [method(**where, **words, reply_markup=markup)] if self.picture.note_id else []
