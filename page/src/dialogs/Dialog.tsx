// A modal dialog: the browser keeps the focus inside and gives it back at the end.
import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";
import { CloseIcon } from "../icons";

type DialogProps = {
  title: ReactNode;
  testId: string;
  onCancel: () => void;
  footer: ReactNode;
  children: ReactNode;
};

const FIRST = ".dialog-body :is(input, textarea, .select)";

export function Dialog({ title, testId, onCancel, footer, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => {
    const box = dialog.current;
    const before = document.activeElement;
    box?.showModal();
    // A form begins at its first question, not at the button that closes it.
    box?.querySelector<HTMLElement>(FIRST)?.focus();
    return () => {
      box?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      data-testid={testId}
      aria-labelledby={label}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <header>
        <h2 id={label}>{title}</h2>
        <button type="button" className="ghost" aria-label="Close" onClick={onCancel}>
          <CloseIcon />
        </button>
      </header>
      <div className="dialog-body">{children}</div>
      <footer>{footer}</footer>
    </dialog>
  );
}
