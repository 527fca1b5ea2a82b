// The open list of a select: a box to type in, and the options that fit.
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { server } from "../server";
import type { Container } from "../server";
import { Rich } from "./drawn";
import type { Element, Option, OptionGroup } from "./kit";
import { words } from "./mrkdwn";

type OptionListProps = {
  element: Element;
  target: { container: Container; block_id: string; action_id: string };
  chosen: Option | null;
  onChoose: (option: Option) => void;
};

type Offer = { groups: OptionGroup[]; note: string | null };

export function OptionList({ element, target, chosen, onChoose }: OptionListProps) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const offer = useOffer(element, target, typed);
  const flat = offer.groups.flatMap((group) => group.options);
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  const steps: Record<string, () => void> = {
    ArrowDown: () => setActive(Math.min(active + 1, flat.length - 1)),
    ArrowUp: () => setActive(Math.max(active - 1, 0)),
    Enter: () => flat[active] && onChoose(flat[active]),
  };
  return (
    <>
      <input
        ref={box}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={flat[active] && `${id}-${active}`}
        aria-label="Search the options"
        placeholder="Search"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const step = steps[event.key];
          if (!step) return;
          event.preventDefault();
          step();
        }}
      />
      <div role="listbox" id={id} className="list">
        {offer.groups.map((group, at) => (
          <Group key={at} group={group} first={firstIndex(offer.groups, at)} {...{ id, active, chosen, onChoose }} />
        ))}
        {offer.note && <p className="note">{offer.note}</p>}
      </div>
    </>
  );
}

type GroupProps = {
  group: OptionGroup;
  first: number;
  id: string;
  active: number;
  chosen: Option | null;
  onChoose: (option: Option) => void;
};

function Group({ group, first, id, active, chosen, onChoose }: GroupProps) {
  return (
    <div role="group" aria-label={words(group.label.text) || undefined}>
      {group.label.text && <Rich text={group.label} className="group-label" />}
      {group.options.map((option, at) => (
        <div
          key={option.value}
          id={`${id}-${first + at}`}
          role="option"
          aria-selected={option.value === chosen?.value}
          className={first + at === active ? "active" : ""}
          onClick={() => onChoose(option)}
        >
          <Rich text={option.text} />
          {option.description && <Rich text={option.description} className="small" />}
        </div>
      ))}
    </div>
  );
}

function useOffer(element: Element, target: OptionListProps["target"], typed: string): Offer {
  const external = element.type === "external_select";
  const [loaded, setLoaded] = useState<Offer>({ groups: [], note: "Loading…" });
  const least = element.min_query_length ?? 3;
  useEffect(() => {
    if (!external) return;
    if (typed.length < least) {
      setLoaded({ groups: [], note: `Type ${least === 1 ? "a letter" : `${least} letters`} or more` });
      return;
    }
    let current = true;
    server
      .options(target, typed)
      .then((answer) => grouped(answer.options, answer.option_groups))
      .then((groups) => current && setLoaded({ groups, note: groups.length ? null : "No results" }))
      .catch(() => current && setLoaded({ groups: [], note: "The options could not be loaded." }));
    return () => {
      current = false;
    };
  }, [external, typed]);
  const fixed = useMemo(() => matching(element, typed), [element, typed]);
  return external ? loaded : fixed;
}

function matching(element: Element, typed: string): Offer {
  const fits = (option: Option) => words(option.text.text).toLowerCase().includes(typed.toLowerCase());
  const groups = grouped(element.options, element.option_groups)
    .map((group) => ({ ...group, options: group.options.filter(fits) }))
    .filter((group) => group.options.length > 0);
  return { groups, note: groups.length ? null : "No results" };
}

function grouped(options: Option[] | undefined, groups: OptionGroup[] | undefined): OptionGroup[] {
  if (groups?.length) return groups;
  return options?.length ? [{ label: { type: "plain_text", text: "" }, options }] : [];
}

function firstIndex(groups: OptionGroup[], at: number): number {
  return groups.slice(0, at).reduce((sum, group) => sum + group.options.length, 0);
}
