// A scrolling list that stays at its end while a person reads there; a long answer begins at its
// first line.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { frame } from "../words";

// `sent` counts what the person sent here: whoever speaks wants to see the answer.
type MessageListProps = {
  label: string;
  newest: string | undefined;
  sent: number;
  children: ReactNode;
};

export function MessageList({ label, newest, sent, children }: MessageListProps) {
  const { list, content, missed, onScroll, toEnd } = useEnd(newest, sent);
  return (
    <div className="list-frame">
      <div
        ref={list}
        className="message-list"
        role="region"
        aria-label={label}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div ref={content} className="message-stack">
          {children}
        </div>
      </div>
      {missed && (
        <button type="button" className="missed" onClick={toEnd}>
          {frame().newMessages} ↓
        </button>
      )}
    </div>
  );
}

// As near to the end as still counts as reading there, in pixels.
const NEAR = 80;

// At the end of the list, or at the beginning of a last message that is taller than the list.
function useEnd(newest: string | undefined, sent: number) {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // Where the last message begins, while that is what is shown.
  const start = useRef<number | null>(null);
  const [missed, setMissed] = useState(false);
  const toEnd = () => {
    const box = list.current;
    if (!box) return;
    const end = box.scrollHeight - box.clientHeight;
    const begin = beginningOf(content.current?.lastElementChild, box) ?? end;
    box.scrollTop = Math.min(begin, end);
    atEnd.current = begin >= end;
    start.current = atEnd.current ? null : box.scrollTop;
    setMissed(false);
  };
  const onScroll = () => {
    const box = list.current;
    if (!box || (start.current !== null && Math.abs(box.scrollTop - start.current) < 2)) return;
    start.current = null;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (atEnd.current) setMissed(false);
  };
  // Cards grow after they are drawn (fonts, pictures, edits): follow their size, not only their number.
  useEffect(() => {
    let height = 0;
    const watch = new ResizeObserver(() => {
      const box = list.current;
      const before = height;
      height = content.current?.lastElementChild?.clientHeight ?? 0;
      if (!box || !atEnd.current) return;
      // Who has read a long message to its end stays there.
      if (before > box.clientHeight) box.scrollTop = box.scrollHeight;
      else toEnd();
    });
    if (content.current) watch.observe(content.current);
    if (list.current) watch.observe(list.current);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const box = list.current;
    if (!box || sent === 0) return;
    atEnd.current = true;
    start.current = null;
    box.scrollTop = box.scrollHeight;
  }, [sent]);
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
    else setMissed(true);
  }, [newest]);
  return { list, content, missed, onScroll, toEnd };
}

function beginningOf(message: Element | null | undefined, box: HTMLElement): number | undefined {
  if (!message) return undefined;
  return message.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
}
