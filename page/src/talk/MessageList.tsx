// A scrolling list that stays at its end while a person reads there.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

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
          New messages ↓
        </button>
      )}
    </div>
  );
}

// As near to the end as still counts as reading there, in pixels.
const NEAR = 80;

function useEnd(newest: string | undefined, sent: number) {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [missed, setMissed] = useState(false);
  const toEnd = () => {
    const box = list.current;
    if (box) box.scrollTop = box.scrollHeight;
  };
  const onScroll = () => {
    const box = list.current;
    if (!box) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (atEnd.current) setMissed(false);
  };
  // Cards grow after they are drawn (fonts, pictures, edits): follow their size, not only their number.
  useEffect(() => {
    const watch = new ResizeObserver(() => atEnd.current && toEnd());
    if (content.current) watch.observe(content.current);
    if (list.current) watch.observe(list.current);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    atEnd.current = true;
    toEnd();
  }, [sent]);
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
    else setMissed(true);
  }, [newest]);
  return { list, content, missed, onScroll, toEnd };
}
