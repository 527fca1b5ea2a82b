// Hands blocks to slack-blocks-to-jsx, in the forms that it draws truly.
import { createContext, memo, useContext, useMemo } from "react";
import { Message as Draw } from "slack-blocks-to-jsx";
import type { ComponentProps } from "react";
import { useTheme } from "../theme";
import { demoNow, formatDate, fullTime } from "./dates";
import type { Block, Text } from "./kit";
import { richText } from "./mrkdwn";
import { colourOf } from "./series";

type DrawProps = ComponentProps<typeof Draw>;
type Named = { id: string; name: string };

export type Directory = { users: Named[]; channels: Named[]; version: string };

export const DirectoryContext = createContext<Directory>({ users: [], channels: [], version: "" });

export const Rich = memo(function Rich({ text, className }: { text: Text; className?: string }) {
  const blocks = useMemo(() => [richText(text)], [text]);
  return <Canvas blocks={blocks} className={className} />;
});

export const Drawn = memo(function Drawn({ block }: { block: Block }) {
  const blocks = useMemo(() => [drawable(block)], [block]);
  return <Canvas blocks={blocks} />;
});

function Canvas({ blocks, className = "" }: { blocks: object[]; className?: string }) {
  const theme = useTheme();
  const directory = useContext(DirectoryContext);
  // The renderer reads names once only: other names need a new drawing.
  return (
    <Draw
      key={directory.version}
      blocks={blocks as DrawProps["blocks"]}
      withoutWrapper
      name=""
      logo=""
      theme={theme}
      data={directory}
      hooks={HOOKS}
      className={className}
    />
  );
}

const SAFE_LINK = /^(https?:|mailto:)/i;

const HOOKS: DrawProps["hooks"] = {
  emoji: (emoji, parse) => {
    const drawn = parse(emoji);
    return drawn === emoji.name ? `:${emoji.name}:` : drawn;
  },
  date: ({ timestamp, format }) => {
    const at = new Date(Number(timestamp) * 1000);
    return (
      <time dateTime={at.toISOString()} title={fullTime(at)}>
        {formatDate(at, format, demoNow())}
      </time>
    );
  },
  link: ({ href, children, className }) =>
    SAFE_LINK.test(href) ? (
      <a href={href} className={className} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    ) : (
      children
    ),
};

// Ids would repeat in the page, `verbatim` text is drawn raw, raw cells are read as Markdown and
// a data_table is not drawn at all.
function drawable(block: Block): object {
  const { block_id: _unused, ...rest } = block;
  if (block.type === "rich_text") return rest;
  if (block.type === "table" || block.type === "data_table")
    return { type: "table", rows: block.rows?.map((row) => row.map(cell)) };
  if (block.type === "data_visualization") return coloured(rest as Chart);
  return withoutVerbatim(rest) as object;
}

function coloured(block: Chart): Chart {
  const { chart } = block;
  const series = chart?.series?.map((one) => ({ ...one, color: colourOf(one.name) }));
  return series ? { ...block, chart: { ...chart, series } } : block;
}

type Chart = { chart?: { series?: { name: string }[] } };

function cell(raw: unknown): object {
  const { type, text = "", value } = raw as { type: string; text?: string; value?: number };
  if (type === "rich_text") return raw as object;
  return richText({ type: "plain_text", text: text || String(value ?? ""), emoji: false });
}

function withoutVerbatim(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutVerbatim);
  if (typeof part !== "object" || part === null) return part;
  const kept = Object.entries(part).filter(([name]) => name !== "verbatim");
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutVerbatim(inner)]));
}
