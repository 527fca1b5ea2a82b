// The open list of a select: a box to type in, and the options that fit.
import { useEffect, useId, useRef, useState } from "react";
import { frame } from "../words";
import { Rich } from "./drawn";
import type { Element, Option, OptionGroup } from "./kit";
import { words } from "./mrkdwn";
import { firstIndex, useOffer } from "./offer";
import type { Target } from "./offer";

type OptionListProps = {
  element: Element;
  target: Target;
  chosen: Option | null;
  onChoose: (option: Option) => void;
};

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
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
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
        aria-label={frame().searchOptions}
        placeholder={frame().search}
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
          <Group
            key={at}
            group={group}
            first={firstIndex(offer.groups, at)}
            {...{ id, active, chosen, onChoose }}
          />
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
