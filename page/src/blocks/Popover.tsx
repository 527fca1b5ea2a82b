// A panel beside its anchor, above everything; the browser closes it on Escape or a click outside.
import { useLayoutEffect, useRef } from "react";
import type { ReactNode, RefObject } from "react";

type PopoverProps = {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  className: string;
  children: ReactNode;
};

const MARGIN = 8;

export function Popover({ anchor, onClose, className, children }: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = panel.current;
    if (!box) return;
    const follow = () => anchor.current && place(box, anchor.current.getBoundingClientRect());
    // Options that come later change its size; scrolling moves the anchor.
    const watch = new ResizeObserver(follow);
    box.showPopover();
    follow();
    watch.observe(box);
    addEventListener("scroll", follow, true);
    return () => {
      watch.disconnect();
      removeEventListener("scroll", follow, true);
    };
  }, [anchor]);
  return (
    <div
      ref={panel}
      popover="auto"
      className={`popover ${className}`}
      onToggle={(event) => event.newState === "closed" && onClose()}
    >
      {children}
    </div>
  );
}

function place(panel: HTMLElement, anchor: DOMRect): void {
  panel.style.minWidth = `${anchor.width}px`;
  const { width, height } = panel.getBoundingClientRect();
  const below = anchor.bottom + 4;
  const top = below + height + MARGIN > innerHeight ? anchor.top - height - 4 : below;
  panel.style.top = `${Math.max(MARGIN, top)}px`;
  panel.style.left = `${Math.max(MARGIN, Math.min(anchor.left, innerWidth - width - MARGIN))}px`;
}
