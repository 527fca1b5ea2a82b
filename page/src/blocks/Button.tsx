// A button; with a url it also opens a new tab, and the app hears of it all the same.
import { Problem, useActing } from "./acting";
import type { ElementProps } from "./acting";
import { Rich } from "./drawn";

export function Button(props: ElementProps) {
  const { element } = props;
  const { act, pending, problem } = useActing(props);
  const face = element.text && <Rich text={element.text} />;
  const looks = {
    className: `button ${element.style ?? "plain"}`,
    "data-action": element.action_id,
    "aria-label": element.accessibility_label,
    // Not `disabled`: that would take the focus away.
    "aria-busy": pending,
    "aria-disabled": pending,
  };
  const press = () => void act({ type: "button", value: element.value ?? null });
  return (
    <span className="acting">
      {isWebAddress(element.url) ? (
        <a {...looks} href={element.url} target="_blank" rel="noopener noreferrer" onClick={press}>
          {face}
        </a>
      ) : (
        <button {...looks} type="button" onClick={press}>
          {face}
        </button>
      )}
      <Problem text={problem} />
    </span>
  );
}

function isWebAddress(url: string | undefined): url is string {
  return /^https?:\/\//i.test(url ?? "");
}
