"""Tells what became of a public link, under the picture that it is about."""

from aiogram.methods import SendMessage
from aiogram.types import LinkPreviewOptions, ReplyParameters

from bot.imagine import views
from bot.imagine.rules import Generation, LinkNews
from bot.outgoing import Outgoing
from bot.storage.database import Transaction
from bot.telegram.outbox import Outbox
from bot.texts import Texts
from bot.users import store as users


class Links:
    """The `Announcing` of the jobs."""

    def __init__(self, outbox: Outbox, texts: Texts, kept: int) -> None:
        """`kept`: for how many seconds files of pictures are kept."""
        self._outbox = outbox
        self._texts = texts
        self._kept = kept

    async def announce(self, tx: Transaction, generation: Generation, news: LinkNews) -> None:
        """Add to the outbox: a message that answers the one with the picture."""
        person = await users.get(tx, generation.user_id)
        t = self._texts.negotiate(person.language, person.client_language) if person else self._texts.negotiate()
        text, entities, markup = views.link(t, generation, news, self._kept)
        answered = generation.note_id and ReplyParameters(
            message_id=generation.note_id, allow_sending_without_reply=True
        )
        message = SendMessage(
            chat_id=generation.chat_id,
            message_thread_id=generation.thread_id,
            text=text,
            entities=entities or None,
            reply_markup=markup,
            reply_parameters=answered or None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        await self._outbox.add(tx, Outgoing(message))
