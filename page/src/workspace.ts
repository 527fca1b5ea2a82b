// The shapes that the stand-in workspace's server sends. Knows nothing of drawing.
import type { Block, Choices, Text } from "./blocks/kit";

export type User = {
  id: string;
  name: string;
  real_name: string;
  color: string;
  is_bot: boolean;
  tz: string;
  locale: string;
};

export type Channel = {
  id: string;
  name: string;
  kind: "channel" | "private" | "dm" | "app";
  is_member_bot: boolean;
  unread: number;
  mentions: number;
  // The first unread message that can be seen without opening a thread.
  first_unread: string | null;
  topic: string;
  // Why nobody can write here; empty where one can.
  closed: string;
};

// A card below a message, with a bar at its left.
export type Attachment = { color?: string; blocks?: Block[] };

export type Shortcut = {
  name: string;
  type: "global" | "message";
  callback_id: string;
  description: string;
};

export type Message = {
  ts: string;
  thread_ts?: string;
  user: string;
  username?: string;
  text: string;
  blocks?: Block[];
  attachments?: Attachment[];
  edited?: boolean;
  ephemeral?: boolean;
  reply_count?: number;
  reply_broadcast?: boolean;
  bot_id?: string;
  pending?: boolean;
};

export type View = {
  id: string;
  type: "modal" | "home";
  title?: Text;
  submit?: Text;
  close?: Text;
  blocks: Block[];
  state?: { values: Choices };
};

export type SlashCommand = { command: string; usage_hint: string; description: string };

export type CloudJob = {
  job_id: number;
  job_name: string;
  status: number;
  status_name: string;
  duration_ms: number;
  has_ended: boolean;
  word: string;
  service_url: string | null;
};

export type Trouble = { name: string; label: string; is_on: boolean };

// A moment to which the demo's clock can be moved; `at` is a time of the day, if it is one.
export type Moment = { name: string; at: string };

export type Cloud = {
  clock: string;
  zone: string;
  moments: Moment[];
  jobs: CloudJob[];
  can_push: boolean;
  troubles: Trouble[];
};

// What happened, in English, and what it was, to be said in the reader's language.
export type StoryEntry = {
  at: string;
  text: string;
  step?: { job: string; before: string; after: string };
  trouble?: { name: string; is_on: boolean };
};

export type Workspace = {
  team: { id: string; name: string; domain: string };
  me: User;
  // As whom the page can be read.
  readers: string[];
  bot: { id: string; user_id: string; name: string };
  users: Record<string, User>;
  channels: Channel[];
  messages: Record<string, Message[]>;
  ephemerals: Record<string, Message[]>;
  home: View | null;
  modal: View | null;
  commands: SlashCommand[];
  shortcuts: Shortcut[];
  suggestions: string[];
  cloud: Cloud;
  story: StoryEntry[];
};

// One line of the stream of changes.
export type Change =
  | { kind: "message" | "ephemeral"; channel: string; message: Message }
  | { kind: "message_deleted" | "ephemeral_deleted"; channel: string; ts: string }
  | { kind: "home" | "modal"; view: View | null }
  | { kind: "channel"; channel: Channel }
  | { kind: "cloud"; cloud: Cloud }
  | { kind: "story"; entry: StoryEntry }
  | { kind: "notice"; channel: string; text: string; thread_ts?: string };
