// What was sent from this box, to be called back with the arrow keys.
import { useRef } from "react";

export function useHistory() {
  const sent = useRef<string[]>([]);
  const at = useRef(0);
  const show = (place: number) => {
    at.current = Math.max(0, Math.min(place, sent.current.length));
    return sent.current[at.current] ?? "";
  };
  return {
    keep(text: string) {
      if (sent.current.at(-1) !== text) sent.current.push(text);
      at.current = sent.current.length;
    },
    // True while the box shows nothing of its own: empty, or a recalled line left as it was.
    holds: (text: string) => sent.current.length > 0 && text === (sent.current[at.current] ?? ""),
    older: () => show(at.current - 1),
    newer: () => show(at.current + 1),
  };
}
