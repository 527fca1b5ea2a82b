// Keeps the keyboard inside a dialog, whatever is drawn anew in it, and lets Escape close it always.
import { useEffect, useRef } from "react";
import type { RefObject } from "react";

type Place = { block: string; action: string };

const FIRST = ".dialog-body :is(input, textarea, .select)";
const ACTS = "[data-action], input, textarea, button";

// A form begins at its first question, not at the button that closes it. Of radio buttons the chosen
// one: the keyboard goes on from there.
export function firstField(box: HTMLElement): HTMLElement | null {
  const first = box.querySelector<HTMLElement>(FIRST);
  if (!(first instanceof HTMLInputElement) || first.type !== "radio") return first;
  const group = `input[name="${CSS.escape(first.name)}"]`;
  return box.querySelector<HTMLElement>(`${group}:checked`) ?? first;
}

// What has the focus may be drawn anew: then its successor gets it, else the first field, else the box.
export function useKeptFocus(dialog: RefObject<HTMLDialogElement | null>) {
  const place = useRef<Place | null>(null);
  useEffect(() => {
    const box = dialog.current;
    if (!box) return;
    const note = ({ target }: FocusEvent) => {
      place.current = target instanceof HTMLElement ? placeOf(target) : null;
    };
    const keep = () => {
      if (!isOnTop(box) || box.contains(document.activeElement)) return;
      (fieldAt(box, place.current) ?? firstField(box) ?? box).focus();
    };
    const watch = new MutationObserver(keep);
    box.addEventListener("focusin", note);
    watch.observe(box, { childList: true, subtree: true });
    return () => {
      box.removeEventListener("focusin", note);
      watch.disconnect();
    };
  }, [dialog]);
}

// The browser closes a dialog by itself where a person has pressed nothing in it yet, and asks nobody.
export function useEscapeFrom(dialog: RefObject<HTMLDialogElement | null>, close: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const box = dialog.current;
      if (event.key !== "Escape" || event.isComposing || !box || !isOnTop(box)) return;
      if (box.querySelector(":popover-open")) return;
      event.preventDefault();
      event.stopPropagation();
      close();
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  });
}

// Gives the focus back to where it was before a dialog, or to the dialog below it.
export function giveBack(before: Element | null) {
  if (before instanceof HTMLElement && before.isConnected) before.focus();
  else topmost()?.focus();
}

const topmost = () => [...document.querySelectorAll<HTMLDialogElement>("dialog[open]")].at(-1);

const isOnTop = (box: HTMLDialogElement) => topmost() === box;

function placeOf(target: HTMLElement): Place {
  const within = (name: string) =>
    target.closest(`[data-${name}]`)?.getAttribute(`data-${name}`) ?? "";
  return { block: within("block-id"), action: within("action") };
}

function fieldAt(box: HTMLElement, place: Place | null): HTMLElement | null {
  if (!place?.block) return null;
  const block = box.querySelector(`[data-block-id="${CSS.escape(place.block)}"]`);
  const action = `[data-action="${CSS.escape(place.action)}"]`;
  const own = (block ?? box).querySelector<HTMLElement>(action);
  const field = own ?? block?.querySelector<HTMLElement>(ACTS);
  // Around radio buttons stands a group, which takes no focus.
  return field?.matches(".choices") ? field.querySelector("input") : (field ?? null);
}
