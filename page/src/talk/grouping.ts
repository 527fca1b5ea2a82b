// Which messages stand in a channel, which in a thread, and which share one name and picture.
import { isoDay, timeOf } from "../blocks/dates";
import type { Message } from "../workspace";

const SAME_BREATH_MS = 5 * 60_000;

export type Row = { message: Message; compact: boolean; newDay: boolean; replies: Message[] };

export function channelRows(messages: Message[]): Row[] {
  const shown = messages.filter((one) => !isReply(one) || one.reply_broadcast);
  const threads = new Map<string | undefined, Message[]>();
  for (const one of messages.filter(isReply))
    threads.set(one.thread_ts, [...(threads.get(one.thread_ts) ?? []), one]);
  return rows(shown).map((row) => ({ ...row, replies: threads.get(row.message.ts) ?? [] }));
}

export function threadRows(messages: Message[], parentTs: string): Row[] {
  return rows(messages.filter((one) => isReply(one) && one.thread_ts === parentTs));
}

export function isReply(message: Message): boolean {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
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
  return isoDay(timeOf(message.ts));
}
