"""What is answered beside the page to draw on: files, and what a browser cannot compute or keep.

``POST /predict`` is the REST interface; what begins with ``/demo`` is the page's own. A request
that is refused gets a status and one sentence, in Korean where the client prefers it.
"""

import asyncio
import base64
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from mnist_compare import predictor
from mnist_compare.demo import limits, uploads
from mnist_compare.demo.answer import answer
from mnist_compare.demo.collected import Folder
from mnist_compare.demo.uploads import Refused
from mnist_compare.preprocessing import PIPELINES, SIDE

LOCAL = ("127.0.0.1", "localhost", "::1", "[::1]")


@dataclass(frozen=True)
class Api:
    """The handlers of requests, for some models, of which the last is the default.

    ``folder`` keeps the drawings that users label.
    """

    models: Sequence[str]
    pipeline: str
    folder: Folder | None = None

    def application(self, page: Path, hosts: Sequence[str] | None = LOCAL) -> Starlette:
        """Return the ASGI application that serves the page in a folder, and these handlers.

        ``hosts`` are the allowed values of the Host header, None for any. Without them, a domain
        that resolves to this machine could use the page (DNS rebinding).
        """
        turns = asyncio.Semaphore(limits.COMPUTING)

        def route(path, work, read=_json, largest=limits.LARGEST_JSON):
            return Route(path, partial(_respond, work, read, largest, turns), methods=["POST"])

        routes = [
            route("/predict", self.predict, _form, limits.LARGEST_FORM),
            route("/demo/answer", self.read),
        ]
        if self.folder:
            routes += [route("/demo/keep", self.keep), route("/demo/forget", self.forget)]
        routes.append(Mount("/", StaticFiles(directory=page, html=True)))
        by_name = Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
        return Starlette(routes=routes, middleware=[by_name])

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
        """Return the probabilities that networks which the page cannot compute give for a digit."""
        names = fields.get("models")
        if not isinstance(names, list) or not {*map(str, names)} <= {*self.models}:
            raise Refused(422, "model", names=", ".join(self.models))
        try:
            pixels = np.frombuffer(base64.b64decode(fields.get("digit"), validate=True), np.uint8)
            digit = pixels.reshape(SIDE, SIDE)
        except (TypeError, ValueError):
            raise Refused(400, "damaged") from None
        return {"probabilities": [predictor.load(name)(digit).tolist() for name in names]}

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


def _not_blank(reading):
    if reading.preprocessed.blank:
        raise Refused(422, "blank")
    return reading


async def _respond(work, read, largest, turns, request):
    """Run a handler in a thread; return its result, or its refusal, as JSON."""
    request = Request(request.scope, limits.limited(request.receive, largest))
    try:
        if _from_elsewhere(request.headers):
            raise Refused(403, "elsewhere")
        fields = await limits.in_time(_fields(read, request))
        async with turns:
            return JSONResponse(await run_in_threadpool(work, fields))
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


async def _fields(read, request):
    """Return the fields and the file of a form, or the entries of JSON, by name."""
    try:
        fields = await read(request)
    # Of forms, UTF-8, JSON, nested brackets, and those who have gone.
    except (HTTPException, ValueError, RecursionError, ClientDisconnect):
        fields = None
    if not isinstance(fields, dict):
        raise Refused(400, "body")
    return fields


async def _form(request):
    return {**request.query_params, **await request.form(max_files=1, max_fields=8)}


async def _json(request):
    # A page from elsewhere can send a form or plain text, but not this, without being asked.
    if request.headers.get("content-type", "").partition(";")[0].lower() != "application/json":
        raise Refused(415, "json")
    return await request.json()


def _from_elsewhere(headers):
    """Detect cross-site requests, by ``Sec-Fetch-Site`` or, on plain HTTP, by ``Origin``."""
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
