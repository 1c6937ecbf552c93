"""/why: the whole life of one picture. What was wished is for the owner alone, and asking for it is written down."""

from aiogram.utils.formatting import Text, as_list

from bot.admin.panel import keyboards, store, views
from bot.admin.panel.handlers.desk import Desk, View
from bot.admin.rules import Role
from bot.errors import UserError
from bot.texts import cut_utf16

LONGEST_ID = 64
# Letters of a message that a wish may take.
ROOM = 3500


async def why(desk: Desk, words: str | None) -> View:
    """By its id, or by the number that its person was told when it failed. Raises UserError."""
    named = (words or "").strip()
    if not named or len(named) > LONGEST_ID:
        raise UserError("why-which")
    row = await store.life(desk.tx, named)
    if row is None:
        raise UserError("why-unknown")
    generation_id = str(row["generation_id"])
    jobs, entries = await store.work_left(desk.tx, generation_id), await store.entries(desk.tx, generation_id)
    text = views.life(desk.t, row, jobs, entries)
    return text, keyboards.life(desk.t, desk.role, generation_id, row["user_id"], has_words=not row["deleted_at"])


async def words(desk: Desk, generation_id: str) -> View:
    """What was wished. Raises UserError."""
    desk.require(Role.OWNER)
    prompt = await store.prompt(desk.tx, generation_id)
    if prompt is None:
        raise UserError("why-unknown")
    if not prompt:
        raise UserError("why-words-gone")
    await desk.office.write_down(desk.tx, "words", generation_id)
    return as_list(Text(desk.t("why-wished")), Text(cut_utf16(prompt, ROOM))), None
