// "3 replies", under the message that began a thread.
import { clockTime, dayOf, demoNow, isoDay, timeOf } from "../blocks/dates";
import { frame } from "../words";
import type { Message } from "../workspace";
import { Avatar } from "./Avatar";

type ReplyBarProps = { message: Message; replies: Message[]; open: boolean; onOpen: () => void };

export function ReplyBar({ message, replies, open, onOpen }: ReplyBarProps) {
  const count = Math.max(message.reply_count ?? 0, replies.length);
  const last = replies.at(-1);
  if (count === 0 || message.ephemeral) return null;
  return (
    <button
      type="button"
      className="reply-bar"
      data-testid="replies"
      aria-expanded={open}
      onClick={onOpen}
    >
      {[...new Set(replies.map(({ user }) => user))].slice(0, 3).map((user) => (
        <Avatar key={user} user={user} small />
      ))}
      <b>{frame().replies(count)}</b>
      {last && <span>{frame().lastReply(when(timeOf(last.ts)))}</span>}
    </button>
  );
}

function when(at: Date): string {
  const day = dayOf(at, isoDay(demoNow()));
  const isNear = day === "Today" || day === "Yesterday";
  return frame().at(isNear ? day.toLowerCase() : day, clockTime(at));
}
