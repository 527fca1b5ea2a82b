import assert from "node:assert/strict";
import test from "node:test";
import type { Block } from "../src/blocks/kit";
import { missingIn, valuesOf } from "../src/dialogs/submission";

const ALL = { text: { type: "plain_text" as const, text: "All" }, value: "all" };
const note = (more: Partial<Block> = {}): Block => ({
  type: "input",
  block_id: "note",
  element: { type: "plain_text_input", action_id: "text" },
  ...more,
});

test("what was not touched is submitted as it began", () => {
  const blocks = [
    {
      type: "input",
      block_id: "which",
      element: { type: "radio_buttons", action_id: "r", initial_option: ALL },
    },
    note(),
  ];
  assert.deepEqual(valuesOf(blocks, {}), {
    which: { r: { type: "radio_buttons", selected_option: ALL } },
    note: { text: { type: "plain_text_input", value: null } },
  });
});

test("what was chosen is submitted as it was chosen", () => {
  const chosen = { note: { text: { type: "plain_text_input", value: "hi" } } };
  assert.deepEqual(valuesOf([note()], chosen), chosen);
});

test("a moment is submitted in seconds, and none as nothing", () => {
  const until = (more: object) => ({
    type: "input",
    block_id: "until",
    element: { type: "datetimepicker", action_id: "value", ...more },
  });
  const submitted = (more: object) => valuesOf([until(more)], {}).until?.value;
  assert.deepEqual(submitted({}), { type: "datetimepicker", selected_date_time: null });
  assert.deepEqual(submitted({ initial_date_time: 1_800_000_000 }), {
    type: "datetimepicker",
    selected_date_time: 1_800_000_000,
  });
});

test("buttons have no value to submit", () => {
  const blocks = [
    { type: "actions", block_id: "a", elements: [{ type: "button", action_id: "b" }] },
  ];
  assert.deepEqual(valuesOf(blocks, {}), {});
});

test("an empty field is asked for, unless it is optional", () => {
  assert.deepEqual(Object.keys(missingIn([note()], valuesOf([note()], {}))), ["note"]);
  const optional = [note({ optional: true })];
  assert.deepEqual(missingIn(optional, valuesOf(optional, {})), {});
});
