"""VisJob: a Slack bot that tells how TensorBoard jobs in ModelArts are.

Nouns in `core/`, verbs at the root, the outside world in one package each.

- `core/`       jobs, commands, the grammar, cards, errors, and `ports.py`: the doors to the outside
- `responder`   a person asks: Request -> Reply, with the help of `subscriber`, `finder`, `catalog`
- `poller`      the cloud is read again and again, so that names never wait for it
- `watcher`     what is subscribed to is read, compared and recorded
- `courier`     the outbox empties: the one place that posts; `caretaker` keeps what was posted true
- `herald`      tells people that a channel of theirs cannot be told anything
- `dead_letters` what was never sent: listed, and sent again
- `recall`      which job each person last asked for
- `checkup`     whether the bot itself is well
- `modelarts/`  the cloud            `slack/`   Slack
- `store/`      the database         `config/`  the environment
- `demo/`       a small world to try it in
- `doors`, `parts`, `app`  open, put together, run      `cli`  the command line

Start reading at `core/ports.py`, then `responder.py`, then `app.py`.
"""
