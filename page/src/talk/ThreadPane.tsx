// A thread in the right pane.
import { useState } from "react";
import { flushSync } from "react-dom";
import { shownIn } from "../changes";
import { closesPane } from "../escape";
import { CloseIcon } from "../icons";
import { frame } from "../words";
import type { Channel } from "../workspace";
import { Composer } from "./Composer";
import { useWorkspace } from "./context";
import { threadRows } from "./grouping";
import { MessageList } from "./MessageList";
import { MessageRow } from "./MessageRow";

type ThreadPaneProps = { channel: Channel; parentTs: string; onClose: () => void };

export function ThreadPane({ channel, parentTs, onClose }: ThreadPaneProps) {
  const { held } = useWorkspace();
  const [sent, setSent] = useState(0);
  const messages = shownIn(held, channel.id);
  const parent = messages.find(({ ts }) => ts === parentTs);
  const rows = threadRows(messages, parentTs);
  const replies = rows.filter(({ message }) => !message.ephemeral).length;
  return (
    <aside
      className="thread"
      aria-label={frame().thread}
      data-testid="thread-pane"
      onKeyDown={(event) => {
        if (!closesPane(event)) return;
        // On a narrow screen the channel takes no focus before it is seen.
        flushSync(onClose);
        document.querySelector<HTMLElement>(".channel textarea")?.focus();
      }}
    >
      <header className="pane-head">
        <h2>{frame().thread}</h2>
        <span className="topic">
          {channel.kind === "channel" ? `#${channel.name}` : channel.name}
        </span>
        <button
          type="button"
          className="ghost"
          aria-label={frame().closeThread}
          data-testid="thread-close"
          onClick={onClose}
        >
          <CloseIcon />
        </button>
      </header>
      <MessageList label={frame().messagesInThread} newest={rows.at(-1)?.message.ts} sent={sent}>
        {parent && <MessageRow channel={channel.id} message={parent} />}
        {replies > 0 && (
          <div className="reply-count">
            <span>{frame().replies(replies)}</span>
          </div>
        )}
        {rows.map(({ message, compact }) => (
          <MessageRow key={message.ts} channel={channel.id} message={message} compact={compact}>
            {message.reply_broadcast && <p className="origin also">{frame().alsoSent}</p>}
          </MessageRow>
        ))}
      </MessageList>
      <Composer channel={channel} threadTs={parentTs} onSent={() => setSent(sent + 1)} />
    </aside>
  );
}
