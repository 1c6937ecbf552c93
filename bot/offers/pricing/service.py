"""Setting prices in the chat: a price, its line in the audit and the order to let it count are one transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.admin import store as audit
from bot.admin.rules import FRESH_SECONDS
from bot.admin.store import Ask, Decision
from bot.errors import UserError
from bot.imagine import fit
from bot.imagine.rules import model_ref
from bot.offers import store
from bot.offers.pricing.rules import FILE, Tag, set_to, tag, tag_of_unlisted, told, with_change
from bot.offers.rules import SetPrice, by_key
from bot.providers import Providers
from bot.storage.database import Transaction

PRICE = "price"


@dataclass(frozen=True, slots=True)
class Till:
    """Where one admin sets prices, by number; `now` in Unix seconds."""

    tx: Transaction
    providers: Providers
    by: int
    now: int

    async def named(self, words: str) -> tuple[Tag, bool]:
        """The model of a key, name or title, or the nearest, and whether it is meant for sure. Raises UserError."""
        own = await store.prices(self.tx)
        listed = [model for service in self.providers.everything() for model in service.models]
        if exact := next((model for model in listed if fit.means(words, model)), None):
            return self._tag(exact.key, own), True
        if unlisted := next((key for key in own if key.casefold() == words.casefold()), None):
            return self._tag(unlisted, own), True
        if nearest := self.providers.nearest_listed(words):
            return self._tag(nearest.key, own), False
        raise UserError("price-unknown", model=words[:60])

    async def of_ref(self, ref: str) -> Tag:
        """The model that a button names. Raises UserError where it is not there any more."""
        own = await store.prices(self.tx)
        listed = (model.key for service in self.providers.everything() for model in service.models)
        found = next((key for key in (*listed, *own) if model_ref(key) == ref), None)
        if found is None:
            raise UserError("imagine-model-gone")
        return self._tag(found, own)

    async def ask(self, tag: Tag, value: str) -> str:
        """Keep the question whether it is to cost that; its id. Raises UserError where there is nothing to ask."""
        if value == FILE and tag.now.own is None:
            raise UserError("price-nothing-here", model=tag.title)
        if value != FILE and tag.now.own and tag.now.own.price == set_to(value, 0, 0).price:
            raise UserError("price-same", model=tag.title)
        await self._require_some(tag, value)
        asked = Ask(PRICE, tag.key, json.dumps([_seen(tag), value]), "")
        return await audit.ask(self.tx, self.by, asked, self.now, FRESH_SECONDS)

    async def answered(self, ask_id: str) -> tuple[Tag, str, bool]:
        """What was asked about, as it is now: the model, the word, and whether it costs still what it did then.

        The question is answered then, once. Raises UserError.
        """
        asked = await audit.answered(self.tx, ask_id, self.by, self.now - FRESH_SECONDS)
        if asked is None or asked.action != PRICE or not asked.detail:
            raise UserError("panel-asked-before")
        seen, value = json.loads(asked.detail)
        now = await self.of_ref(model_ref(asked.subject))
        return now, value, _seen(now) == seen

    async def set(self, tag: Tag, value: str) -> Tag:
        """Do it; the model as it is then.

        Raises UserError where nothing could be asked for any more, or another admin was quicker, to the moment.
        """
        await self._require_some(tag, value)
        if not await self._put(tag, value):
            raise UserError("offers-meanwhile")
        after = f"{FILE} ({told(tag.without)})" if value == FILE else value
        await audit.write_down(self.tx, Decision(self.now, self.by, PRICE, tag.key, f"{told(tag.now)} → {after}"))
        return self._tag(tag.key, {**await store.prices(self.tx)}, tag)

    async def _put(self, tag: Tag, value: str) -> bool:
        seen = tag.now.own
        if value == FILE:
            return seen is not None and await store.unset_price(self.tx, tag.key, seen)
        return await store.set_price(self.tx, tag.key, set_to(value, self.by, self.now), seen)

    async def _require_some(self, tag: Tag, value: str) -> None:
        """Raises UserError where this would leave nothing to ask for."""
        own, switches = await store.prices(self.tx), await store.switches(self.tx)
        change = None if value == FILE else set_to(value, self.by, self.now)
        offers = self.providers.offers_with
        if offers(switches, by_key(own)) and not offers(switches, with_change(own, tag.key, change)):
            raise UserError("offers-last")

    def _tag(self, key: str, own: Mapping[str, SetPrice], before: Tag | None = None) -> Tag:
        """`before`: as it was, where nothing may be known of it now."""
        file = self.providers.price_file.prices
        for service in self.providers.everything():
            for model in service.models:
                if model.key == key:
                    return tag(model, file, own)
        if key in own:
            known = self.providers.known(key)
            return tag_of_unlisted(key, known.title if known else key, file, own[key])
        if before is None:
            raise UserError("imagine-model-gone")
        return Tag(key, before.title, before.without, before.without, listed=False)


def _seen(tag: Tag) -> list[str | int | None]:
    """What must be the same when the answer comes."""
    return [told(tag.now), tag.now.own.at if tag.now.own else None, told(tag.without)]
