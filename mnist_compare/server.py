"""The door of the demo: what may come in, how much at once, and what is sent back.

``POST /predict`` is the REST interface; ``/demo/read`` and ``/demo/keep`` are the page's own.
Whoever is refused gets a status and one sentence, in Korean where the client prefers it.
"""

import asyncio
import contextlib
import logging
import threading
from dataclasses import dataclass, field
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist_compare import pictures, predictor, reading
from mnist_compare.pictures import Refused
from mnist_compare.preprocessing import PIPELINES

WORKING = 2  # requests at a time, each on one core
WAITING = 128  # more of them; any other is told at once that the server is busy
PATIENCE = 10  # seconds for a request to arrive, and then for its turn
LARGEST_BODY = pictures.LARGEST_DRAWING + 50_000  # bytes
LARGEST_FORM = pictures.LARGEST_FILE + 50_000  # bytes, of what /predict takes
OPEN_TO_POST = (
    "/predict", "/demo/read", "/demo/keep", "/gradio_api/queue/join",
    "/gradio_api/call/predict", "/gradio_api/call/v2/predict", "/gradio_api/cancel",
    "/gradio_api/reset",
)  # fmt: skip
CLOSED = ("/gradio_api/file", "/gradio_api/proxy", "/gradio_api/stream", "/monitoring")


class Turns:
    """Lets few work at a time, some wait, and refuses everybody else at once."""

    def __init__(self, working=WORKING, waiting=WAITING):
        """Let as many work, and as many more wait."""
        self._places = threading.BoundedSemaphore(working + waiting)
        self._turns = threading.BoundedSemaphore(working)

    @contextlib.contextmanager
    def place(self):
        """Hold a place to wait at."""
        if not self._places.acquire(blocking=False):
            raise Refused(503, "busy")
        try:
            yield
        finally:
            self._places.release()

    def take(self, work, *arguments):
        """Wait for a turn, and return what the work returns."""
        if not self._turns.acquire(timeout=PATIENCE):
            raise Refused(503, "busy")
        try:
            return work(*arguments)
        finally:
            self._turns.release()


@dataclass(frozen=True)
class Door:
    """What is served beside Gradio's page for some models, the last of them the one of choice.

    ``folder`` is the ``drawings.Folder`` that keeps the drawings that users label, or None.
    """

    models: tuple
    pipeline: str
    folder: object = None
    turns: Turns = field(default_factory=Turns)

    def options(self):
        """Return what FastAPI needs to serve it."""
        handlers = {"/predict": self._predict, "/demo/read": self._read, "/demo/keep": self._keep}
        routes = [Route(path, _answered(run), methods=["POST"]) for path, run in handlers.items()]
        return {"routes": routes, "middleware": [Middleware(Guard)]}

    def predict(self, opened, sent, model=None, pipeline=None):
        """Return what one model reads in the picture that ``opened`` makes of what was sent."""
        model, pipeline = self._known(model, pipeline)
        read = _answer(opened(sent), (model,), pipeline)
        return {
            "prediction": read.digit(model),
            "probabilities": [round(float(each), 6) for each in read.probabilities[model]],
            "model": model,
            "pipeline": pipeline,
        }

    def show(self, drawing, pipeline):
        """Return all that the page shows of a drawing."""
        _, pipeline = self._known(None, pipeline)
        return shown(_read(pictures.open_drawing(drawing), self.models, pipeline))

    def keep(self, drawing, pipeline, label):
        """Keep a labelled drawing together with what the models read in it, asked again here."""
        _, pipeline = self._known(None, pipeline)
        if type(label) is not int or label not in range(10):
            raise Refused(422, "label")
        picture = pictures.open_drawing(drawing)
        if not self.folder.add(picture, label, pipeline, _answer(picture, self.models, pipeline)):
            raise Refused(507, "full")
        return {"kept": label}

    def _known(self, model, pipeline):
        model, pipeline = model or self.models[-1], pipeline or self.pipeline
        if model not in predictor.names():
            raise Refused(422, "model", names=", ".join(predictor.names()))
        if pipeline not in PIPELINES:
            raise Refused(422, "pipeline", names=", ".join(PIPELINES))
        return model, pipeline

    async def _predict(self, request):
        with self.turns.place():
            async with asyncio.timeout(PATIENCE), request.form(max_files=1, max_fields=8) as form:
                file = form.get("image")
                if not isinstance(file, UploadFile):
                    raise Refused(422, "field")
                data = await file.read()
            fields = {**request.query_params, **form}
            names = fields.get("model"), fields.get("pipeline")
            return await self._turn(self.predict, pictures.open_picture, data, *names)

    async def _read(self, request):
        with self.turns.place():
            body = await _json(request)
            return await self._turn(self.show, body.get("drawing"), body.get("pipeline"))

    async def _keep(self, request):
        if self.folder is None:
            raise HTTPException(404)
        with self.turns.place():
            body = await _json(request)
            given = [body.get(name) for name in ("drawing", "pipeline", "label")]
            return await self._turn(self.keep, *given)

    async def _turn(self, work, *arguments):
        return await run_in_threadpool(self.turns.take, work, *arguments)


