"""The door of the demo: what may come in, how much at once, and what is sent back.

``POST /predict`` is the REST interface; what begins with ``/demo`` is the page's own.
Whoever is refused gets a status and one sentence, in Korean where the client prefers it.
"""

import asyncio
import base64
import json
import logging
import traceback
from dataclasses import dataclass, field
from functools import cached_property, wraps

import anyio
from starlette.datastructures import Headers, MutableHeaders, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

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
POSTED = ("/predict", "/demo/answer", "/demo/keep", "/demo/forget")
SHOWN = (
    "/", "/theme.css", "/manifest.json", "/favicon.ico", "/robots.txt", "/demo/networks",
    "/gradio_api/startup-events",  # which Gradio asks itself for when it is launched
)  # fmt: skip
FILES = ("/assets/", "/static/js/", "/static/img/")  # where those of Gradio's page are
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
    """What is served beside Gradio's page for some models, the last of them the default.

    ``folder`` is the ``collected.Folder`` that keeps the drawings that users label, or None.
    """

    models: tuple
    pipeline: str
    folder: object = None
    turns: Turns = field(default_factory=Turns)

    def options(self, hosts):
        """Return what FastAPI needs to serve it to those who call it by one of the host names."""
        handlers = {
            "/predict": self._predict,
            "/demo/answer": self._show,
            "/demo/keep": self._keep,
            "/demo/forget": self._forget,
        }
        routes = [Route(path, _endpoint(run), methods=["POST"]) for path, run in handlers.items()]
        routes.append(Route("/demo/networks", _endpoint(self._networks)))
        known = Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
        return {"routes": routes, "middleware": [known, Middleware(Guard), Middleware(Page)]}

    def predict(self, file, model=None, pipeline=None):
        """Return what one model answers to the picture in a binary file."""
        model, pipeline = model or self.models[-1], pipeline or self.pipeline
        given = _answer(uploads.open_file(file), (model,), pipeline)
        return {
            "prediction": given.digit(model),
            "probabilities": [round(float(each), 6) for each in given.probabilities[model]],
            "model": model,
            "pipeline": pipeline,
        }

    def show(self, drawing, pipeline):
        """Return all that the page shows of a drawing."""
        picture, pipeline = uploads.open_drawing(drawing), pipeline or self.pipeline
        return shown(_answer(picture, self.models, pipeline, blank=True))

    def keep(self, drawing, pipeline, label):
        """Keep a labelled drawing together with what the models answer, asked again here."""
        if type(label) is not int or label not in range(10):
            raise Refused(422, "label")
        picture, pipeline = uploads.open_drawing(drawing), pipeline or self.pipeline
        given = _answer(picture, self.models, pipeline)
        try:
            name = self.folder.add(picture, label, pipeline, given)
        except OSError:
            raise Refused(507, "unwritable") from None
        if name is None:
            raise Refused(507, "full")
        return {"kept": int(name[0]), "name": name}

    def forget(self, name):
        """Remove a drawing that was kept under that name since the start."""
        try:
            if not isinstance(name, str) or not self.folder.forget(name):
                raise Refused(404, "not_kept")
        except OSError:
            raise Refused(507, "unwritable") from None
        return {"forgotten": name}

    async def _predict(self, request):
        waiting, parts = asyncio.timeout(PATIENCE), request.form(max_files=1, max_fields=8)
        async with waiting, parts as form:
            waiting.reschedule(None)  # all of it is here
            file, fields = form.get("image"), {**request.query_params, **form}
            if not isinstance(file, UploadFile):
                raise Refused(422, "field")
            names = fields.get("model"), fields.get("pipeline")
            return await self.turns.take(self.predict, file.file, *names)

    async def _networks(self, request):
        content = await self.turns.take(lambda: self._to_look_into)
        return Response(content, media_type="application/json")

    @cached_property
    def _to_look_into(self):
        """The JSON of the networks, which Keras would take memory for at each request."""
        return json.dumps(weights.looked_into(self.models)).encode()

    async def _show(self, request):
        return await self._with_body(request, self.show, "drawing", "pipeline")

    async def _keep(self, request):
        return await self._with_folder(request, self.keep, "drawing", "pipeline", "label")

    async def _forget(self, request):
        return await self._with_folder(request, self.forget, "name")

    async def _with_folder(self, request, *rest):
        if self.folder is None:
            raise HTTPException(404)
        return await self._with_body(request, *rest)

    async def _with_body(self, request, work, *names):
        """Return what the work returns, given those entries of the request's JSON."""
        # A page from elsewhere can send a form or plain text, but not this, without being asked.
        if request.headers.get("content-type", "").partition(";")[0].lower() != "application/json":
            raise Refused(415, "json")
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.json()
        except (ValueError, RecursionError):  # of JSON, of UTF-8, of brackets in brackets
            body = None
        if not isinstance(body, dict):
            raise Refused(400, "body")
        return await self.turns.take(work, *map(body.get, names))


