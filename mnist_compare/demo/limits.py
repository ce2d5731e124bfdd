"""How many may use the running page at once, how much they may send, and how long they may take.

What a single picture may be is in ``uploads.py``.
"""

import asyncio

from mnist_compare.demo.uploads import LARGEST_DRAWING, LARGEST_FILE, Refused

MOST_CONNECTIONS = 900  # at a time: a process may usually open 1,024 files
COMPUTING = 2  # requests at a time, each on one core
PATIENCE = 10  # seconds for a request to arrive
LARGEST_JSON = LARGEST_DRAWING + 50_000  # bytes
LARGEST_FORM = LARGEST_FILE + 50_000  # bytes


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
