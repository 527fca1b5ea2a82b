// Boxes to type in: text, number, e-mail, web address, date and time.
import { useState } from "react";
import { Problem, useActing } from "./acting";
import type { ElementProps } from "./acting";
import { localMinute, momentOf } from "./dates";
import type { Choice, Element } from "./kit";
import { words } from "./mrkdwn";

type Kind = {
  input: string;
  field: "value" | "selected_date" | "selected_time" | "selected_date_time";
  initial: keyof Element;
};

export const FIELD_KINDS: Record<string, Kind> = {
  plain_text_input: { input: "text", field: "value", initial: "initial_value" },
  number_input: { input: "number", field: "value", initial: "initial_value" },
  email_text_input: { input: "email", field: "value", initial: "initial_value" },
  url_text_input: { input: "url", field: "value", initial: "initial_value" },
  datepicker: { input: "date", field: "selected_date", initial: "initial_date" },
  timepicker: { input: "time", field: "selected_time", initial: "initial_time" },
  datetimepicker: {
    input: "datetime-local",
    field: "selected_date_time",
    initial: "initial_date_time",
  },
};

export function Field(props: ElementProps) {
  const { element, labelledBy } = props;
  const kind = FIELD_KINDS[element.type];
  const { act, pending, problem, remembered } = useActing(props);
  const [text, setText] = useState(() => (kind && start(element, kind, remembered)) ?? "");
  if (!kind) return null;
  const tell = (value: string) => act({ type: element.type, [kind.field]: chosen(kind, value) });
  const box = {
    className: "field",
    value: text,
    readOnly: pending,
    maxLength: element.max_length,
    placeholder: element.placeholder && words(element.placeholder.text),
    "aria-labelledby": labelledBy,
    "data-action": element.action_id,
    onChange: (event: { target: { value: string } }) => {
      setText(event.target.value);
      // Typing is remembered letter by letter; the app hears of a picked date at once.
      if (props.quiet || kind.field !== "value") void tell(event.target.value);
    },
  };
  return (
    <span className="acting wide">
      {element.multiline ? (
        <textarea {...box} rows={4} />
      ) : (
        <input
          {...box}
          type={kind.input}
          step={kind.input === "number" && element.is_decimal_allowed ? "any" : undefined}
          onKeyDown={(event) => event.key === "Enter" && !props.quiet && void tell(text)}
        />
      )}
      <Problem text={problem} />
    </span>
  );
}

// A moment is typed in the reader's own zone, and told in seconds.
function chosen(kind: Kind, value: string): string | number | null {
  if (!value) return null;
  return kind.field === "selected_date_time" ? momentOf(value).getTime() / 1000 : value;
}

function start(element: Element, kind: Kind, kept: Choice | undefined): string | undefined {
  const begun = kept?.[kind.field] ?? element[kind.initial];
  if (typeof begun === "number") return localMinute(new Date(begun * 1000));
  return typeof begun === "string" ? begun : undefined;
}
