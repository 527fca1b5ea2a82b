import assert from "node:assert/strict";
import test from "node:test";
import { frame, NOT_SEEN, speakAs } from "../src/words";
import type { Words } from "../src/words";

const ZH: Words = { ...speakAs("zh-CN") };
const EN: Words = { ...speakAs("en-US") };

// All that a catalogue says, with whatever its sentences take.
function said(words: object): string[] {
  return Object.values(words).flatMap((one) => {
    if (typeof one === "object") return said(one as object);
    return [
      typeof one === "function" ? String((one as (...all: string[]) => string)("x", "y")) : one,
    ];
  });
}

test("the frame speaks the reader's language, and English where it knows none", () => {
  for (const [locale, language] of [
    ["zh-CN", "zh-CN"],
    ["zh-TW", "zh-CN"],
    ["en-US", "en"],
    ["de-DE", "en"],
    ["", "en"],
  ] as const) {
    assert.equal(speakAs(locale).language, language);
    assert.equal(frame().language, language);
  }
});

test("nothing is left in English where the frame speaks Chinese", () => {
  const han = /\p{Script=Han}/u;
  const { language: _zh, at: _at, step: _step, troubleBegun: _begun, ...chinese } = ZH;
  assert.deepEqual(
    said(chinese).filter((one) => !han.test(one)),
    [],
  );
  assert.deepEqual(
    said(EN).filter((one) => han.test(one)),
    [],
  );
});

test("one of a thing is not several", () => {
  assert.equal(EN.replies(1), "1 reply");
  assert.equal(EN.replies(2), "2 replies");
  assert.equal(EN.mentions(1), "1 mention");
  assert.equal(EN.typeMore(1), "Type a letter or more");
});

test("a time in which nobody looked has a name in each language", () => {
  assert.deepEqual(NOT_SEEN, [EN.notSeen, ZH.notSeen]);
});
