// A thread in the right pane.
import { useState } from "react";
import { shownIn } from "../changes";
import { CloseIcon } from "../icons";
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
      aria-label="Thread"
      data-testid="thread-pane"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header className="pane-head">
        <h2>Thread</h2>
        <span className="topic">{channel.name}</span>
        <button
          type="button"
          className="ghost"
          aria-label="Close the thread"
          data-testid="thread-close"
          onClick={onClose}
        >
          <CloseIcon />
        </button>
      </header>
      <MessageList label="Messages in the thread" newest={rows.at(-1)?.message.ts} sent={sent}>
        {parent && <MessageRow channel={channel.id} message={parent} />}
        {replies > 0 && (
          <div className="reply-count">
            <span>{replies === 1 ? "1 reply" : `${replies} replies`}</span>
          </div>
        )}
        {rows.map(({ message, compact }) => (
          <MessageRow key={message.ts} channel={channel.id} message={message} compact={compact}>
            {message.reply_broadcast && <p className="origin also">Also sent to the channel</p>}
          </MessageRow>
        ))}
      </MessageList>
      <Composer channel={channel} threadTs={parentTs} onSent={() => setSent(sent + 1)} />
    </aside>
  );
}
