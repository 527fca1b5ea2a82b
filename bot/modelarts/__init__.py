"""ModelArts as the bot sees it: a `JobSource` that reads visualization jobs over HTTP."""
