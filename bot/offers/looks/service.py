"""Writing presets in the chat: a preset and its line in the audit are one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.admin import store as audit
from bot.admin.rules import FRESH_SECONDS
from bot.admin.store import Ask, Decision
from bot.errors import UserError
from bot.imagine import fit
from bot.imagine.rules import Wish, model_ref
from bot.offers.looks import rules
from bot.offers.looks.rules import Look, look, packed, typed, unpacked
from bot.offers.rules import PRESET
from bot.presets import store
from bot.presets.rules import OwnPreset, Preset, merged, nearest
from bot.presets.service import Presets
from bot.providers import Providers
from bot.storage.database import Transaction

WRITE, DELETE = "preset", "preset-delete"
LISTED = 8


@dataclass(frozen=True, slots=True)
class Easel:
    """Where one admin writes presets, by number; `now` in Unix seconds."""

    tx: Transaction
    presets: Presets
    providers: Providers
    by: int
    now: int

    async def all(self) -> Sequence[Preset]:
        """Those of the file and those of the chat, as they stand in the transaction."""
        return merged(self.presets.file.content, (each.preset for each in await self._own()))

    async def named(self, name: str) -> Look:
        """The one of this name, whether it is there or not."""
        return look(name, self.presets.file.content, await self._own())

    async def nearest(self, word: str) -> tuple[Look, bool]:
        """The one that is meant, and whether it is so for sure. Raises UserError where none comes near."""
        presets = await self.all()
        if (found := await self.named(word.casefold())).now:
            return found, True
        if close := nearest(word, presets):
            return await self.named(close.name), False
        names = ", ".join(each.name for each in presets[:LISTED]) + (" …" if len(presets) > LISTED else "")
        raise UserError("look-unknown", preset=word[:40], allowed=names)

    async def of_ref(self, ref: str) -> Look:
        """The one that a button names. Raises UserError where it is not there any more."""
        found = next((each.name for each in await self.all() if model_ref(each.name) == ref), None)
        if found is None:
            raise UserError("look-gone")
        return await self.named(found)

    def model(self, wish: Wish) -> tuple[str | None, bool]:
        """The key of the model that a preset names, or of the nearest, and whether it is meant for sure.

        Raises UserError where none comes near.
        """
        if wish.model is None:
            return None, True
        listed = [model for service in self.providers.everything() for model in service.models]
        if exact := next((model for model in listed if fit.means(wish.model, model)), None):
            return exact.key, True
        if close := self.providers.nearest_listed(wish.model):
            return close.key, False
        raise UserError("price-unknown", model=wish.model[:60])

    async def ask(self, before: Look, wanted: Preset | None) -> str:
        """Keep the question whether it is to be that, or, for None, to be deleted; its id. Raises UserError."""
        if wanted is None and before.own is None:
            raise UserError("look-not-here")
        if wanted and before.own and before.own.preset == wanted:
            raise UserError("look-same")
        if wanted:
            rules.require_room(await self.all(), wanted.name)
        asked = Ask(WRITE if wanted else DELETE, PRESET + before.name, packed(before.now, wanted), "")
        return await audit.ask(self.tx, self.by, asked, self.now, FRESH_SECONDS)

    async def answered(self, ask_id: str) -> tuple[Look, Preset | None, bool]:
        """What was asked about, as it is now, what was wanted of it, and whether it is still as it was then.

        The question is answered then, once. Raises UserError.
        """
        asked = await audit.answered(self.tx, ask_id, self.by, self.now - FRESH_SECONDS)
        if asked is None or asked.action not in (WRITE, DELETE) or not asked.detail:
            raise UserError("panel-asked-before")
        seen, wanted = unpacked(asked.detail)
        now = await self.named(asked.subject.removeprefix(PRESET))
        return now, wanted, typed(now.now) == seen and (wanted is not None or now.own is not None)

    async def set(self, before: Look, wanted: Preset | None) -> Look:
        """Write it, or delete it for None; as it is then.

        Raises UserError where there are too many, or another admin was quicker, to the moment.
        """
        if wanted:
            rules.require_room(await self.all(), wanted.name)
        if not await self._put(before, wanted):
            raise UserError("offers-meanwhile")
        after = await self.named(before.name)
        detail = f"{typed(before.now) or '–'} → {typed(after.now) or '–'}"
        action = WRITE if wanted else DELETE
        await audit.write_down(self.tx, Decision(self.now, self.by, action, PRESET + before.name, detail))
        return after

    async def _put(self, before: Look, wanted: Preset | None) -> bool:
        if wanted:
            return await store.put(self.tx, OwnPreset(wanted, self.now, self.by), before.own)
        return before.own is not None and await store.drop(self.tx, before.own)

    async def _own(self) -> Sequence[OwnPreset]:
        return await store.presets(self.tx)
