"""What draws, where pictures lie, and what may be asked for."""

from dataclasses import dataclass
from typing import Self

from bot.admin import handlers as admin
from bot.app.ground import Ground
from bot.app.voice import Voice
from bot.http import Spool, private
from bot.imagine.inspection import Inspection
from bot.imagine.service import Imagine
from bot.imagine.shelf import Shelf
from bot.imagine.signs import Signs
from bot.moderation.judge import Judge
from bot.moderation.service import Moderation
from bot.presets.service import PresetFile, Presets
from bot.providers import PriceFile, Providers
from bot.providers.spending import Budget

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Pictures:
    """From a wish to a picture on the shelf."""

    spool: Spool
    shelf: Shelf
    inspection: Inspection
    signs: Signs
    budget: Budget
    providers: Providers
    presets: Presets
    imagine: Imagine

    @classmethod
    def build(cls, ground: Ground, voice: Voice) -> Self:
        """Throw away what was arriving when the last process ended. Raises SettingsError."""
        settings, data_dir = ground.settings, ground.settings.data_dir
        spool = Spool(data_dir / "spool").empty()
        shelf = Shelf(private(data_dir / "shelf"), spool, settings.keep_pictures * HOUR)
        signs = Signs()
        providers = _providers(ground, voice, spool)
        presets = Presets(PresetFile(settings.presets_file, required="presets_file" in settings.model_fields_set))
        return cls(
            spool,
            shelf,
            Inspection(keep_sent=settings.originals == "as_sent"),
            signs,
            Budget(ground.database, ground.ledger.today),
            providers,
            presets,
            Imagine(
                providers,
                ground.ledger,
                shelf,
                ground.clock,
                words_kept=settings.keep_prompts,
                default_model=settings.default_model,
                signs=signs,
                most_waiting=settings.most_waiting,
                closed=admin.Closing(settings.admin_ids),
                moderation=_moderation(ground, spool),
                presets=presets,
            ),
        )


def _providers(ground: Ground, voice: Voice, spool: Spool) -> Providers:
    settings = ground.settings
    return Providers.build(
        settings.providers,
        ground.network,
        spool,
        seconds=settings.job_timeout,
        remembered=settings.data_dir / "models.json",
        prices=PriceFile(settings.prices_file, required="prices_file" in settings.model_fields_set),
        on_trouble=voice.notices.trouble,
    )


def _moderation(ground: Ground, spool: Spool) -> Moderation:
    settings = ground.settings
    judge = Judge(settings.judging, ground.network, spool, ground.clock) if settings.judging else None
    return Moderation(ground.database, ground.clock, settings.admin_ids, judge)
