// Radio buttons and checkboxes.
import { useId, useState } from "react";
import { Problem, useActing } from "./acting";
import type { ElementProps } from "./acting";
import { Rich } from "./drawn";
import type { Choice, Option } from "./kit";

export function ChoiceGroup(props: ElementProps) {
  const { element, labelledBy } = props;
  const many = element.type === "checkboxes";
  const { act, problem, remembered } = useActing(props);
  const [chosen, setChosen] = useState<Option[]>(() => start(element, remembered, many));
  const name = useId();
  const has = (option: Option) => chosen.some((one) => one.value === option.value);
  const choose = async (option: Option) => {
    const rest = chosen.filter((one) => one.value !== option.value);
    const next = many ? (has(option) ? rest : [...chosen, option]) : [option];
    const choice = many ? { selected_options: next } : { selected_option: option };
    if (await act({ type: element.type, ...choice })) setChosen(next);
  };
  return (
    <div
      className="choices"
      role={many ? "group" : "radiogroup"}
      aria-labelledby={labelledBy}
      data-action={element.action_id}
    >
      {element.options?.map((option) => (
        <label key={option.value}>
          <input
            type={many ? "checkbox" : "radio"}
            name={name}
            checked={has(option)}
            onChange={() => void choose(option)}
          />
          <span>
            <Rich text={option.text} />
            {option.description && <Rich text={option.description} className="small" />}
          </span>
        </label>
      ))}
      <Problem text={problem} />
    </div>
  );
}

function start(
  element: ElementProps["element"],
  kept: Choice | undefined,
  many: boolean,
): Option[] {
  if (many) return kept?.selected_options ?? element.initial_options ?? [];
  const one = kept?.selected_option ?? element.initial_option;
  return one ? [one] : [];
}
