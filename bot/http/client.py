"""Http: what an adapter may do with the outside. It asks and reads; it never retries and never speaks to people."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pybase64
from pydantic import BaseModel, ValidationError
from yarl import URL

from bot.errors import Cause, NotNow, NotSent, Refused, Unknown
from bot.http.answers import DETAIL, Problem, error_for, error_inside, problem_in, read_problem, retry_after
from bot.http.body import beginning, blocks
from bot.http.call import call
from bot.http.decoder import ROOM, JsonDecoder
from bot.http.network import Network
from bot.http.picture import Picture, finished
from bot.http.recorder import Asked
from bot.http.spool import Basket, BasketFile, Spool, remove
from bot.images import GeneratedImage

Shape = TypeVar("Shape", bound=BaseModel)

REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({401, 403, 404, 410})  # an address that has died, in the words of various storages


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a form: `name` is that of the field, `content_type` what it is, such as `image/png`."""

    name: str
    path: Path
    content_type: str


async def encoded(path: Path) -> str:
    """A file as base64, for services that take pictures inside of JSON."""
    return await asyncio.to_thread(lambda: pybase64.b64encode(path.read_bytes()).decode())


class Http:
    """One service at `base_url`, asked with `headers`, which never reach any other host.

    `seconds` is how long one call may take from connecting to its last byte. Pictures arrive in `spool`. `pages` are
    other hosts of the service, to which its answers may send the admins.
    """

    def __init__(
        self,
        network: Network,
        spool: Spool,
        base_url: str = "",
        headers: Mapping[str, str] | None = None,
        seconds: float = 180.0,
        pages: Collection[str] = (),
    ) -> None:
        self.spool = spool
        self._network = network
        self._limits = network.limits
        self._base = base_url.rstrip("/")
        self._headers = dict(headers or {})
        self._seconds = seconds
        self._pages = pages

    async def post(self, path: str, question: Mapping[str, Any], shape: type[Shape]) -> Shape:
        """Order something. Pictures in the answer lie in the spool and belong to the caller: see `images`.

        Raises Refused, NotNow, NotSent, Unknown.
        """
        return await self._answer("POST", path, shape, json=question)

    async def get(self, path: str, shape: type[Shape], room: int = ROOM) -> Shape:
        """Ask for something that costs nothing to ask again; `room` is how many bytes the answer may have.

        Raises Refused, NotNow.
        """
        try:
            return await self._answer("GET", path, shape, room)
        except (Unknown, NotSent) as error:
            raise NotNow(error.cause, error.detail) from error

    async def send(self, path: str, fields: Mapping[str, str], files: Sequence[Part], shape: type[Shape]) -> Shape:
        """Order something with files beside it, as a form of several parts. Raises as `post`."""
        form = aiohttp.FormData(dict(fields))
        with ExitStack() as opened:
            for part in files:
                file = opened.enter_context(part.path.open("rb"))
                form.add_field(part.name, file, filename=part.path.name, content_type=part.content_type)
            return await self._answer("POST", path, shape, data=form)

    async def delete(self, path: str) -> None:
        """Take back or clean up; what the answer says is not read. Raises Refused, NotNow."""
        try:
            async with self._asked("DELETE", path) as response:
                self._record(response, b"")
        except (Unknown, NotSent) as error:
            raise NotNow(error.cause, error.detail) from error

    async def pause(self, seconds: float) -> None:
        """Wait before asking again how an order goes."""
        await asyncio.sleep(seconds)

    async def images(self, pictures: Sequence[Picture], most: int) -> list[GeneratedImage]:
        """Fetch what came as an address and tell what every picture is; more than `most` are dropped.

        What is named twice comes once. One that fails does not spoil the others. Raises Refused(NO_PICTURE) for none,
        or the error of the first.
        """
        found = list(dict.fromkeys(picture for picture in pictures if picture))
        for picture in found[most:]:
            remove(picture.file)
        if not found:
            raise Refused(Cause.NO_PICTURE)
        results = await asyncio.gather(*map(self._image, found[:most]), return_exceptions=True)
        images = [result for result in results if isinstance(result, GeneratedImage)]
        if images:
            return images
        raise next(result for result in results if isinstance(result, BaseException))

    async def download(self, address: str) -> Path:
        """Fetch a file into the spool: from the service's own host, or from a public one by https on port 443.

        A path such as `/images/7` is one of the service itself. What is fetched was ordered before, so no failure here
        is free to repeat. Raises Refused, Unknown.
        """
        if address.startswith("/") and not address.startswith("//"):
            address = self._base + address
        try:
            with Basket(self.spool, self._limits.body) as basket:
                file = basket.open()
                await self._follow(address, file)
                self._record_picture(address)
                return basket.take(file.path)
        except (NotNow, NotSent) as error:
            raise Unknown(error.cause, error.detail) from error
        except Refused as error:
            if error.status is None:
                raise
            # A storage that speaks of keys, money or models does not speak of ours.
            raise Unknown(Cause.SERVICE_ERROR, error.detail) from error

    def problem(self, text: str) -> Problem:
        """What a service wrote about an order that came to nothing, without the key that it may repeat."""
        return self._redacted(read_problem(text.encode("utf-8", "replace")))

    async def _answer(self, method: str, path: str, shape: type[Shape], room: int = ROOM, **options: Any) -> Shape:
        with Basket(self.spool, self._limits.body) as basket:
            async with self._asked(method, path, **options) as response:
                decoder = JsonDecoder(basket, room)
                async for block in blocks(response, self._limits):
                    decoder.feed(block)
                small = decoder.finish()
                self._record(response, small, options.get("json"), decoder.files)
                return self._shaped(small, shape, {"files": decoder.files, "basket": basket})

    @asynccontextmanager
    async def _asked(self, method: str, path: str, **options: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        """The response of the service to one question, when it did not refuse."""
        url = URL(self._base + path)
        async with call(
            self._network.services, method, url, seconds=self._seconds, headers=self._headers, **options
        ) as response:
            await self._check(response, options.get("json"))
            yield response

    def _shaped(self, small: bytes, shape: type[Shape], context: Mapping[str, Any]) -> Shape:
        """The answer in its declared shape. Values are kept out of the error: they may be the person's words."""
        try:
            answer = json.loads(small)
            problem = problem_in(answer, shape.model_fields)
            if problem:
                raise error_inside(self._redacted(problem), drew=bool(context["files"]))
            return shape.model_validate(answer, context=dict(context))
        except ValidationError as error:
            places = [".".join(map(str, fault["loc"])) + " " + fault["type"] for fault in error.errors()[:5]]
            raise Unknown(Cause.BROKEN_ANSWER, "; ".join(places)) from None
        except (ValueError, RecursionError):
            raise Unknown(Cause.BROKEN_ANSWER, self._redacted(read_problem(small)).text) from None

    async def _check(self, response: aiohttp.ClientResponse, question: Any = None) -> None:
        """Raise the error that the status stands for."""
        if 200 <= response.status < 300:
            return
        text = await beginning(response, self._limits)
        self._record(response, text, question)
        problem = self._redacted(read_problem(text))
        wait = retry_after(response.headers.get("Retry-After"), self._network.clock.now())
        raise error_for(response.status, problem, wait)

    def _record(
        self, response: aiohttp.ClientResponse, answer: bytes, question: Any = None, files: Collection[str] = ()
    ) -> None:
        if recorder := self._network.recorder:
            path = str(response.url).removeprefix(self._base)
            asked = Asked(response.method, path, self._headers, question)
            recorder.answered(asked, response.status, answer, files, response.headers.get("Retry-After"))

    def _record_picture(self, address: str) -> None:
        if recorder := self._network.recorder:
            recorder.fetched(address, Asked("GET", address.removeprefix(self._base), self._headers))

    def _redacted(self, problem: Problem) -> Problem:
        """Cut to what the log may hold. Services like to repeat the key that they did not accept."""
        text = problem.text
        for secret in {word for value in self._headers.values() for word in value.split() if len(word) >= 6}:
            text = text.replace(secret, "***")
        return replace(problem, text=text[:DETAIL], link=self._own_page(problem.link))

    def _own_page(self, link: str | None) -> str | None:
        """Admins are sent to pages of the service itself only: on its own host, one below it, or one of its `pages`.

        A host beside it proves nothing: it may be somebody else's under the same public suffix.
        """
        try:
            own, page = URL(self._base).host, URL(link or "")
            host = page.host or ""
        except ValueError:
            return None
        known = host in {own, *self._pages} or host.endswith(f".{own}")
        return link if page.scheme == "https" and host and known else None

    async def _image(self, picture: Picture) -> GeneratedImage:
        path = picture.file or await self.download(str(picture.url))
        try:
            return await asyncio.to_thread(finished, path)
        except BaseException:
            remove(path)
            raise

    async def _follow(self, address: str, file: BasketFile) -> None:
        target = _address(address)
        headers = self._headers if self._is_own(target) else {}
        for _ in range(self._limits.redirects + 1):
            location = await self._receive(target, headers, file)
            if location is None:
                return
            # Not even back to its own host does the key follow somebody else's word.
            target, headers = _address(str(target.join(_address(location, relative=True)))), {}
        raise Refused(Cause.REDIRECTED, "too many redirects")

    async def _receive(self, target: URL, headers: Mapping[str, str], file: BasketFile) -> str | None:
        """Write what is there into the file, or return the address it points on to."""
        session = self._network.services if self._is_own(target) else self._public(target)
        async with call(
            session, "GET", target, seconds=self._seconds, headers={"Accept": "image/*", **headers}
        ) as response:
            if response.status in REDIRECTS:
                return response.headers.get("Location", "")
            if response.status in GONE:
                raise Refused(Cause.PICTURE_GONE, str(response.status))
            await self._check(response)
            async for block in blocks(response, self._limits):
                file.write(block)
        file.close()
        return None

    def _public(self, target: URL) -> aiohttp.ClientSession:
        if target.scheme != "https" or target.port != 443:
            raise Refused(Cause.ADDRESS_REFUSED, "not plain https")
        return self._network.public

    def _is_own(self, target: URL) -> bool:
        return bool(self._base) and target.origin() == URL(self._base).origin()


def _address(text: str, *, relative: bool = False) -> URL:
    try:
        url = URL(text)
        host = url.host
    except ValueError:
        raise Refused(Cause.ADDRESS_REFUSED, "not an address") from None
    # A name or a password in it would be shown to the host instead of our key.
    if "@" in url.raw_authority or (not relative and (url.scheme not in ("http", "https") or not host)):
        raise Refused(Cause.ADDRESS_REFUSED, "not an address")
    return url
