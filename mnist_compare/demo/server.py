"""The door of the demo: what may come in, how much at once, and what is sent back.

``POST /predict`` is the REST interface; what begins with ``/demo`` is the page's own.
Whoever is refused gets a status and one sentence, in Korean where the client prefers it.
"""

import asyncio
import base64
import logging
import traceback
from dataclasses import dataclass
from functools import cached_property

import anyio
from starlette.datastructures import Headers, MutableHeaders, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from mnist_compare import predictor
from mnist_compare.demo import uploads
from mnist_compare.demo.answer import answer, saliency_picture
from mnist_compare.demo.uploads import Refused
from mnist_compare.front import parts, weights
from mnist_compare.preprocessing import PIPELINES

WORKING = 2  # requests at a time, each on one core
WAITING = 128  # more of them; any other is told at once that the server is busy
PATIENCE = 10  # seconds for a request to arrive, and then for its turn
MOST_HELD = 32_000_000  # bytes that all requests together may have sent and not been answered
SMALL_BODY = 65_536  # bytes, as of most drawings; they pass all the same
LARGEST_BODY = uploads.LARGEST_DRAWING + 50_000  # bytes
LARGEST_FORM = uploads.LARGEST_FILE + 50_000  # bytes, of what /predict takes
PIECE = 65_536  # bytes sent at a time; the rest waits, uncopied, until they are taken
SHOWN = (  # of Gradio's routes
    "/", "/theme.css", "/manifest.json", "/favicon.ico", "/robots.txt",
    "/gradio_api/startup-events",  # which Gradio asks itself for when it is launched
)  # fmt: skip
FILES = ("/assets/", "/static/js/", "/static/img/")  # where those of its page are
NOWHERE = "http://nowhere.invalid"  # the end of the name means that nobody has it


class Turns:
    """Lets few work at a time, some wait, and refuses everybody else at once."""

    def __init__(self, working=WORKING, waiting=WAITING):
        """Let as many work, and as many more wait."""
        self._limiter, self._waiting = anyio.CapacityLimiter(working), waiting

    async def take(self, work, *arguments):
        """Wait for a turn without holding a thread, and return what the work returns in one."""
        if self._limiter.statistics().tasks_waiting >= self._waiting:
            raise Refused(503, "busy")
        try:
            with anyio.fail_after(PATIENCE):  # ends the wait, but not the work, which is shielded
                return await anyio.to_thread.run_sync(work, *arguments, limiter=self._limiter)
        except TimeoutError:
            raise Refused(503, "busy") from None


