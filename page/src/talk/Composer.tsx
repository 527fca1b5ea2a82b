// The box to write in: Enter sends, Up recalls, a slash or an @ offers what fits.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { BoltIcon, SendIcon } from "../icons";
import { server } from "../server";
import type { Channel } from "../workspace";
import { completions } from "./completions";
import { CompletionList } from "./CompletionList";
import { useWorkspace } from "./context";
import { useHistory } from "./history";

type ComposerProps = { channel: Channel; threadTs?: string; onSent: () => void };

export function Composer({ channel, threadTs, onSent }: ComposerProps) {
  const { held, dispatch } = useWorkspace();
  const [text, setText] = useState("");
  const [active, setActive] = useState(-1);
  const [closed, setClosed] = useState(false);
  const history = useHistory();
  const box = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const users = Object.values(held.users);
  const offers = closed ? [] : completions(text, { commands: held.commands, suggestions: held.suggestions, users });
  useEffect(() => {
    box.current?.focus();
  }, []);
  useLayoutEffect(() => grow(box.current), [text]);

  const write = (next: string) => {
    setText(next);
    setClosed(false);
    setActive(/^\/\S+$|(?:^|\s)@[\w.-]+$/.test(next) ? 0 : -1);
    box.current?.focus();
  };
  const send = () => {
    const said = text.trim();
    if (!said) return;
    history.keep(said);
    write("");
    onSent();
    const refuse = (why: string) =>
      dispatch({ kind: "notice", channel: channel.id, text: why, thread_ts: threadTs });
    // Slack's own client refuses this one, where it was typed.
    if (threadTs && said.startsWith("/")) refuse(`${said.split(" ")[0]} is not supported in threads. Sorry!`);
    else void server.say(channel.id, said, threadTs).catch((error: Error) => refuse(error.message));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = stepOf(event, { offers, active, history, text, write, send, setActive, setClosed });
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  };

  return (
    <div className="composer-place">
      {!threadTs && text === "" && <Chips suggestions={held.suggestions} onChoose={write} />}
      <CompletionList id={id} offers={offers} active={active} onChoose={(offer) => write(offer.text)} />
      <div className="composer">
        <textarea
          ref={box}
          rows={1}
          data-testid={threadTs ? "thread-composer" : "composer"}
          value={text}
          placeholder={threadTs ? "Reply…" : `Message ${nameOf(channel)}`}
          aria-label={threadTs ? "Reply in the thread" : `Message ${nameOf(channel)}`}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={id}
          aria-activedescendant={active >= 0 && offers[active] ? `${id}-${active}` : undefined}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="composer-tools">
          {!threadTs && (
            <button type="button" className="ghost" aria-label="Slash commands" title="Slash commands" onClick={() => write("/")}>
              <BoltIcon />
            </button>
          )}
          <span className="keys">
            <kbd>Enter</kbd> sends · <kbd>↑</kbd> recalls
          </span>
          <button
            type="button"
            className="send"
            data-testid={threadTs ? "thread-send" : "send"}
            aria-label="Send"
            disabled={!text.trim()}
            onClick={send}
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </div>
  );
}

type Stance = {
  offers: ReturnType<typeof completions>;
  active: number;
  history: ReturnType<typeof useHistory>;
  text: string;
  write: (text: string) => void;
  send: () => void;
  setActive: (at: number) => void;
  setClosed: (closed: boolean) => void;
};

// What a key means here, or nothing if the box itself shall have it.
function stepOf(event: KeyboardEvent, at: Stance): (() => void) | undefined {
  const offer = at.offers[at.active];
  const first = at.offers[0];
  const open = at.offers.length > 0;
  if (event.key === "Enter" && !event.shiftKey) return offer ? () => at.write(offer.text) : at.send;
  if (event.key === "Tab" && open && !event.shiftKey) return () => at.write((offer ?? first)?.text ?? "");
  if (event.key === "Escape" && open) return () => at.setClosed(true);
  if (event.key === "ArrowDown" && open) return () => at.setActive(Math.min(at.active + 1, at.offers.length - 1));
  if (event.key === "ArrowUp" && open && at.active > 0) return () => at.setActive(at.active - 1);
  if (event.key === "ArrowUp" && at.history.holds(at.text)) return () => at.write(at.history.older());
  if (event.key === "ArrowDown" && at.history.holds(at.text)) return () => at.write(at.history.newer());
  return undefined;
}

function Chips({ suggestions, onChoose }: { suggestions: string[]; onChoose: (text: string) => void }) {
  if (suggestions.length === 0) return null;
  return (
    <div className="chips" aria-label="Things to try">
      <span>Try</span>
      {suggestions.map((one) => (
        <button key={one} type="button" className="chip" data-testid="chip" onClick={() => onChoose(one)}>
          {one}
        </button>
      ))}
    </div>
  );
}

function nameOf(channel: Channel): string {
  return channel.kind === "channel" || channel.kind === "private" ? `#${channel.name}` : channel.name;
}

function grow(box: HTMLTextAreaElement | null): void {
  if (!box) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
