// The app's shortcuts as lines of a menu.
import type { MenuItem } from "../blocks/Menu";
import { server } from "../server";
import type { Container } from "../server";
import type { Shortcut } from "../workspace";
import { Avatar } from "./Avatar";
import { useWorkspace } from "./context";

export function useShortcuts(
  type: Shortcut["type"],
  channel: string,
  on: { channel: string } | { container: Container },
) {
  const { held, dispatch } = useWorkspace();
  const run = (shortcut: Shortcut) =>
    void server
      .shortcut(shortcut.callback_id, on)
      .catch((error: Error) => dispatch({ kind: "notice", channel, text: error.message }));
  const items: MenuItem[] = held.shortcuts
    .filter((one) => one.type === type)
    .map((one) => ({
      key: one.callback_id,
      face: one.name,
      hint: one.description,
      choose: () => run(one),
    }));
  const title = (
    <>
      <Avatar user={held.bot.user_id} small /> {held.bot.name}
    </>
  );
  return { title, items };
}
