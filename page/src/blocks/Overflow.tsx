// The "⋮" menu.
import { useRef, useState } from "react";
import { MoreIcon } from "../icons";
import { frame } from "../words";
import { Problem, useActing } from "./acting";
import type { ElementProps } from "./acting";
import { Rich } from "./drawn";
import type { Option } from "./kit";
import { MenuItems } from "./Menu";
import type { MenuItem } from "./Menu";
import { Popover } from "./Popover";

export function Overflow(props: ElementProps) {
  const { element } = props;
  const { act, pending, problem } = useActing(props);
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const label = element.accessibility_label ?? frame().moreActions;
  const choose = (option: Option) => {
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
        aria-label={label}
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
          <MenuItems
            label={label}
            items={(element.options ?? []).map((option) => itemOf(option, choose))}
            onChosen={() => {
              setOpen(false);
              anchor.current?.focus();
            }}
          />
        </Popover>
      )}
      <Problem text={problem} />
    </span>
  );
}

function itemOf(option: Option, choose: (option: Option) => void): MenuItem {
  return {
    key: option.value,
    face: <Rich text={option.text} />,
    hint: option.description && <Rich text={option.description} />,
    choose: () => choose(option),
  };
}
