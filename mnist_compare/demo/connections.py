"""Bounds on the connections to a running page: how many, how long, and what is logged of them.

Gradio starts uvicorn without any. Neither documents what is used here, which was tried with Gradio
6.27 and 6.31 and uvicorn 0.30 and 0.54; where it is missing, the page is served unbounded.
"""

import asyncio
import contextlib
import logging
import threading

from mnist_compare.demo import server

MOST = 256  # at a time: forty browsers that load the page at once
SHARE = 4  # one in so many of the files that the process may open is for a connection
SLOWEST = 60  # seconds for a request and its answer, on a slow network
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
LOGGERS = ("uvicorn.error", "asyncio", __package__)


def bound(page):
    """Bound the connections that are made to a running Gradio page from now on."""
    with contextlib.suppress(ImportError, AttributeError):
        from uvicorn.protocols.http.h11_impl import H11Protocol  # httptools takes endless headers

        config, once = page.server.config, Once(page.server.thread)
        shared = {"most": most(), "open": {}}
        config.http_protocol_class = type("Bounded", (Bounds, H11Protocol), shared)
        config.ws_protocol_class = None  # nothing here speaks WebSocket
        for name in LOGGERS:
            logging.getLogger(name).addFilter(once)


def most():
    """Return how many connections there may be, fewer where the process may open few files."""
    try:
        import resource
    except ModuleNotFoundError:  # on Windows
        return MOST
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if files == resource.RLIM_INFINITY else min(MOST, files // SHARE)


class Bounds:
    """What uvicorn's protocol, an object for each connection, gets in addition.

    One connection too many takes the place of the oldest that waits for a request; where all are
    busy, it is told so and closed. One that nothing comes of is closed as well.
    """

    def connection_made(self, transport):
        """Let the connection in, if need be in the place of another."""
        super().connection_made(transport)
        self._wire, self._last, self._since = transport, None, 0
        self._look_later()
        if len(self.open) >= self.most:
            said = "All %d connections are taken: whoever comes now may be turned away."
            logging.getLogger(__package__).warning(said, self.most)
            waiting = next(filter(Bounds._waits, self.open), None)
            if waiting is None:
                transport.write(BUSY)
                return transport.close()
            waiting._close()
        self.open[self] = True

    def connection_lost(self, error):
        """Leave its place to another."""
        super().connection_lost(error)
        self.open.pop(self, None)
        self._next_look.cancel()

    def _look_later(self):
        self._next_look = asyncio.get_running_loop().call_later(server.PATIENCE, self._look)

    def _look(self):
        """Close the connection unless a request has come since the last look, or is answered."""
        now, request = asyncio.get_running_loop().time(), self._request()
        if request is not self._last:
            self._last, self._since = request, now
        elif self._waits() or now - self._since > SLOWEST:
            return self._close()
        self._look_later()

    def _close(self):
        self.open.pop(self, None)
        self._wire.abort()

    def _waits(self):
        """Tell whether it is the client's turn to send, there being nothing to do or to send."""
        request = self._request()
        waits = (getattr(request, name, False) for name in ("more_body", "response_complete"))
        return (request is None or any(waits)) and not self._wire.get_write_buffer_size()

    def _request(self):
        return getattr(self, "cycle", self)  # where it is called otherwise, no connection waits


class Once(logging.Filter):
    """Has what a thread logs said once, since strangers can cause it many times a second."""

    def __init__(self, thread):
        """Let all pass that other threads log."""
        super().__init__()
        self._thread, self._said = thread, set()

    def filter(self, record):
        """Tell whether it is new: from another line of code, or of another kind of error."""
        if threading.current_thread() is not self._thread:
            return True
        what = record.pathname, record.lineno, record.exc_info and record.exc_info[0]
        new = what not in self._said
        self._said.add(what)
        return new
