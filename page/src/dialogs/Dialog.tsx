// A modal dialog: the browser keeps the focus inside and gives it back at the end.
import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";
import { CloseIcon } from "../icons";
import { frame } from "../words";
import { firstField, giveBack, useEscapeFrom, useKeptFocus } from "./focus";

type DialogProps = {
  title: ReactNode;
  testId: string;
  onCancel: () => void;
  footer: ReactNode;
  children: ReactNode;
};

export function Dialog({ title, testId, onCancel, footer, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  useKeptFocus(dialog);
  useEscapeFrom(dialog, onCancel);
  useEffect(() => {
    const box = dialog.current;
    const before = document.activeElement;
    box?.showModal();
    if (box) firstField(box)?.focus();
    return () => {
      box?.close();
      giveBack(before);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      data-testid={testId}
      aria-labelledby={label}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <header>
        <h2 id={label}>{title}</h2>
        <button type="button" className="ghost" aria-label={frame().close} onClick={onCancel}>
          <CloseIcon />
        </button>
      </header>
      <div className="dialog-body">{children}</div>
      <footer>{footer}</footer>
    </dialog>
  );
}