class Guard:
    """Wraps all that is served: opens only what the page needs, and bounds what comes and goes."""

    def __init__(self, app):
        """Stand before the ASGI application."""
        self.app, self._held = app, 0

    async def __call__(self, scope, receive, send):
        """Answer what is refused, and pass the rest on."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers, path = Headers(scope=scope), scope["path"]
        posted = scope["method"] not in ("GET", "HEAD")
        opened = path in POSTED if posted else path in SHOWN or path.startswith(FILES)
        if not opened:
            return await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
        largest = LARGEST_FORM if path == "/predict" else LARGEST_BODY
        too_large, busy = Refused(413, "body_too_large"), Refused(503, "busy")
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > largest:
            return await _refusal(too_large, headers)(scope, receive, send)
        if (posted or path == "/demo/networks") and _from_elsewhere(headers):
            return await _refusal(Refused(403, "elsewhere"), headers)(scope, receive, send)
        arrived, started = 0, False

        async def bounded():
            nonlocal arrived
            message = await receive()
            new = len(message.get("body", b""))
            arrived, self._held = arrived + new, self._held + new
            if arrived > largest:  # the rest stays unread
                sentence = too_large.sentence(_language(headers))
                raise HTTPException(413, sentence, {"Connection": "close"})
            if self._held > MOST_HELD and arrived > SMALL_BODY:
                self._held, arrived = self._held - arrived, 0
                while message.get("more_body"):  # the rest is dropped
                    message = await receive()
                raise HTTPException(503, busy.sentence(_language(headers)))
            return message

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
            await self.app(scope, bounded, in_pieces)
        except ClientDisconnect:
            pass
        except Exception as error:  # Gradio's own routes raise on what they do not know
            logging.getLogger(__package__).error("%s %.99r: %r", scope["method"], path, error)
            if not started:
                await JSONResponse({"detail": "Internal Server Error"}, 500)(scope, receive, send)
        finally:
            self._held -= arrived


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


def _answer(picture, models, pipeline, blank=False):
    """Return the ``Answer`` to a picture, which may be blank only where that is allowed."""
    if any(model not in predictor.names() for model in models):
        raise Refused(422, "model", names=", ".join(predictor.names()))
    if pipeline not in PIPELINES:
        raise Refused(422, "pipeline", names=", ".join(PIPELINES))
    try:
        given = answer(picture, models, pipeline)
    except (ValueError, OSError):
        raise Refused(400, "damaged") from None
    if given.preprocessed.blank and not blank:
        raise Refused(422, "blank")
    return given


def _endpoint(handler):
    """Return an endpoint that sends what the handler returns as JSON, a refusal as its sentence."""

    @wraps(handler)
    async def endpoint(request):
        try:
            given = await handler(request)
            return given if isinstance(given, Response) else JSONResponse(given)
        except Refused as error:
            # The frames of its traceback hold the picture and, in anyio, the error itself: pictures
            # would pile up until Python looks for such circles.
            traceback.clear_frames(error.__traceback__)
            return _refusal(error, request.headers)
        except TimeoutError:
            return _refusal(Refused(408, "slow"), request.headers)
        except HTTPException as error:
            if error.status_code != 400:
                raise
            return _refusal(Refused(400, "body"), request.headers)

    return endpoint


def _from_elsewhere(headers):
    """Tell whether the page of another site uses the browser of someone who can reach us.

    Browsers say so; on plain http, only by the ``Origin``.
    """
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _refusal(refused, headers):
    return JSONResponse({"detail": refused.sentence(_language(headers))}, refused.status)


def _language(headers):
    preferred = headers.get("accept-language", "").strip().lower()
    return "ko" if preferred.startswith("ko") else "en"
