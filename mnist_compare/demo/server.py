"""What the demo answers beside Gradio's page, and what of Gradio it leaves open.

``POST /predict`` is the REST interface; what begins with ``/demo`` is the page's own.
A request that is refused gets a status and one sentence, in Korean where the client prefers it.
"""

import asyncio
import base64
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import anyio
from starlette.datastructures import MutableHeaders, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from mnist_compare import predictor
from mnist_compare.demo import limits, uploads
from mnist_compare.demo.answer import answer
from mnist_compare.demo.collected import Folder
from mnist_compare.demo.uploads import Refused
from mnist_compare.page import parts, weights
from mnist_compare.preprocessing import PIPELINES

OF_GRADIO = (  # its routes that stay open
    "/", "/theme.css", "/manifest.json", "/favicon.ico", "/robots.txt",
    "/gradio_api/startup-events",  # which Gradio asks itself for when it is launched
)  # fmt: skip
FILES = ("/assets/", "/static/js/", "/static/img/")  # where those of its page are
HANGUL = "/demo/hangul.ttf"  # where the styles of the page look for the Korean font
KOREAN_FONT = "NotoSerifKR-Regular-subset.ttf"
NOWHERE = "http://nowhere.invalid"  # the end of the name means that nobody has it


@dataclass(frozen=True)
class Api:
    """What is answered beside Gradio's page with some models, the last of them the default.

    ``folder`` keeps the drawings that users label.
    """

    models: Sequence[str]
    pipeline: str
    folder: Folder | None = None

    def fastapi_options(self, hosts):
        """Return what FastAPI needs to serve it to those who call it by one of the host names."""
        turns = asyncio.Semaphore(limits.COMPUTING)

        def route(path, work, method="POST"):
            return Route(path, partial(_respond, work, turns), methods=[method])

        routes = [
            route("/predict", self.predict),
            route("/demo/answer", self.read),
            route("/demo/networks", lambda fields: self._networks, "GET"),
            route(HANGUL, lambda fields: FileResponse(parts.FONTS / KOREAN_FONT), "GET"),
        ]
        if self.folder:
            routes += [route("/demo/keep", self.keep), route("/demo/forget", self.forget)]
        middleware = [
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
            Middleware(PageOnly, [route.path for route in routes]),
        ]
        return {"routes": routes, "middleware": middleware}

    def predict(self, fields):
        """Return what one model answers to the picture in a file."""
        file = fields.get("image")
        if not isinstance(file, UploadFile):
            raise Refused(422, "field")
        model, pipeline = fields.get("model") or self.models[-1], self._pipeline(fields)
        if model not in predictor.names():
            raise Refused(422, "model", names=", ".join(predictor.names()))
        reading = _not_blank(answer(uploads.open_file(file.file), (model,), pipeline))
        return {
            "prediction": reading.digit(model),
            "probabilities": [round(float(p), 6) for p in reading.probabilities[model]],
            "model": model,
            "pipeline": pipeline,
        }

    def read(self, fields):
        """Return all that the page shows of a drawing."""
        picture = uploads.open_drawing(fields.get("drawing"))
        return page_data(answer(picture, self.models, self._pipeline(fields)))

    def keep(self, fields):
        """Keep a labelled drawing together with what the models answer, asked again here."""
        label, pipeline = fields.get("label"), self._pipeline(fields)
        if type(label) is not int or label not in range(10):
            raise Refused(422, "label")
        picture = uploads.open_drawing(fields.get("drawing"))
        reading = _not_blank(answer(picture, self.models, pipeline))
        name = self.folder.add(picture, label, pipeline, reading)
        if name is None:
            raise Refused(507, "full")
        return {"kept": int(name[0]), "name": name}

    def forget(self, fields):
        """Remove a drawing that was kept under that name since the start."""
        name = fields.get("name")
        if not isinstance(name, str) or not self.folder.forget(name):
            raise Refused(404, "not_kept")
        return {"forgotten": name}

    def _pipeline(self, fields):
        pipeline = fields.get("pipeline") or self.pipeline
        if pipeline not in PIPELINES:
            raise Refused(422, "pipeline", names=", ".join(PIPELINES))
        return pipeline

    @cached_property
    def _networks(self):
        """The networks to look into, of which all who are slow to take them wait for one copy."""
        return JSONResponse(weights.looked_into(self.models))


