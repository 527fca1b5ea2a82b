// What is being written in one composer: the text, what it offers, and what each key does to it.
import { useState } from "react";
import type { KeyboardEvent } from "react";
import { completions } from "./completions";
import type { Completion } from "./completions";
import { useWorkspace } from "./context";
import { useHistory } from "./history";

export type Writing = {
  text: string;
  offers: Completion[];
  active: number;
  write: (text: string) => void;
  send: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

// While a single word is written, the first offer is taken by Enter; later Enter sends.
const ONE_WORD = /^\/\S+$|(?:^|\s)@[\w.-]+$/;

export function useWriting(say: (text: string) => void): Writing {
  const { held } = useWorkspace();
  const { commands, suggestions } = held;
  const [text, setText] = useState("");
  const [active, setActive] = useState(-1);
  const [closed, setClosed] = useState(false);
  const history = useHistory();
  const users = Object.values(held.users);
  const offers = closed ? [] : completions(text, { commands, suggestions, users });

  const write = (next: string) => {
    setText(next);
    setClosed(false);
    setActive(ONE_WORD.test(next) ? 0 : -1);
  };
  const send = () => {
    const said = text.trim();
    if (!said) return;
    history.keep(said);
    write("");
    say(said);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = stepOf(event, {
      offers,
      active,
      history,
      text,
      write,
      send,
      setActive,
      setClosed,
    });
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  };
  return { text, offers, active, write, send, onKeyDown };
}

type Stance = {
  offers: Completion[];
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
  const chosen = at.offers[at.active];
  if (event.key === "Enter" && !event.shiftKey)
    return chosen ? () => at.write(chosen.text) : at.send;
  return (at.offers.length > 0 ? amongOffers(event, at) : undefined) ?? amongSent(event, at);
}

function amongOffers(event: KeyboardEvent, at: Stance): (() => void) | undefined {
  const { offers, active, setActive } = at;
  const taken = offers[active] ?? offers[0];
  if (event.key === "Tab" && !event.shiftKey && taken) return () => at.write(taken.text);
  if (event.key === "Escape") return () => at.setClosed(true);
  if (event.key === "ArrowDown") return () => setActive(Math.min(active + 1, offers.length - 1));
  if (event.key === "ArrowUp" && active > 0) return () => setActive(active - 1);
  return undefined;
}

function amongSent(event: KeyboardEvent, at: Stance): (() => void) | undefined {
  if (!at.history.holds(at.text)) return undefined;
  if (event.key === "ArrowUp") return () => at.write(at.history.older());
  if (event.key === "ArrowDown") return () => at.write(at.history.newer());
  return undefined;
}
