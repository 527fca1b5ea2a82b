import assert from "node:assert/strict";
import test from "node:test";
import { colourOf } from "../src/blocks/series";

const hueOf = (colour: string): string => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Number.parseInt(colour.slice(at, at + 2), 16),
  );
  if (Math.max(red, green, blue) - Math.min(red, green, blue) < 20) return "none";
  if (red > green && red > blue) return "warm";
  return "calm";
};

for (const [name, hue] of [
  ["Running", "calm"],
  ["运行中", "calm"],
  ["Queued", "calm"],
  ["排队中", "calm"],
  ["Cost", "calm"],
  ["费用", "calm"],
  ["Stopping", "warm"],
  ["Failed", "warm"],
  ["失败", "warm"],
  ["Lost", "warm"],
  ["Not seen", "none"],
  ["未观察到", "none"],
] as const)
  test(`${name} has a colour that is ${hue}`, () => {
    assert.equal(hueOf(colourOf(name) ?? ""), hue);
  });

test("a name that nobody knows has the colour of its place", () => {
  assert.equal(colourOf("loss"), undefined);
  assert.equal(colourOf("constructor"), undefined);
});
