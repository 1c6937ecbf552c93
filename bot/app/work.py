"""The handlers of all jobs, and who runs them."""

from dataclasses import dataclass
from functools import partial
from typing import Self

from bot.app.features import Features
from bot.app.ground import Ground
from bot.app.pictures import Pictures
from bot.app.voice import Voice
from bot.doctor import handlers as doctor
from bot.doctor.service import Doctor
from bot.imagine.asking import Asking
from bot.imagine.drawing import EXPIRE, GENERATE
from bot.imagine.orders import TAKE_BACK, TakingBack
from bot.imagine.publishing import PUBLISH, WITHDRAW, Publishing, Withdrawing
from bot.imagine.service import Drawing, Expiry
from bot.imagine.turns import Turns
from bot.jobs.runner import Handler, Runner
from bot.ops.leaving import Forgetting
from bot.posts.service import barred
from bot.privacy.export import Exporting
from bot.privacy.rules import EXPORT, FORGET
from bot.telegram.cards import Cards
from bot.telegram.delivery import TelegramDelivery
from bot.telegram.files import TelegramFiles
from bot.telegram.fleeting import TAKE_AWAY, TakingAway
from bot.telegram.links import Links
from bot.telegram.operating import Operating
from bot.telegram.parcels import Parcels
from bot.telegram.postman import BROADCAST
from bot.telegram.progress import Progress
from bot.telegram.reviewing import LOOK, looking

# Somebody looks at a chat until these are done.
AWAITED = frozenset({GENERATE, PUBLISH, WITHDRAW, TAKE_BACK, EXPORT, FORGET, doctor.EXAMINE})


@dataclass(frozen=True, slots=True)
class Work:
    """Whatever goes on after an update has been answered."""

    runner: Runner
    progress: Progress
    operating: Operating
    """Keeps an eye on the services, and tells admins of them."""

    @classmethod
    def build(cls, ground: Ground, voice: Voice, pictures: Pictures, features: Features) -> Self:
        """Nothing is done before `runner.run`."""
        database, clock, settings = ground.database, ground.clock, ground.settings
        cards = Cards(database, pictures.imagine, ground.ledger, ground.texts)
        decode = partial(pictures.shelf.show_to, pictures.inspection.decode)
        edge = (database, ground.api, voice.outbox, voice.chats)
        delivery = TelegramDelivery(*edge, cards, decode, clock, voice.storage_chat)
        operating = _operating(ground, voice, pictures)
        handlers: dict[str, Handler] = {
            **_of_pictures(ground, voice, pictures, delivery),
            **_of_people(ground, voice, pictures, features, delivery),
            **features.post_office.jobs,
            **operating.jobs,
            BROADCAST: features.mailing,
            TAKE_AWAY: TakingAway(database, voice.outbox.add),
            doctor.EXAMINE: _examining(ground, voice, pictures),
        }
        runner = Runner(database, handlers, clock, settings.workers, awaited=AWAITED)
        return cls(runner, Progress(database, ground.api, voice.chats, cards, clock), operating)


def _of_pictures(ground: Ground, voice: Voice, pictures: Pictures, delivery: TelegramDelivery) -> dict[str, Handler]:
    """What draws, looks at what was drawn, and puts away what nobody fetched."""
    database, providers, shelf, clock = ground.database, pictures.providers, pictures.shelf, ground.clock
    kept, settings = (ground.ledger, shelf, delivery), ground.settings
    moderators = (settings.admin_ids, settings.moderation_hours)
    look = looking(database, ground.api, voice.chats, *kept, ground.texts, clock, *moderators)
    holding = look if settings.judging else None
    links = Links(voice.outbox, ground.texts, shelf.kept)
    return {
        GENERATE: Drawing(database, _asking(ground, pictures), *kept, clock, holding),
        LOOK: look,
        EXPIRE: Expiry(database, *kept, clock),
        PUBLISH: Publishing(database, providers, shelf, links, clock),
        WITHDRAW: Withdrawing(database, providers, links, clock),
        TAKE_BACK: TakingBack(database, providers, clock),
    }


def _of_people(
    ground: Ground, voice: Voice, pictures: Pictures, features: Features, delivery: TelegramDelivery
) -> dict[str, Handler]:
    """What people may ask about themselves."""
    database, clock, data_dir = ground.database, ground.clock, ground.settings.data_dir
    parcels = Parcels(database, ground.api, voice.outbox, voice.chats, ground.texts, clock)
    own = (pictures.imagine, ground.ledger, delivery, parcels, features.faces)
    return {
        EXPORT: Exporting(database, parcels, clock),
        FORGET: Forgetting(database, *own, data_dir, clock),
    }


def _asking(ground: Ground, pictures: Pictures) -> Asking:
    return Asking(
        ground.database,
        pictures.providers,
        Turns(pictures.providers, ground.settings.fallbacks),
        budget=pictures.budget,
        shelf=pictures.shelf,
        inspection=pictures.inspection,
        sources=TelegramFiles(ground.api, pictures.spool, pictures.inspection),
        signs=pictures.signs,
        clock=ground.clock,
        job_timeout=ground.settings.job_timeout,
        barred=barred,
    )


def _operating(ground: Ground, voice: Voice, pictures: Pictures) -> Operating:
    settings = ground.settings
    parts = (ground.database, pictures.providers, voice.outbox, ground.texts, ground.clock)
    return Operating(*parts, settings.time_zone, settings.admin_ids, settings.data_dir, pictures.presets)


def _examining(ground: Ground, voice: Voice, pictures: Pictures) -> doctor.Examining:
    looks = Doctor(ground.settings, ground.api, pictures.providers, ground.clock)
    return doctor.Examining(ground.database, looks, voice.outbox, ground.texts)
