import assert from "node:assert/strict";
import test from "node:test";
import { richText, words } from "../src/blocks/mrkdwn";
import type { RichPart, Span } from "../src/blocks/mrkdwn";

const read = (text: string, verbatim = false): RichPart[] =>
  richText({ type: "mrkdwn", text, verbatim }).elements;
const spans = (text: string): Span[] => read(text).flatMap((part) => part.elements);
const plain = (text: string): Span[] =>
  richText({ type: "plain_text", text }).elements.flatMap((part) => part.elements);
const text = (said: string, style?: object) => ({
  type: "text",
  text: said,
  ...(style ? { style } : {}),
});

test("bold, italic, strike and code become styles", () => {
  assert.deepEqual(spans("*a* _b_ ~c~ `d`"), [
    text("a", { bold: true }),
    text(" "),
    text("b", { italic: true }),
    text(" "),
    text("c", { strike: true }),
    text(" "),
    text("d", { code: true }),
  ]);
});

test("styles nest", () => {
  assert.deepEqual(spans("_a *b*_"), [
    text("a ", { italic: true }),
    text("b", { italic: true, bold: true }),
  ]);
});

test("arithmetic, snake_case and lone signs stay as they are", () => {
  for (const said of ["2*3*4", "a_b_c", "* not bold *", "a ~ b ~ c"])
    assert.deepEqual(spans(said), [text(said)]);
});

test("code keeps every sign in it", () => {
  assert.deepEqual(spans("`x*y* <b> :wave:`"), [text("x*y* <b> :wave:", { code: true })]);
});

test("Markdown that Slack does not know is text", () => {
  for (const said of ["# heading", "- item", "![a](b)", "---", "a\n===", "1) one", "\\*"])
    assert.deepEqual(spans(said), [text(said)]);
});

test("times of day hold no emoji", () => {
  assert.deepEqual(spans("quiet 22:00–08:00, 10:30:45"), [text("quiet 22:00–08:00, 10:30:45")]);
});

test("an emoji's name becomes an emoji", () => {
  assert.deepEqual(spans("hi :wave:"), [text("hi "), { type: "emoji", name: "wave" }]);
});

test("a date keeps its time and its format", () => {
  assert.deepEqual(spans("<!date^1774353780^{date_short} at {time}|2026-03-24>"), [
    { type: "date", timestamp: 1774353780, format: "{date_short} at {time}" },
  ]);
});

test("mentions, channels, broadcasts and links are what they say", () => {
  assert.deepEqual(
    spans("<@U1><#C1|exp><!here><https://a.example/?x=1&amp;y=2|the page>").map(({ type }) => type),
    ["user", "channel", "broadcast", "link"],
  );
});

test("a link's address is decoded", () => {
  assert.deepEqual(spans("<https://a.example/?x=1&amp;y=2|p>"), [
    { type: "link", url: "https://a.example/?x=1&y=2", text: "p" },
  ]);
});

test("an address of another scheme is text", () => {
  assert.deepEqual(spans("<javascript:alert(1)|press>"), [text("<javascript:alert(1)|press>")]);
});

test("a bare address becomes a link, unless the text is verbatim", () => {
  assert.equal(read("see https://a.example/b.")[0]?.elements[1]?.type, "link");
  assert.deepEqual(read("see https://a.example/b.", true)[0]?.elements, [
    text("see https://a.example/b."),
  ]);
});

test("escaped signs are shown and mean nothing", () => {
  assert.deepEqual(spans("&lt;!channel&gt; &amp;lt;"), [text("<!channel> &lt;")]);
});

test("quoted lines become one quote between sections", () => {
  assert.deepEqual(
    read("a\n&gt; b\n&gt; c\nd").map(({ type }) => type),
    ["rich_text_section", "rich_text_quote", "rich_text_section"],
  );
});

test("fenced text is preformatted, and an open fence is text", () => {
  assert.equal(read("```\na\n```")[0]?.type, "rich_text_preformatted");
  assert.deepEqual(spans("a ```b"), [text("a ```b")]);
});

test("plain text has no markup but emoji", () => {
  assert.deepEqual(plain("*a* <@U1> &amp; :tada:"), [
    text("*a* <@U1> & "),
    { type: "emoji", name: "tada" },
  ]);
});

test("the words alone leave the markup out", () => {
  assert.equal(words("<https://a.example|the page> &lt;3"), "the page <3");
  const people = { U1: { name: "ana" } };
  assert.equal(words("asked by <@U1>, not <@U2>", people), "asked by @ana, not U2");
});
