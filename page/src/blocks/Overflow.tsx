// The "⋮" menu.
import { useEffect, useRef, useState } from "react";
import { MoreIcon } from "../icons";
import { Problem, useActing } from "./acting";
import type { ElementProps } from "./acting";
import { Rich } from "./drawn";
import type { Option } from "./kit";
import { Popover } from "./Popover";

export function Overflow(props: ElementProps) {
  const { element } = props;
  const { act, pending, problem } = useActing(props);
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const choose = (option: Option) => {
    setOpen(false);
    anchor.current?.focus();
    if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener");
    void act({ type: "overflow", selected_option: option });
  };
  return (
    <span className="acting">
      <button
        ref={anchor}
        type="button"
        className="button plain icon"
        data-action={element.action_id}
        aria-label={element.accessibility_label ?? "More actions"}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={pending}
        aria-disabled={pending}
        onClick={() => setOpen(!open)}
      >
        <MoreIcon />
      </button>
      {open && (
        <Popover anchor={anchor} onClose={() => setOpen(false)} className="menu">
          <Items options={element.options ?? []} onChoose={choose} />
        </Popover>
      )}
      <Problem text={problem} />
    </span>
  );
}

function Items({ options, onChoose }: { options: Option[]; onChoose: (option: Option) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll("button") ?? [])];
  useEffect(() => {
    items()[0]?.focus();
  }, []);
  const move = (step: number) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    <div
      ref={list}
      role="menu"
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        move(step);
      }}
    >
      {options.map((option) => (
        <button key={option.value} type="button" role="menuitem" onClick={() => onChoose(option)}>
          <Rich text={option.text} />
          {option.description && <Rich text={option.description} className="small" />}
        </button>
      ))}
    </div>
  );
}
