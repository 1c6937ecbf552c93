"""The only way out to picture services: deadlines, caps, address checks, and one reading of every error."""

from bot.http.answers import SERVICE_TROUBLE, read_problem
from bot.http.beside import beside
from bot.http.client import Http, Part, encoded
from bot.http.header import Header, NotAPicture, read_header
from bot.http.network import Limits, Network
from bot.http.picture import Picture, finished
from bot.http.recorder import TINY_FACTS, Recorder
from bot.http.spool import Spool, private, remove, room_on_disk

__all__ = [
    "SERVICE_TROUBLE",
    "TINY_FACTS",
    "Header",
    "Http",
    "Limits",
    "Network",
    "NotAPicture",
    "Part",
    "Picture",
    "Recorder",
    "Spool",
    "beside",
    "encoded",
    "finished",
    "private",
    "read_header",
    "read_problem",
    "remove",
    "room_on_disk",
]
