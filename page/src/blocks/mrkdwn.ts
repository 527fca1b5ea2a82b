// Reads Slack's mrkdwn into the rich text it stands for, so that a foreign string can never be
// taken for Markdown (headings, lists, HTML) by the renderer.
// https://docs.slack.dev/messaging/formatting-message-text
import type { Text } from "./kit";

export type Style = { bold?: true; italic?: true; strike?: true; code?: true };

export type Span = { type: string; style?: Style; [field: string]: unknown };

export type RichPart = { type: string; elements: Span[]; border?: 0 | 1 };

export type RichText = { type: "rich_text"; elements: RichPart[] };

export function richText(text: Text): RichText {
  return { type: "rich_text", elements: text.type === "mrkdwn" ? parts(text) : [plainPart(text)] };
}

// The words alone, for places that show no formatting (notifications, labels). `people` are known
// by their names there.
export function words(text: string, people: Record<string, { name: string }> = {}): string {
  const named = text.replace(/<@(\w+)>/g, (mention, id: string) => {
    const person = people[id];
    return person ? `@${person.name}` : mention;
  });
  return decode(named.replace(/<([^<>|]*)\|([^<>]*)>/g, "$2").replace(/<[@#!]?([^<>]*)>/g, "$1"));
}

function plainPart(text: Text): RichPart {
  return section(text.emoji === false ? [span(text.text, {})] : plainRun(text.text, {}));
}

function section(elements: Span[]): RichPart {
  return { type: "rich_text_section", elements };
}

function parts(text: Text): RichPart[] {
  const pieces = text.text.split("```");
  // An opening fence without its closing one is text.
  if (pieces.length % 2 === 0) pieces.push(pieces.splice(-2).join("```"));
  return pieces.flatMap((piece, index) => {
    const inner = index % 2 ? piece.replace(/^\n|\n$/g, "") : piece;
    if (inner === "") return [];
    return index % 2
      ? [{ type: "rich_text_preformatted", elements: [span(inner, {})] }]
      : lines(piece, text);
  });
}

const QUOTE = /^(?:&gt;|>) ?/;

function lines(piece: string, text: Text): RichPart[] {
  const runs: { quoted: boolean; lines: string[] }[] = [];
  for (const line of piece.split("\n")) {
    const quoted = QUOTE.test(line);
    const last = runs.at(-1);
    const bare = quoted ? line.replace(QUOTE, "") : line;
    if (last && last.quoted === quoted) last.lines.push(bare);
    else runs.push({ quoted, lines: [bare] });
  }
  return runs
    .map((run) => ({ quoted: run.quoted, spans: inline(run.lines.join("\n"), {}, !text.verbatim) }))
    .filter((run) => run.spans.length > 0)
    .map((run) =>
      run.quoted ? { type: "rich_text_quote", elements: run.spans, border: 1 } : section(run.spans),
    );
}

// Each rule may start only where its left side allows it: `2*3*4` is arithmetic, not bold.
const EDGE = String.raw`(?<![\p{L}\p{N}])`;
const END = String.raw`(?![\p{L}\p{N}])`;
const INLINE = new RegExp(
  [
    "(?<code>`[^`\\n]+`)",
    "<(?<angle>[^<>\\n]+)>",
    `${EDGE}\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*${END}`,
    `${EDGE}_(?<italic>[^\\s_](?:[^\\n]*?[^\\s_])?)_${END}`,
    `${EDGE}~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~${END}`,
    `(?<url>\\bhttps?://[^\\s<>|]*[^\\s<>|.,;:!?)'"])`,
  ].join("|"),
  "gu",
);

function inline(text: string, style: Style, links: boolean): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const found = match.groups ?? {};
    if (found.url && !links) continue;
    spans.push(...plainRun(text.slice(from, match.index), style), ...matched(found, style, links));
    from = match.index + match[0].length;
  }
  return [...spans, ...plainRun(text.slice(from), style)];
}

function matched(found: Record<string, string | undefined>, style: Style, links: boolean): Span[] {
  if (found.code) return [span(found.code.slice(1, -1), { ...style, code: true })];
  if (found.bold) return inline(found.bold, { ...style, bold: true }, links);
  if (found.italic) return inline(found.italic, { ...style, italic: true }, links);
  if (found.strike) return inline(found.strike, { ...style, strike: true }, links);
  if (found.url)
    return [{ type: "link", url: decode(found.url), text: decode(found.url), ...styled(style) }];
  return [angle(found.angle ?? "", style)];
}

// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
const DATE = /^!date\^(\d+)\^([^^|]+)(?:\^([^|]*))?(?:\|(.*))?$/;

function angle(inside: string, style: Style): Span {
  const [target = "", label] = inside.split(/\|(.*)/s);
  const date = DATE.exec(inside);
  if (date) return { type: "date", timestamp: Number(date[1]), format: date[2], ...styled(style) };
  if (target.startsWith("@")) return { type: "user", user_id: target.slice(1), ...styled(style) };
  if (target.startsWith("#"))
    return { type: "channel", channel_id: target.slice(1), ...styled(style) };
  if (target.startsWith("!subteam^"))
    return { type: "usergroup", usergroup_id: target.slice(9), ...styled(style) };
  if (/^!(here|channel|everyone)$/.test(target))
    return { type: "broadcast", range: target.slice(1), ...styled(style) };
  if (/^(https?:|mailto:)/.test(target))
    return { type: "link", url: decode(target), text: decode(label ?? target), ...styled(style) };
  return span(`<${inside}>`, style);
}

// `22:00–08:00` holds no emoji: a name stands free on both sides.
const EMOJI = /(?<![\p{L}\p{N}:]):([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:(?![\p{L}\p{N}])/gu;

function plainRun(text: string, style: Style): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(EMOJI)) {
    if (match.index > from) spans.push(span(text.slice(from, match.index), style));
    spans.push({
      type: "emoji",
      name: match[1],
      ...(match[2] ? { skin_tone: Number(match[2]) } : {}),
    });
    from = match.index + match[0].length;
  }
  if (from < text.length) spans.push(span(text.slice(from), style));
  return spans;
}

function span(text: string, style: Style): Span {
  return { type: "text", text: decode(text), ...styled(style) };
}

function styled(style: Style): { style?: Style } {
  return Object.keys(style).length ? { style } : {};
}

function decode(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
