"""How many may use the running page at once, how much they may send, and how long they may take.

What a single picture may be is in ``uploads.py``.
"""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from mnist_compare.demo.uploads import LARGEST_DRAWING, LARGEST_FILE, Refused

MOST_CONNECTIONS = 256  # at a time: forty browsers that load the page at once
COMPUTING = 2  # requests at a time, each on one core
PATIENCE = 10  # seconds for a request to arrive
LARGEST_JSON = LARGEST_DRAWING + 50_000  # bytes
LARGEST_FORM = LARGEST_FILE + 50_000  # bytes


def limit_connections(page):
    """Limit the connections to a running Gradio page, which starts uvicorn without any limit."""
    config = page.server.config
    config.limit_concurrency = MOST_CONNECTIONS
    # The other one, httptools, takes endless headers.
    config.http_protocol_class = ImpatientProtocol
    config.ws_protocol_class = None  # nothing here speaks WebSocket


class ImpatientProtocol(H11Protocol):
    """Closes a connection on which no whole request has come for so long.

    uvicorn itself does so only until the first byte of a second request.
    """

    def connection_made(self, transport):
        """Begin to look after the connection."""
        super().connection_made(transport)
        self._look_later()

    def connection_lost(self, exc):
        """End looking after it."""
        super().connection_lost(exc)
        self._next_look.cancel()

    def _look_later(self):
        self._next_look = self.loop.call_later(PATIENCE, self._look, self.cycle)

    def _look(self, last_request):
        answered = self.cycle is None or self.cycle.response_complete
        if answered and self.cycle is last_request:
            self.transport.close()
        else:
            self._look_later()


def limited(receive, largest):
    """Return an ASGI ``receive`` that raises ``Refused`` for a body of more than so many bytes."""
    arrived = 0

    async def receive_at_most():
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > largest:  # the rest stays unread
            raise Refused(413, "body_too_large")
        return message

    return receive_at_most


async def in_time(coming):
    """Return what comes of an awaitable; raise ``Refused`` where it takes too long."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await coming
    except TimeoutError:
        raise Refused(408, "slow") from None
