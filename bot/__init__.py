"""VisJob: a Slack bot that tells how TensorBoard jobs in ModelArts are.

Nouns in `core/`, verbs at the root, the outside world in one package each.

- `core/`       jobs, commands, the grammar, cards, errors, and `ports.py`: the doors to the outside
- `responder`   a person asks: Request -> Reply, with the help of `finder` and `catalog`
- `poller`      the cloud is read again and again, so that names never wait for it
- `recall`      which job each person last asked for
- `checkup`     whether the bot itself is well
- `modelarts/`  the cloud            `slack/`   Slack
- `store/`      the database         `config/`  the environment
- `demo/`       a small world to try it in
- `app`         puts it together     `cli`      the command line

Start reading at `core/ports.py`, then `responder.py`, then `app.py`.
"""
