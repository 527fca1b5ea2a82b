// A button that opens a menu, and the menu's lines.
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Popover } from "./Popover";

export type MenuItem = {
  key: string;
  face: ReactNode;
  hint?: ReactNode;
  checked?: boolean;
  choose: () => void;
};

type MenuButtonProps = {
  label: string;
  icon: ReactNode;
  // The heading of the menu.
  title?: ReactNode;
  items: MenuItem[];
  className?: string;
  testId?: string;
};

export function MenuButton(props: MenuButtonProps) {
  const { label, icon, title, items, className = "ghost", testId } = props;
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={className}
        data-testid={testId}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {icon}
      </button>
      {open && (
        <Popover anchor={anchor} onClose={() => setOpen(false)} className="menu">
          {title && <p className="menu-title">{title}</p>}
          <MenuItems label={label} items={items} onChosen={close} />
        </Popover>
      )}
    </>
  );
}

type MenuItemsProps = { label: string; items: MenuItem[]; onChosen: () => void };

export function MenuItems({ label, items, onChosen }: MenuItemsProps) {
  const list = useRef<HTMLDivElement>(null);
  const buttons = () => [...(list.current?.querySelectorAll("button") ?? [])];
  useEffect(() => {
    buttons()[0]?.focus();
  }, []);
  const move = (step: number) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    <div
      ref={list}
      role="menu"
      aria-label={label}
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        move(step);
      }}
    >
      {items.map(({ key, face, hint, checked, choose }) => (
        <button
          key={key}
          type="button"
          role={checked === undefined ? "menuitem" : "menuitemradio"}
          aria-checked={checked}
          onClick={() => {
            onChosen();
            choose();
          }}
        >
          {face}
          {hint && <span className="small">{hint}</span>}
        </button>
      ))}
    </div>
  );
}
