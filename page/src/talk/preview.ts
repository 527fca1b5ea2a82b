// The cards of links that stand in a composer, before anything is sent.
import { useEffect, useState } from "react";
import { server } from "../server";
import type { Attachment } from "../workspace";

const LINK = /https?:\/\/[^\s<>]+/g;
// Nobody is asked of a link that is still being written.
const PAUSE_MS = 300;

export function usePreview(channel: string, text: string) {
  const [cards, setCards] = useState<Attachment[]>([]);
  const links = text.startsWith("/") ? "" : (text.match(LINK) ?? []).join(" ");
  useEffect(() => {
    setCards([]);
    if (!links) return;
    let isWanted = true;
    const show = ({ cards: found }: { cards: Attachment[] }) => isWanted && setCards(found);
    const ask = () => void server.preview(channel, links).then(show, () => undefined);
    const timer = setTimeout(ask, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [channel, links]);
  return { cards, dismiss: () => setCards([]) };
}
