// Escape closes one thing at a time: what lies on top of a pane comes before the pane.
export function closesPane({ key }: { key: string }): boolean {
  return key === "Escape" && !document.querySelector(":popover-open, dialog[open]");
}