@dataclass(frozen=True)
class Door:
    """What is answered beside Gradio's page with some models, the last of them the default.

    ``folder`` is the ``collected.Folder`` that keeps the drawings that users label, or None.
    """

    models: tuple
    pipeline: str
    folder: object = None

    def options(self, hosts):
        """Return what FastAPI needs to serve it to those who call it by one of the host names."""
        known = Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
        return {"middleware": [known, Middleware(Guard, self.works), Middleware(Page)]}

    @property
    def works(self):
        """What is done with what a request brings, by its method and path."""
        works = {
            ("POST", "/predict"): self.predict,
            ("POST", "/demo/answer"): self.show,
            ("GET", "/demo/networks"): lambda given: self._networks,
        }
        keeping = {("POST", "/demo/keep"): self.keep, ("POST", "/demo/forget"): self.forget}
        return works | (keeping if self.folder else {})

    def predict(self, given):
        """Return what one model answers to the picture in a file."""
        file = given.get("image")
        if not isinstance(file, UploadFile):
            raise Refused(422, "field")
        model, pipeline = given.get("model") or self.models[-1], self._pipeline(given)
        if model not in predictor.names():
            raise Refused(422, "model", names=", ".join(predictor.names()))
        read = _not_blank(answer(uploads.open_file(file.file), (model,), pipeline))
        return {
            "prediction": read.digit(model),
            "probabilities": [round(float(each), 6) for each in read.probabilities[model]],
            "model": model,
            "pipeline": pipeline,
        }

    def show(self, given):
        """Return all that the page shows of a drawing."""
        picture = uploads.open_drawing(given.get("drawing"))
        return shown(answer(picture, self.models, self._pipeline(given)))

    def keep(self, given):
        """Keep a labelled drawing together with what the models answer, asked again here."""
        label, pipeline = given.get("label"), self._pipeline(given)
        if type(label) is not int or label not in range(10):
            raise Refused(422, "label")
        picture = uploads.open_drawing(given.get("drawing"))
        read = _not_blank(answer(picture, self.models, pipeline))
        try:
            name = self.folder.add(picture, label, pipeline, read)
        except OSError:
            raise Refused(507, "unwritable") from None
        if name is None:
            raise Refused(507, "full")
        return {"kept": int(name[0]), "name": name}

    def forget(self, given):
        """Remove a drawing that was kept under that name since the start."""
        name = given.get("name")
        try:
            if not isinstance(name, str) or not self.folder.forget(name):
                raise Refused(404, "not_kept")
        except OSError:
            raise Refused(507, "unwritable") from None
        return {"forgotten": name}

    def _pipeline(self, given):
        pipeline = given.get("pipeline") or self.pipeline
        if pipeline not in PIPELINES:
            raise Refused(422, "pipeline", names=", ".join(PIPELINES))
        return pipeline

    @cached_property
    def _networks(self):
        """The networks to look into, of which all who are slow to take them wait for one copy."""
        return JSONResponse(weights.looked_into(self.models))


