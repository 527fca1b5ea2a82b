// Cards below a message, each with a bar at its left.
import type { Attachment } from "../workspace";
import { Blocks } from "./Blocks";

export function Attachments({ cards }: { cards: Attachment[] }) {
  return cards.map((card, at) => (
    <div key={at} className="attachment" data-testid="attachment">
      <span className="attachment-bar" style={{ background: card.color }} />
      <Blocks blocks={card.blocks ?? []} />
    </div>
  ));
}