class Guard:
    """Wraps all that is served: closes what the page has no use for, and bounds what is sent in."""

    def __init__(self, app):
        """Stand before the ASGI application."""
        self.app = app

    async def __call__(self, scope, receive, send):
        """Answer what is refused, and pass the rest on."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers, path = Headers(scope=scope), scope["path"]
        posted = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        refused = None
        if path.startswith(CLOSED) or (posted and path.rstrip("/") not in OPEN_TO_POST):
            return await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
        # A page from elsewhere may not use the browser of someone who can reach this server.
        if posted and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            refused = Refused(403, "elsewhere")
        largest = LARGEST_FORM if path == "/predict" else LARGEST_BODY
        too_large = Refused(413, "body_too_large")
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > largest:
            refused = too_large
        if refused:
            return await _refusal(refused, headers)(scope, receive, send)
        arrived = 0

        async def bounded():
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > largest:
                sentence = too_large.sentence(_language(headers))
                raise HTTPException(413, sentence, {"Connection": "close"})  # the rest is unread
            return message

        started = False

        async def noted(message):
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, bounded, noted)
        except Exception as error:  # Gradio's own routes raise on what they do not know
            logging.getLogger(__name__).error("%s %s: %r", scope["method"], path, error)
            if not started:
                await JSONResponse({"detail": "Internal Server Error"}, 500)(scope, receive, send)


def shown(read):
    """Return an ``Answer`` as the plain data that the page draws."""
    seen = read.preprocessed
    height, width = seen.steps["grey"].shape
    left, top, right, bottom = seen.box or (0, 0, 0, 0)
    return {
        "models": [
            {
                "name": name,
                "digit": read.digit(name),
                "confidence": read.confidence(name),
                "unsure": read.unsure(name),
                "probabilities": probabilities.tolist(),
                "evidence": pictures.data_url(
                    reading.evidence_picture(predictor.load(name), seen.digit)
                ),
            }
            for name, probabilities in read.probabilities.items()
        ],
        "steps": [
            {
                "name": name,
                "width": pixels.shape[1],
                "height": pixels.shape[0],
                "picture": pictures.data_url(pixels),
            }
            for name, pixels in seen.steps.items()
        ],
        "box": [left / width, top / height, right / width, bottom / height],  # shares of the canvas
    }


def _read(picture, models, pipeline):
    try:
        return reading.answer(picture, models, pipeline)
    except (ValueError, OSError):
        raise Refused(400, "damaged") from None


def _answer(picture, models, pipeline):
    read = _read(picture, models, pipeline)
    if read.preprocessed.blank:
        raise Refused(422, "blank")
    return read


async def _json(request):
    async with asyncio.timeout(PATIENCE):
        try:
            body = await request.json()
        except (ValueError, RecursionError):  # of JSON, of UTF-8, of brackets in brackets
            body = None
    if not isinstance(body, dict):
        raise Refused(400, "body")
    return body


def _answered(handler):
    """Return the handler as an endpoint: what it returns as JSON, a refusal as its sentence."""

    @wraps(handler)
    async def endpoint(request):
        try:
            return JSONResponse(await handler(request))
        except Refused as refused:
            return _refusal(refused, request.headers)
        except TimeoutError:
            return _refusal(Refused(408, "slow"), request.headers)
        except HTTPException as error:
            if error.status_code != 400:
                raise
            return _refusal(Refused(400, "body"), request.headers)

    return endpoint


def _refusal(refused, headers):
    return JSONResponse({"detail": refused.sentence(_language(headers))}, refused.status)


def _language(headers):
    return pictures.language(headers.get("accept-language", ""))
