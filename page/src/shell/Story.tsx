// The narrator's strip: the newest sentence of the story, and all of it, newest first, on a click.
import { useRef, useState } from "react";
import { clockTime } from "../blocks/dates";
import { Popover } from "../blocks/Popover";
import { BookIcon, CaretIcon } from "../icons";
import { frame } from "../words";
import type { StoryEntry } from "../workspace";

export function Story({ entries }: { entries: StoryEntry[] }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const newest = entries.at(-1);
  if (!newest) return <div className="story-gap" />;
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="story"
        data-testid="story"
        aria-expanded={open}
        title={`${frame().story}: ${told(newest)}`}
        onClick={() => setOpen(!open)}
      >
        <BookIcon />
        <span key={entries.length} className="story-line">
          {told(newest)}
        </span>
        <CaretIcon />
      </button>
      {open && (
        <Popover anchor={anchor} onClose={() => setOpen(false)} className="story-all">
          <StoryList entries={entries} />
        </Popover>
      )}
    </>
  );
}

function StoryList({ entries }: { entries: StoryEntry[] }) {
  return (
    <ol reversed>
      {entries.toReversed().map((entry, at) => (
        <li key={entries.length - at}>
          <time dateTime={entry.at}>{clockTime(new Date(entry.at), true)}</time>
          <span>{told(entry)}</span>
        </li>
      ))}
    </ol>
  );
}

function told({ text, step, trouble }: StoryEntry): string {
  const { states, troubles, troubleBegun, troubleOver } = frame();
  const state = (word: string) => states[word] ?? word;
  if (step) return frame().step(step.job, state(step.before), state(step.after));
  const name = trouble && troubles[trouble.name];
  if (!name) return text;
  return trouble.is_on ? troubleBegun(name) : troubleOver(name);
}