class PageOnly:
    """Leaves open only what Gradio's page needs, and has the page say that it needs JavaScript.

    Nothing in it is taken from the request. Gradio would write an address into it, from headers
    that anybody can send; it is told to be at ``NOWHERE``, and the page asks where it came from.
    """

    def __init__(self, app, routes):
        self.app, self.routes = app, routes
        strings = parts.strings().items()
        sentences = "".join(f'<p lang="{tag}">{said["noscript"]}' for tag, said in strings)
        self.noscript = f"<noscript>{sentences}</noscript>".encode()

    async def __call__(self, scope, receive, send):
        """Answer for an ASGI application."""
        path = scope.get("path", "")
        # No file system has a longer name, and Gradio would ask it.
        of_page = path in OF_GRADIO or (path.startswith(FILES) and len(path) < 255)
        known = path in self.routes or (of_page and scope["method"] in ("GET", "HEAD"))
        if scope["type"] == "http" and not known:
            await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
        elif path == "/":
            await self.app(scope | {"query_string": b""}, receive, partial(self._send_page, send))
        else:
            await self.app(scope, receive, send)

    async def _send_page(self, send, message):
        if message["type"] == "http.response.start":
            del MutableHeaders(scope=message)["content-length"]
        else:
            body, app = message["body"].replace(NOWHERE.encode(), b"."), b"<gradio-app"
            message["body"] = body.replace(app, self.noscript + app, 1)
        await send(message)


def page_data(reading):
    """Return an ``Answer`` as the plain data that the page draws."""
    seen = reading.preprocessed
    height, width = seen.steps["grey"].shape
    left, top, right, bottom = seen.box or (0, 0, 0, 0)
    return {
        "models": [
            {
                "name": name,
                "digit": reading.digit(name),
                "confidence": reading.confidence(name),
                "unsure": reading.unsure(name),
                "probabilities": probabilities.tolist(),
            }
            for name, probabilities in reading.probabilities.items()
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


def _not_blank(reading):
    if reading.preprocessed.blank:
        raise Refused(422, "blank")
    return reading


async def _respond(work, turns, request):
    """Return the response with what the work returns, or with why it is refused."""
    largest = limits.LARGEST_FORM if request.url.path == "/predict" else limits.LARGEST_JSON
    request = Request(request.scope, limits.limited(request.receive, largest))
    try:
        if _from_elsewhere(request.headers):
            raise Refused(403, "elsewhere")
        fields = await limits.in_time(_fields(request))
        async with turns:
            result = await anyio.to_thread.run_sync(work, fields)
        return result if isinstance(result, Response) else JSONResponse(result)
    except Refused as error:
        # The frames of its traceback hold the picture and, in anyio, the error itself: pictures
        # would pile up until Python looks for such circles.
        traceback.clear_frames(error.__traceback__)
        return _refusal(error, request.headers)
    except OSError:  # where drawings are kept
        return _refusal(Refused(507, "unwritable"), request.headers)
    finally:
        await request.close()


def _refusal(refused, headers):
    korean = headers.get("accept-language", "").strip().lower().startswith("ko")
    unread = {"Connection": "close"} if refused.status == 413 else None
    detail = refused.sentence("ko" if korean else "en")
    return JSONResponse({"detail": detail}, refused.status, unread)


async def _fields(request):
    """Return the fields and the file of a form, or the entries of JSON, by name."""
    if request.method != "POST":
        return {}
    try:
        if request.url.path == "/predict":
            return {**request.query_params, **await request.form(max_files=1, max_fields=8)}
        # A page from elsewhere can send a form or plain text, but not this, without being asked.
        if request.headers.get("content-type", "").partition(";")[0].lower() != "application/json":
            raise Refused(415, "json")
        fields = await request.json()
    # Of forms, UTF-8, JSON, nested brackets, and those who have gone.
    except (HTTPException, ValueError, RecursionError, ClientDisconnect):
        fields = None
    if not isinstance(fields, dict):
        raise Refused(400, "body")
    return fields


def _from_elsewhere(headers):
    """Tell whether the page of another site uses the browser of someone who can reach us.

    Browsers say so; on plain http, only by the ``Origin``.
    """
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
