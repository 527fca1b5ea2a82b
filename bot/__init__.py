"""VisJob: a Slack bot that reports on TensorBoard jobs in ModelArts.

Core is what it is about, three workers do it, four doors lead outside, serve and cli run it.

- `core/`       jobs, changes, deliveries …; `commands/`, `cards/`, and the four doors in `ports/`
- `responder/`  a person asks: a request becomes a reply
- `watcher/`    the cloud changes: jobs are read, compared and recorded
- `courier/`    the outbox empties: deliveries are posted once, cards kept true
- `catalog`     what is known of each project's jobs; responder and watcher share it
- `modelarts/`  the cloud            `slack/`   Slack, incoming and outgoing
- `store/`      the database         `config/`  the environment
- `serve/`      wiring, ticks, HTTP: the running bot
- `cli/`        the command line     `demo/`    stand-ins, a story, a page

Start reading at `core/ports/`, then a worker, then `serve/app.py`.
"""

__version__ = "0.2.0"
