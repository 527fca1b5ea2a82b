// Menus with one choice: static options, or options the app is asked for while a person types.
import { useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { CaretIcon } from "../icons";
import { frame } from "../words";
import { Problem, useActing } from "./acting";
import type { ElementProps } from "./acting";
import { Rich } from "./drawn";
import type { Choice, Element, Option } from "./kit";
import { words } from "./mrkdwn";
import { OptionList } from "./OptionList";
import { Popover } from "./Popover";

export function Select(props: ElementProps) {
  const { element } = props;
  const { act, pending, problem, target, remembered } = useActing(props);
  const [shown, setShown] = useState(() => start(element, remembered));
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const choose = async (option: Option) => {
    setOpen(false);
    anchor.current?.focus();
    if (await act(choiceOf(element.type, option))) setShown(option);
  };
  const hint = element.placeholder ?? { type: "plain_text" as const, text: frame().chooseOption };
  return (
    <span className="acting">
      <button
        ref={anchor}
        type="button"
        className={`select ${shown ? "" : "unset"}`}
        data-action={element.action_id}
        aria-label={`${words(hint.text)}${shown ? `: ${words(shown.text.text)}` : ""}`}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-busy={pending}
        aria-disabled={pending}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => opens(event) && setOpen(true)}
      >
        <Rich text={shown?.text ?? hint} />
        <CaretIcon />
      </button>
      {open && (
        <Popover anchor={anchor} onClose={() => setOpen(false)} className="options">
          <OptionList element={element} target={target} chosen={shown} onChoose={choose} />
        </Popover>
      )}
      <Problem text={problem} />
    </span>
  );
}

// Who types at a closed select means its search box. The box has the focus before the browser writes
// the letter, so that the letter lands there by itself. The space bar presses the button as ever.
function opens({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  return key === "ArrowDown" || (key.length === 1 && key !== " ");
}

function start(element: Element, kept: Choice | undefined): Option | null {
  const picked = PICKED[element.type];
  if (!picked) return kept?.selected_option ?? element.initial_option ?? null;
  return element.options?.find((option) => option.value === kept?.[picked]) ?? null;
}

const PICKED: Record<string, keyof Choice> = {
  users_select: "selected_user",
  channels_select: "selected_channel",
  conversations_select: "selected_conversation",
};

function choiceOf(type: string, option: Option): Choice {
  const picked = PICKED[type];
  return picked ? { type, [picked]: option.value } : { type, selected_option: option };
}
