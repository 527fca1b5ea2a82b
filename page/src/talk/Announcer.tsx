// Tells a screen reader of each new message in the open conversation, once.
import { useEffect, useRef, useState } from "react";
import { words } from "../blocks/mrkdwn";
import { shownIn } from "../changes";
import { authorOf, useWorkspace } from "./context";

export function Announcer({ channel }: { channel: string | undefined }) {
  const { held } = useWorkspace();
  const newest = channel ? shownIn(held, channel).at(-1) : undefined;
  const heard = useRef({ channel, ts: newest?.ts });
  const [saying, setSaying] = useState("");
  useEffect(() => {
    const before = heard.current;
    heard.current = { channel, ts: newest?.ts };
    if (!newest || before.channel !== channel || before.ts === newest.ts) return;
    if (newest.user !== held.me.id)
      setSaying(`${authorOf(held, newest).name}: ${words(newest.text, held.users)}`);
  }, [channel, newest?.ts]);
  return (
    <div className="unseen" aria-live="polite" data-testid="announcer">
      {saying}
    </div>
  );
}
