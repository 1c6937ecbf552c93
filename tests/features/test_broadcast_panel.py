"""The panel of a broadcast, where it and what is counted for it do not meet."""

from aiogram.methods import EditMessageText

from bot.broadcast import store
from bot.outgoing import Outgoing
from tests.features.test_broadcast import drafted
from tests.house import ADMIN, House


async def test_what_was_counted_for_a_draft_that_is_gone_by_then_is_not_shown(running: House) -> None:
    op = running.sandbox.person("Olga", user_id=ADMIN).private(running.bot)
    await drafted(op)
    known = len(op.answers)
    [draft] = await running.rows("SELECT broadcast_id FROM broadcasts")
    counted = EditMessageText(chat_id=op.chat_id, text="There are new models")
    async with running.database.write() as tx:
        assert await store.drop(tx, draft["broadcast_id"])
        await running.app.voice.outbox.add(tx, Outgoing(counted, note_of=draft["broadcast_id"]))
    running.app.voice.outbox.ring()
    await running.quiet()
    assert await running.rows("SELECT * FROM outbox WHERE method <> ''") == []
    assert len(op.answers) == known
