"""The least possible cost: aiohttp that checks the signature and answers with bytes made before.

`python -m bench.peers.raw`, with PORT, SLACK_SIGNING_SECRET and BENCH_CARD in the environment.
"""

import asyncio
import hashlib
import hmac
import os
from pathlib import Path

import uvloop
from aiohttp import web


async def _serve() -> None:
    secret = os.environ["SLACK_SIGNING_SECRET"].encode()
    card = Path(os.environ["BENCH_CARD"]).read_bytes()

    async def answer(request: web.BaseRequest) -> web.Response:
        body = await request.read()
        proved = b"v0:%b:%b" % (request.headers["X-Slack-Request-Timestamp"].encode(), body)
        signature = f"v0={hmac.new(secret, proved, hashlib.sha256).hexdigest()}"
        if not hmac.compare_digest(signature, request.headers["X-Slack-Signature"]):
            return web.Response(status=401)
        return web.Response(body=card, content_type="application/json")

    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve())
