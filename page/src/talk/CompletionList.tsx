// The offers above the composer.
import type { Completion } from "./completions";

type CompletionListProps = {
  id: string;
  offers: Completion[];
  active: number;
  onChoose: (offer: Completion) => void;
};

const TITLES: Record<Completion["kind"], string> = {
  command: "Commands",
  try: "Things to try",
  person: "People",
};

export function CompletionList({ id, offers, active, onChoose }: CompletionListProps) {
  const first = offers[0];
  if (!first) return null;
  return (
    <div
      className="completions"
      role="listbox"
      id={id}
      aria-label={TITLES[first.kind]}
      data-testid="completions"
    >
      <p aria-hidden="true">{TITLES[first.kind]}</p>
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
        <kbd>↑</kbd> <kbd>↓</kbd> choose · <kbd>Tab</kbd> takes · <kbd>Esc</kbd> closes
      </p>
    </div>
  );
}
