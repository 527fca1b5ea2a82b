// The box to write in: Enter sends, Up recalls, a slash or an @ offers what fits.
import { useEffect, useId, useLayoutEffect, useRef } from "react";
import { BoltIcon, CloseIcon, SendIcon, SlashIcon } from "../icons";
import { Attachments } from "../blocks/Attachments";
import { MenuButton } from "../blocks/Menu";
import type { Held } from "../changes";
import { server } from "../server";
import { frame } from "../words";
import type { Channel } from "../workspace";
import { CompletionList } from "./CompletionList";
import { useWorkspace } from "./context";
import { usePreview } from "./preview";
import { useShortcuts } from "./shortcuts";
import { useWriting } from "./writing";
import type { Writing } from "./writing";

type ComposerProps = { channel: Channel; threadTs?: string; onSent: () => void };

export function Composer({ channel, threadTs, onSent }: ComposerProps) {
  const { held } = useWorkspace();
  const say = useSaying(channel.id, threadTs);
  const writing = useWriting((text) => {
    onSent();
    say(text);
  });
  const box = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const preview = usePreview(channel.id, writing.text);
  useEffect(() => {
    box.current?.focus();
  }, []);
  useLayoutEffect(() => grow(box.current), [writing.text]);
  const { text, offers, active } = writing;
  const write = (next: string) => {
    writing.write(next);
    box.current?.focus();
  };
  return (
    <div className="composer-place">
      {!threadTs && text === "" && <Chips suggestions={triesIn(channel, held)} onChoose={write} />}
      <CompletionList
        id={list}
        offers={offers}
        active={active}
        onChoose={(offer) => write(offer.text)}
      />
      <div className="composer">
        <textarea
          ref={box}
          rows={1}
          data-testid={threadTs ? "thread-composer" : "composer"}
          value={text}
          placeholder={threadTs ? frame().reply : frame().message(nameOf(channel))}
          aria-label={threadTs ? frame().replyBox : frame().message(nameOf(channel))}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={list}
          aria-activedescendant={offers[active] && `${list}-${active}`}
          onChange={(event) => write(event.target.value)}
          onKeyDown={writing.onKeyDown}
        />
        {preview.cards.length > 0 && <Preview {...preview} />}
        <Tools
          writing={writing}
          channel={channel}
          inThread={Boolean(threadTs)}
          onSlash={() => write("/")}
        />
      </div>
    </div>
  );
}

// Nothing in it can be pressed: it belongs to no message yet.
function Preview({ cards, dismiss }: ReturnType<typeof usePreview>) {
  return (
    <div className="preview" data-testid="preview">
      <div inert>
        <Attachments cards={cards} />
      </div>
      <button type="button" className="ghost" aria-label={frame().removePreview} onClick={dismiss}>
        <CloseIcon />
      </button>
    </div>
  );
}

// With the app alone a sentence needs no command before it.
function triesIn(channel: Channel, held: Held): string[] {
  if (channel.kind !== "app") return held.suggestions;
  return held.suggestions.map((line) => line.replace(/^\/\S+ /, ""));
}

type ToolsProps = { writing: Writing; channel: Channel; inThread: boolean; onSlash: () => void };

function Tools({ writing, channel, inThread, onSlash }: ToolsProps) {
  const { title, items } = useShortcuts("global", channel.id, { channel: channel.id });
  return (
    <div className="composer-tools">
      {!inThread && (
        <button
          type="button"
          className="ghost"
          aria-label={frame().slashCommands}
          title={frame().slashCommands}
          onClick={onSlash}
        >
          <SlashIcon />
        </button>
      )}
      {items.length > 0 && (
        <MenuButton
          label={frame().shortcuts}
          icon={
            <>
              <BoltIcon />
              <span className="label">{frame().shortcuts}</span>
            </>
          }
          className="ghost labelled"
          title={title}
          items={items}
          testId="shortcuts"
        />
      )}
      <span className="keys">
        <kbd>Enter</kbd> {frame().keySends} · <kbd>↑</kbd> {frame().keyRecalls}
      </span>
      <button
        type="button"
        className="send"
        data-testid={inThread ? "thread-send" : "send"}
        aria-label={frame().send}
        disabled={!writing.text.trim()}
        onClick={writing.send}
      >
        <SendIcon />
      </button>
    </div>
  );
}

type ChipsProps = { suggestions: string[]; onChoose: (text: string) => void };

function Chips({ suggestions, onChoose }: ChipsProps) {
  if (suggestions.length === 0) return null;
  return (
    <div className="chips" role="group" aria-label={frame().linesToTry}>
      <span>{frame().tryLine}</span>
      {suggestions.map((one) => (
        <button
          key={one}
          type="button"
          className="chip"
          data-testid="chip"
          onClick={() => onChoose(one)}
        >
          {one}
        </button>
      ))}
    </div>
  );
}

// Says a line to the server; what is refused is told where it was typed.
function useSaying(channel: string, threadTs: string | undefined): (text: string) => void {
  const { dispatch } = useWorkspace();
  const refuse = (text: string) => dispatch({ kind: "notice", channel, text, thread_ts: threadTs });
  return (text) => {
    // Slack's own client refuses this one, before anything is sent.
    if (threadTs && text.startsWith("/")) refuse(frame().notInThreads(text.split(" ")[0] ?? ""));
    else void server.say(channel, text, threadTs).catch((error: Error) => refuse(error.message));
  };
}

function nameOf(channel: Channel): string {
  return channel.kind === "channel" || channel.kind === "private"
    ? `#${channel.name}`
    : channel.name;
}

function grow(box: HTMLTextAreaElement | null): void {
  if (!box) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
