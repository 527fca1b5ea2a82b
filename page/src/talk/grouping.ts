// Which messages stand in a channel, which in a thread, and which share one name and picture.
import { timeOf } from "../blocks/dates";
import type { Message } from "../workspace";

const SAME_BREATH_MS = 5 * 60_000;

export type Row = { message: Message; compact: boolean; newDay: boolean; replies: Message[] };

export function channelRows(messages: Message[]): Row[] {
  const shown = messages.filter((one) => !isReply(one) || one.reply_broadcast);
  return rows(shown).map((row) => ({ ...row, replies: repliesTo(messages, row.message.ts) }));
}

export function threadRows(messages: Message[], parentTs: string): Row[] {
  return rows(repliesTo(messages, parentTs));
}

export function isReply(message: Message): boolean {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}

function repliesTo(messages: Message[], parentTs: string): Message[] {
  return messages.filter((one) => isReply(one) && one.thread_ts === parentTs);
}

function rows(messages: Message[]): Row[] {
  return messages.map((message, at) => {
    const before = messages[at - 1];
    const newDay = !before || day(before) !== day(message);
    return { message, newDay, compact: !newDay && continues(before, message), replies: [] };
  });
}

function continues(before: Message, message: Message): boolean {
  const gap = timeOf(message.ts).getTime() - timeOf(before.ts).getTime();
  return (
    before.user === message.user &&
    before.username === message.username &&
    gap < SAME_BREATH_MS &&
    !before.ephemeral &&
    !message.ephemeral &&
    !message.reply_broadcast &&
    !before.blocks &&
    !message.blocks
  );
}

function day(message: Message): string {
  return timeOf(message.ts).toDateString();
}
