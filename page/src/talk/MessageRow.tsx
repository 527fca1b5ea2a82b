// One message: who, when, what; and what hangs on it.
import { memo, useMemo } from "react";
import type { ReactNode } from "react";
import { SurfaceContext } from "../blocks/acting";
import { Attachments } from "../blocks/Attachments";
import { Blocks } from "../blocks/Blocks";
import { clockTime, fullTime, timeOf } from "../blocks/dates";
import { Rich } from "../blocks/drawn";
import { EyeIcon } from "../icons";
import { frame } from "../words";
import type { Message } from "../workspace";
import { Avatar } from "./Avatar";
import { authorOf, useCast, useWorkspace } from "./context";
import { MessageTools } from "./MessageTools";

type MessageRowProps = {
  channel: string;
  message: Message;
  compact?: boolean;
  onThread?: (ts: string) => void;
  origin?: ReactNode;
  children?: ReactNode;
};

export function MessageRow({
  channel,
  message,
  compact = false,
  onThread,
  origin,
  children,
}: MessageRowProps) {
  const { name, isApp } = authorOf(useCast(), message);
  // A finger cannot hover: a tap on the message focuses it, and that shows its tools.
  return (
    <article
      tabIndex={-1}
      className={rowClass(message, compact)}
      data-testid={message.ephemeral ? "ephemeral" : "message"}
      data-ts={message.ts}
      aria-label={`${name}, ${clockTime(timeOf(message.ts))}`}
    >
      <div className="message-side">
        {compact ? <Time ts={message.ts} /> : <Avatar user={message.user} />}
      </div>
      <div className="message-main">
        {message.ephemeral && <OnlyYou channel={channel} message={message} />}
        {!compact && (
          <div className="message-head">
            <strong>{name}</strong>
            {isApp && <span className="app-badge">APP</span>}
            <Time ts={message.ts} />
          </div>
        )}
        {origin}
        <Body channel={channel} message={message} />
        {message.edited && <span className="edited">{frame().edited}</span>}
        {children}
      </div>
      {!message.ephemeral && (
        <MessageTools channel={channel} message={message} onThread={onThread} />
      )}
    </article>
  );
}

const Body = memo(function Body({ channel, message }: { channel: string; message: Message }) {
  const { ts, ephemeral = false, blocks, attachments, text } = message;
  const surface = useMemo(
    () => ({ container: { type: "message" as const, channel, ts, ephemeral } }),
    [channel, ts, ephemeral],
  );
  const plain = useMemo(() => ({ type: "mrkdwn" as const, text }), [text]);
  return (
    <SurfaceContext value={surface}>
      {blocks?.length ? <Blocks blocks={blocks} /> : <Rich text={plain} />}
      {attachments && <Attachments cards={attachments} />}
    </SurfaceContext>
  );
});

function Time({ ts }: { ts: string }) {
  const at = timeOf(ts);
  return (
    <time className="message-time" dateTime={at.toISOString()} title={fullTime(at)}>
      {clockTime(at)}
    </time>
  );
}

function OnlyYou({ channel, message }: { channel: string; message: Message }) {
  const { dispatch } = useWorkspace();
  const dismiss = () => dispatch({ kind: "dismissed", channel, ts: message.ts });
  return (
    <div className="only-you">
      <EyeIcon /> {frame().onlyYou}
      <span aria-hidden="true">·</span>
      <button type="button" className="link" data-testid="dismiss" onClick={dismiss}>
        {frame().dismiss}
      </button>
    </div>
  );
}

function rowClass(message: Message, compact: boolean): string {
  const marks = [
    "message",
    compact && "compact",
    message.ephemeral && "ephemeral",
    message.pending && "pending",
  ];
  return marks.filter(Boolean).join(" ");
}
