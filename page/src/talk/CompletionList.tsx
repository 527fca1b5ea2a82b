// The offers above the composer.
import { frame } from "../words";
import type { Completion } from "./completions";

type CompletionListProps = {
  id: string;
  offers: Completion[];
  active: number;
  onChoose: (offer: Completion) => void;
};

const titleOf = (kind: Completion["kind"]) =>
  ({ command: frame().commands, try: frame().tries, person: frame().people })[kind];

export function CompletionList({ id, offers, active, onChoose }: CompletionListProps) {
  const first = offers[0];
  if (!first) return null;
  return (
    <div
      className="completions"
      role="listbox"
      id={id}
      aria-label={titleOf(first.kind)}
      data-testid="completions"
    >
      <p aria-hidden="true">{titleOf(first.kind)}</p>
      {offers.map((offer, at) => (
        <div
          key={offer.text}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          className={at === active ? "active" : ""}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(offer)}
        >
          <b>{offer.title}</b>
          {offer.hint && <span>{offer.hint}</span>}
        </div>
      ))}
      <p className="completions-keys" aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> {frame().keyChooses} · <kbd>Tab</kbd> {frame().keyTakes} ·{" "}
        <kbd>Esc</kbd> {frame().keyCloses}
      </p>
    </div>
  );
}
