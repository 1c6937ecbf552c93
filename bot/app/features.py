"""The commands and buttons of all features, the gate in front of them, and what their handlers get by name."""

from dataclasses import dataclass
from typing import Any, Self

from aiogram import Dispatcher, Router

from bot.admin import handlers as admin
from bot.app.ground import Ground
from bot.app.pictures import Pictures
from bot.app.voice import Voice
from bot.broadcast.service import Mailing
from bot.chats import handlers as chats
from bot.chats.admins import Admins
from bot.chats.kinds import Kinds
from bot.chats.service import Means
from bot.config import Settings
from bot.doctor import handlers as doctor
from bot.history import handlers as history
from bot.imagine import handlers as imagine
from bot.inline import handlers as inline
from bot.offers import handlers as offers
from bot.posts import handlers as posts
from bot.privacy import handlers as privacy
from bot.quota import handlers as quota
from bot.review import handlers as review
from bot.settings import handlers as settings_handlers
from bot.start import handlers as start
from bot.stats import handlers as stats
from bot.telegram.gate import Gate
from bot.telegram.kinds import kind_of
from bot.telegram.places import Places
from bot.telegram.posting import PostOffice
from bot.telegram.postman import enlist
from bot.telegram.roles import role_of
from bot.telegram.whispers import Whispering
from bot.users.faces import Faces

FEATURES = (posts, admin, review, doctor, stats, offers, start, quota, chats, settings_handlers, history, inline)


@dataclass(frozen=True, slots=True)
class Features:
    """Who answers an update, and what they share with the jobs that they leave."""

    dispatcher: Dispatcher
    post_office: PostOffice
    mailing: Mailing
    faces: Faces

    @classmethod
    def build(cls, ground: Ground, voice: Voice, pictures: Pictures) -> Self:
        """Nobody answers before the edge brings updates."""
        database, api, texts, clock = ground.database, ground.api, ground.texts, ground.clock
        public, admin_ids = ground.public, ground.settings.admin_ids
        means = Means(ground.ledger, Admins(role_of(api), clock), clock, ground.settings.time_zone)
        to_channels = (voice.chats, voice.outbox, texts, clock)
        post_office = PostOffice(database, api, *to_channels, public=public, admin_ids=admin_ids)
        named = _named(ground, voice, pictures, means) | {"posts": post_office.desk(pictures.imagine, means)}
        dispatcher = Dispatcher(disable_fsm=True, **named)
        for_all = privacy.router()
        _guard(dispatcher, ground, means, for_all)
        mailing = enlist(dispatcher, database, api, voice.outbox, voice.chats, texts, clock, everybody=public)
        dispatcher.include_routers(imagine.command(), for_all, *(feature.router() for feature in FEATURES))
        dispatcher.include_router(imagine.router())  # last: it takes plain words that nobody else wanted
        return cls(dispatcher, post_office, mailing, named["faces"])


def _named(ground: Ground, voice: Voice, pictures: Pictures, means: Means) -> dict[str, Any]:
    """What handlers may ask for by the name of an argument; the gate and the spine add what belongs to one update."""
    settings = ground.settings
    return {
        "imagine": pictures.imagine,
        "ledger": ground.ledger,
        "providers": pictures.providers,
        "texts": ground.texts,
        **admin.staff(settings.admin_ids, *stats.ENTRIES, *offers.ENTRIES),
        "admins": means.admins,
        "storage_chat": voice.storage_chat,
        "kinds": Kinds(kind_of(ground.api)),
        "leaves": _leaves(settings),
        "policy": settings.policy(pictures.providers.titles.values()),
    }


def _guard(dispatcher: Dispatcher, ground: Ground, means: Means, for_all: Router) -> None:
    """Who gets past: in groups as their admins say, anywhere as the operator says. `for_all` answers whoever asks."""
    texts, public, admin_ids = ground.texts, ground.public, frozenset(ground.settings.admin_ids)
    dispatcher.message.middleware(Whispering())
    dispatcher.callback_query.middleware(Whispering())
    leaves = _leaves(ground.settings)
    dispatcher.update.outer_middleware(Places(texts, means, admin_ids, public=public, leaves=leaves))
    gate = Gate(texts, ground.clock, admin_ids, public=public, counts=ground.counts, anyone=for_all)
    dispatcher.update.outer_middleware(gate)


def _leaves(settings: Settings) -> bool:
    """Whether the bot goes out of a group that nobody let it into."""
    return settings.strange_groups == "leave"
