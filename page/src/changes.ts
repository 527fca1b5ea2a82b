// Applies one change of the stream to the workspace. Pure: the same change twice is harmless.
import type { Change, Channel, Message, Workspace } from "./workspace";

export type Local =
  { kind: "loaded"; workspace: Workspace } | { kind: "dismissed"; channel: string; ts: string };

export type Held = Workspace & { dismissed: string[] };

export function applyChange(held: Held | null, change: Change | Local): Held | null {
  if (change.kind === "loaded") {
    const isSame = held?.me.id === change.workspace.me.id;
    return { ...change.workspace, dismissed: isSame ? held.dismissed : [] };
  }
  if (!held) return null;
  switch (change.kind) {
    case "message":
      return { ...held, messages: put(held.messages, change.channel, change.message) };
    case "message_deleted":
      return { ...held, messages: without(held.messages, change.channel, change.ts) };
    case "ephemeral":
      return {
        ...held,
        ephemerals: put(held.ephemerals, change.channel, change.message),
        dismissed: held.dismissed.filter((key) => key !== keyOf(change.channel, change.message.ts)),
      };
    case "ephemeral_deleted":
      return { ...held, ephemerals: without(held.ephemerals, change.channel, change.ts) };
    case "dismissed":
      return { ...held, dismissed: [...held.dismissed, keyOf(change.channel, change.ts)] };
    case "notice":
      return { ...held, ephemerals: put(held.ephemerals, change.channel, notice(held, change)) };
    case "home":
      return { ...held, home: change.view };
    case "modal":
      return { ...held, modal: change.view };
    case "channel":
      return { ...held, channels: putChannel(held.channels, change.channel) };
    case "cloud":
      return { ...held, cloud: change.cloud };
    case "story":
      return { ...held, story: [...held.story, change.entry] };
    default:
      return held;
  }
}

// What stands in a channel, oldest first: messages, and the notes that only this person sees.
export function shownIn(held: Held, channel: string): Message[] {
  const notes = (held.ephemerals[channel] ?? []).filter(
    (note) => !held.dismissed.includes(keyOf(channel, note.ts)),
  );
  return [...(held.messages[channel] ?? []), ...notes].sort(byTime);
}

type Lists = Record<string, Message[]>;

function put(lists: Lists, channel: string, message: Message): Lists {
  const rest = (lists[channel] ?? []).filter(({ ts }) => ts !== message.ts);
  return { ...lists, [channel]: [...rest, message].sort(byTime) };
}

function without(lists: Lists, channel: string, gone: string): Lists {
  return { ...lists, [channel]: (lists[channel] ?? []).filter(({ ts }) => ts !== gone) };
}

function putChannel(channels: Channel[], channel: Channel): Channel[] {
  const known = channels.some(({ id }) => id === channel.id);
  return known
    ? channels.map((one) => (one.id === channel.id ? channel : one))
    : [...channels, channel];
}

// A notice carries no time: it comes right after whatever is newest in its channel.
function notice(held: Held, change: Extract<Change, { kind: "notice" }>): Message {
  const newest = shownIn(held, change.channel).at(-1)?.ts ?? "0";
  const [seconds = "0", micros = "0"] = newest.split(".");
  const ts = `${seconds}.${String(Number(micros) + 1).padStart(6, "0")}`;
  return { ts, user: SLACKBOT, text: change.text, ephemeral: true, thread_ts: change.thread_ts };
}

export const SLACKBOT = "USLACKBOT";

function byTime(one: Message, other: Message): number {
  return Number(one.ts) - Number(other.ts);
}

function keyOf(channel: string, ts: string): string {
  return `${channel}:${ts}`;
}
