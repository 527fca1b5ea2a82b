// One conversation: its head, its messages, and the place to write.
import { memo, useEffect, useMemo, useState } from "react";
import { dayOf, demoNow, isoDay, timeOf } from "../blocks/dates";
import { words } from "../blocks/mrkdwn";
import { shownIn } from "../changes";
import type { Held } from "../changes";
import { HashIcon, LockIcon } from "../icons";
import { server } from "../server";
import { frame } from "../words";
import type { Channel, Message } from "../workspace";
import { Avatar } from "./Avatar";
import { Composer } from "./Composer";
import { useCast, useWorkspace } from "./context";
import { channelRows, isReply } from "./grouping";
import type { Row } from "./grouping";
import { HomeTab } from "./HomeTab";
import { MessageList } from "./MessageList";
import { MessageRow } from "./MessageRow";
import { ReplyBar } from "./ReplyBar";

type ChannelPaneProps = { channel: Channel; thread: string | null; onThread: (ts: string) => void };

export function ChannelPane({ channel, thread, onThread }: ChannelPaneProps) {
  const isApp = channel.kind === "app";
  const [tab, setTab] = useState<"home" | "messages">(isApp ? "home" : "messages");
  useEffect(() => {
    if (isApp && tab === "home") void server.home().catch(() => undefined);
  }, [isApp, tab]);
  return (
    <main className="channel" data-testid="channel" data-open={channel.id}>
      <Head channel={channel} />
      {isApp && <Tabs tab={tab} onTab={setTab} />}
      {tab === "home" ? (
        <HomeTab />
      ) : (
        <Talk channel={channel} thread={thread} onThread={onThread} />
      )}
    </main>
  );
}

function Head({ channel }: { channel: Channel }) {
  const { held } = useWorkspace();
  return (
    <header className="pane-head">
      {channel.kind === "channel" && <HashIcon />}
      {channel.kind === "private" && <LockIcon />}
      {channel.kind === "app" && <Avatar user={held.bot.user_id} small />}
      <h2>{channel.name}</h2>
      <span className="topic">{channel.topic}</span>
    </header>
  );
}

function Tabs({ tab, onTab }: { tab: string; onTab: (tab: "home" | "messages") => void }) {
  return (
    <div className="tabs" role="tablist">
      {(["home", "messages"] as const).map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          data-testid={`${name}-tab`}
          aria-selected={tab === name}
          onClick={() => onTab(name)}
        >
          {name === "home" ? frame().home : frame().messages}
        </button>
      ))}
    </div>
  );
}

function Talk({ channel, thread, onThread }: ChannelPaneProps) {
  const { held } = useWorkspace();
  const messages = useShown(held, channel.id);
  const rows = useMemo(
    () => channelRows(messages.filter((one) => !(one.ephemeral && isReply(one)))),
    [messages],
  );
  const firstNew = useFirstNew(channel);
  const [sent, setSent] = useState(0);
  const today = isoDay(demoNow());
  return (
    <>
      <MessageList
        label={frame().messagesIn(channel.name)}
        newest={rows.at(-1)?.message.ts}
        sent={sent}
      >
        {rows.length === 0 && <Empty channel={channel} />}
        {rows.map((row) => (
          <Entry
            key={row.message.ts}
            row={row}
            channel={channel.id}
            isNew={row.message.ts === firstNew}
            open={thread === row.message.ts}
            parent={messages.find(({ ts }) => ts === row.message.thread_ts)}
            onThread={onThread}
            today={today}
          />
        ))}
      </MessageList>
      {channel.closed ? (
        <p className="closed">{channel.closed}</p>
      ) : (
        <Composer channel={channel} onSent={() => setSent(sent + 1)} />
      )}
    </>
  );
}

// The same list as long as nothing in this conversation changes.
function useShown(held: Held, channel: string): Message[] {
  const lists = [held.messages[channel], held.ephemerals[channel], held.dismissed];
  return useMemo(() => shownIn(held, channel), [channel, ...lists]);
}

type EntryProps = {
  row: Row;
  channel: string;
  isNew: boolean;
  open: boolean;
  parent: Message | undefined;
  onThread: (ts: string) => void;
  // The demo's present day.
  today: string;
};

const Entry = memo(function Entry(props: EntryProps) {
  const { row, channel, isNew, open, parent, onThread, today } = props;
  const { message, replies, newDay, compact } = row;
  return (
    <>
      {newDay && (
        <div className="day">
          <span>{dayOf(timeOf(message.ts), today)}</span>
        </div>
      )}
      {isNew && (
        <div className="new-line" role="separator" aria-label={frame().newMessages}>
          <span>{frame().newLine}</span>
        </div>
      )}
      <MessageRow
        channel={channel}
        message={message}
        compact={compact && !isNew}
        onThread={onThread}
        origin={
          isReply(message) && <Origin message={message} parent={parent} onThread={onThread} />
        }
      >
        <ReplyBar
          message={message}
          replies={replies}
          open={open}
          onOpen={() => onThread(message.ts)}
        />
      </MessageRow>
    </>
  );
});

function Origin({
  message,
  parent,
  onThread,
}: {
  message: Message;
  parent: Message | undefined;
  onThread: (ts: string) => void;
}) {
  const { users } = useCast();
  const start = parent ? firstSentence(words(parent.text, users)) : frame().aThread;
  return (
    <p className="origin">
      {frame().repliedTo}
      <button
        type="button"
        className="link"
        onClick={() => onThread(message.thread_ts ?? message.ts)}
      >
        {start}
      </button>
    </p>
  );
}

function firstSentence(text: string): string {
  return text.split(/(?<=[.?!])\s|(?<=[。？！])/, 1)[0] ?? text;
}

function Empty({ channel }: { channel: Channel }) {
  return (
    <div className="empty">
      <h3>
        {channel.kind === "channel" || channel.kind === "private"
          ? `# ${channel.name}`
          : channel.name}
      </h3>
      <p>{channel.topic || frame().beginning}</p>
      {channel.kind === "app" ? (
        <p>
          {frame().tryApp} <code>205</code>, <code>list running</code>
        </p>
      ) : (
        <p>
          {frame().tryChannel} <code>/visjob 205</code>
        </p>
      )}
    </div>
  );
}

// The line stays where it was when the channel was opened; reading does not move it.
function useFirstNew(channel: Channel): string | null {
  return useMemo(() => channel.first_unread, [channel.id]);
}
