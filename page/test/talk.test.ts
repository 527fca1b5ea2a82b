import assert from "node:assert/strict";
import test from "node:test";
import { applyChange, shownIn } from "../src/changes";
import type { Held } from "../src/changes";
import { completions } from "../src/talk/completions";
import { channelRows, threadRows } from "../src/talk/grouping";
import type { Message, User, Workspace } from "../src/workspace";

const say = (ts: string, more: Partial<Message> = {}): Message => ({
  ts,
  user: "U1",
  text: ts,
  ...more,
});
const ANA: User = {
  id: "U1",
  name: "ana",
  real_name: "Ana",
  color: "000",
  is_bot: false,
  tz: "UTC",
  locale: "en-US",
};
const OFFERS = {
  commands: [{ command: "/visjob", usage_hint: "<job>", description: "Ask" }],
  suggestions: ["/visjob 205", "/visjob list"],
  users: [ANA],
};

function held(...messages: Message[]): Held {
  const workspace = { channels: [], messages: { C1: messages }, ephemerals: {}, story: [] };
  return { ...(workspace as unknown as Workspace), dismissed: [] };
}

test("a message told twice stands once, at its time", () => {
  const before = held(say("1.0"), say("3.0"));
  const after = applyChange(before, { kind: "message", channel: "C1", message: say("2.0") });
  const again = applyChange(after, {
    kind: "message",
    channel: "C1",
    message: say("2.0", { text: "edited" }),
  });
  assert.deepEqual(again && shownIn(again, "C1").map(({ text }) => text), ["1.0", "edited", "3.0"]);
});

test("a dismissed note is gone, and back when the app changes it", () => {
  const note = {
    kind: "ephemeral",
    channel: "C1",
    message: say("2.0", { ephemeral: true }),
  } as const;
  const shown = applyChange(held(say("1.0")), note);
  const gone = applyChange(shown, { kind: "dismissed", channel: "C1", ts: "2.0" });
  assert.equal(gone && shownIn(gone, "C1").length, 1);
  const back = applyChange(gone, note);
  assert.equal(back && shownIn(back, "C1").length, 2);
});

test("a notice comes after everything that is there", () => {
  const after = applyChange(held(say("5.000001")), {
    kind: "notice",
    channel: "C1",
    text: "failed",
  });
  assert.equal(after && shownIn(after, "C1").at(-1)?.text, "failed");
});

test("replies stand in the thread; a broadcast one also in the channel", () => {
  const all = [
    say("1.0", { thread_ts: "1.0" }),
    say("2.0", { thread_ts: "1.0" }),
    say("3.0", { thread_ts: "1.0", reply_broadcast: true }),
  ];
  assert.deepEqual(
    channelRows(all).map(({ message }) => message.ts),
    ["1.0", "3.0"],
  );
  assert.deepEqual(
    threadRows(all, "1.0").map(({ message }) => message.ts),
    ["2.0", "3.0"],
  );
  assert.equal(channelRows(all)[0]?.replies.length, 2);
});

test("what is said in one breath shares a name", () => {
  const rows = channelRows([
    say("1000.0"),
    say("1010.0"),
    say("1020.0", { user: "U2" }),
    say("2000.0", { user: "U2" }),
  ]);
  assert.deepEqual(
    rows.map(({ compact }) => compact),
    [false, true, false, false],
  );
});

test("a slash offers the commands, a written command what to try", () => {
  assert.deepEqual(
    completions("/vis", OFFERS).map(({ text }) => text),
    ["/visjob "],
  );
  assert.deepEqual(completions("/visjob", OFFERS), []);
  assert.deepEqual(
    completions("/visjob l", OFFERS).map(({ text }) => text),
    ["/visjob list"],
  );
  assert.deepEqual(completions("hello", OFFERS), []);
});

test("a person is offered by name", () => {
  assert.deepEqual(
    completions("hi @a", OFFERS).map(({ text }) => text),
    ["hi @ana "],
  );
});
