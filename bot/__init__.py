"""VisJob: a Slack bot that reports on TensorBoard jobs in ModelArts.

`core/` is the domain. Three workers act on it: responder, watcher and courier. Four ports lead
outside: to the cloud, Slack, the database and time. `serve/` and `cli/` run the program.

- `core/`       jobs, changes, deliveries …; `commands/`, `cards/`, and the four ports in `ports/`
- `responder/`  answers people: turns a request into a reply
- `watcher/`    reads jobs from the cloud, and records their changes
- `courier/`    posts each delivery once, and keeps cards up to date
- `catalog`     the last jobs read of each project; responder and watcher share it
- `modelarts/`  the cloud            `slack/`   Slack, incoming and outgoing
- `store/`      the database         `config/`  the environment
- `serve/`      wiring, ticks, HTTP: the running bot
- `cli/`        the command line     `demo/`    stand-ins, a story, a page

Start reading at `core/ports/`, then a worker, then `serve/app.py`.
"""

__version__ = "0.2.0"
