"""slack-bolt and httpx, written like the first pages of their documentation, without tuning.

`python -m bench.peers.stock`, with PORT, SLACK_SIGNING_SECRET, SLACK_API_URL, BENCH_JOBS_URL and
BENCH_CARD in the environment.
"""

import json
import os
from pathlib import Path
from typing import Any

import httpx
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bench.peers.card import job_message


def main() -> None:
    """Serve until killed."""
    card = json.loads(Path(os.environ["BENCH_CARD"]).read_text())
    jobs_url = os.environ["BENCH_JOBS_URL"]
    client = AsyncWebClient(token="xoxb-1-bench", base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])
    cloud = httpx.AsyncClient(headers={"X-Auth-Token": "bench"})

    @app.command("/visjob")
    async def answer(ack: Any, command: dict[str, Any]) -> None:
        if command["text"] == "help":
            await ack(card)
            return
        response = await cloud.get(f"{jobs_url}/{command['text']}")
        await ack(job_message(response.json()))

    app.start(port=int(os.environ["PORT"]))


if __name__ == "__main__":
    main()