class Guard:
    """Wraps Gradio's page: answers beside it, opens what it needs, and bounds what comes and goes.

    ``works`` are those of the ``Door``.
    """

    def __init__(self, app, works):
        """Stand before the ASGI application."""
        self.app, self._works = app, works
        self._turns, self._held = Turns(), 0

    async def __call__(self, scope, receive, send):
        """Answer, refuse, or pass on."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path, started = scope["path"], False

        async def in_pieces(message):
            nonlocal started
            started = True
            body, sent = message.get("body", b""), 0
            while len(body) - sent > PIECE:
                piece = body[sent : sent + PIECE]
                await send({**message, "body": piece, "more_body": True})
                sent += PIECE
            await send({**message, "body": body[sent:]} if sent else message)

        try:
            work = self._works.get((scope["method"], path))
            known = path in SHOWN or path.startswith(FILES)
            if work:
                app = await self._answered(scope, receive, work)
            elif known and scope["method"] in ("GET", "HEAD"):
                app = self.app
            else:
                app = JSONResponse({"detail": "Not Found"}, 404)
            await app(scope, receive, in_pieces)
        except ClientDisconnect:
            pass
        except Exception as error:  # Gradio's own routes raise on what they do not know
            logging.getLogger(__package__).error("%s %.99r: %r", scope["method"], path, error)
            if not started:
                await JSONResponse({"detail": "Internal Server Error"}, 500)(scope, receive, send)

    async def _answered(self, scope, receive, work):
        """Return the response with what the work returns, or with why it is refused."""
        headers, arrived = Headers(scope=scope), 0
        largest = LARGEST_FORM if scope["path"] == "/predict" else LARGEST_BODY

        async def bounded():
            nonlocal arrived
            message = await receive()
            new = len(message.get("body", b""))
            arrived, self._held = arrived + new, self._held + new
            if arrived > largest:  # the rest stays unread
                raise Refused(413, "body_too_large")
            if self._held > MOST_HELD and arrived > SMALL_BODY:
                self._held, arrived = self._held - arrived, 0
                while message.get("more_body"):  # the rest is dropped
                    message = await receive()
                raise Refused(503, "busy")
            return message

        request = Request(scope, bounded)
        try:
            length = headers.get("content-length", "0")
            if length.isdecimal() and int(length) > largest:
                raise Refused(413, "body_too_large")
            if _from_elsewhere(headers):
                raise Refused(403, "elsewhere")
            async with asyncio.timeout(PATIENCE):
                given = await _brought(request)
            answered = await self._turns.take(work, given)
            return answered if isinstance(answered, Response) else JSONResponse(answered)
        except Refused as error:
            # The frames of its traceback hold the picture and, in anyio, the error itself: pictures
            # would pile up until Python looks for such circles.
            traceback.clear_frames(error.__traceback__)
            return _refusal(error, headers)
        except TimeoutError:
            return _refusal(Refused(408, "slow"), headers)
        finally:
            self._held -= arrived
            await request.close()


class Page:
    """Wraps Gradio's page, which is empty without JavaScript, and has it say so there.

    Nothing in it is taken from the request. Gradio would write an address into it, from headers
    that anybody can send; it is told to be at ``NOWHERE``, and the page asks where it came from.
    """

    def __init__(self, app):
        """Stand before the ASGI application."""
        said = parts.strings().items()
        sentences = "".join(f'<p lang="{tag}">{each["noscript"]}' for tag, each in said)
        self.app, self.sentences = app, f"<noscript>{sentences}</noscript>".encode()

    async def __call__(self, scope, receive, send):
        """Pass the page on so changed, and all else as it is."""

        async def changed(message):
            if message["type"] == "http.response.start":
                del MutableHeaders(scope=message)["content-length"]
            else:
                message["body"] = self._explained(message["body"])
            await send(message)

        if scope["type"] != "http" or scope["path"] != "/":
            return await self.app(scope, receive, send)
        await self.app({**scope, "query_string": b""}, receive, changed)

    def _explained(self, body):
        place = b"<gradio-app"
        return body.replace(NOWHERE.encode(), b".").replace(place, self.sentences + place, 1)


def shown(given):
    """Return an ``Answer`` as the plain data that the page draws."""
    seen = given.preprocessed
    height, width = seen.steps["grey"].shape
    left, top, right, bottom = seen.box or (0, 0, 0, 0)
    return {
        "models": [
            {
                "name": name,
                "digit": given.digit(name),
                "confidence": given.confidence(name),
                "unsure": given.unsure(name),
                "probabilities": probabilities.tolist(),
                "saliency": parts.data_url(saliency_picture(predictor.load(name), seen.digit)),
            }
            for name, probabilities in given.probabilities.items()
        ],
        "steps": [
            {
                "name": name,
                "width": pixels.shape[1],
                "height": pixels.shape[0],
                "picture": parts.data_url(pixels),
            }
            for name, pixels in seen.steps.items()
        ],
        "digit": None if seen.blank else base64.b64encode(seen.digit.tobytes()).decode(),
        "box": [left / width, top / height, right / width, bottom / height],  # shares of the canvas
    }


def _not_blank(read):
    if read.preprocessed.blank:
        raise Refused(422, "blank")
    return read


async def _brought(request):
    """Return the fields and the file of a form, or the entries of JSON, by name."""
    if request.method == "GET":
        return {}
    try:
        if request.url.path == "/predict":
            return {**request.query_params, **await request.form(max_files=1, max_fields=8)}
        # A page from elsewhere can send a form or plain text, but not this, without being asked.
        if request.headers.get("content-type", "").partition(";")[0].lower() != "application/json":
            raise Refused(415, "json")
        given = await request.json()
    except (HTTPException, ValueError, RecursionError):  # of forms, UTF-8, JSON, nested brackets
        given = None
    if not isinstance(given, dict):
        raise Refused(400, "body")
    return given


def _from_elsewhere(headers):
    """Tell whether the page of another site uses the browser of someone who can reach us.

    Browsers say so; on plain http, only by the ``Origin``.
    """
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _refusal(refused, headers):
    preferred = headers.get("accept-language", "").strip().lower()
    sentence = refused.sentence("ko" if preferred.startswith("ko") else "en")
    unread = {"Connection": "close"} if refused.status == 413 else None
    return JSONResponse({"detail": sentence}, refused.status, unread)
