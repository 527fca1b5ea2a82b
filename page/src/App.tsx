// The page: a workspace at the left, the conversation, and the cloud it speaks of at the right.
import { useEffect, useMemo, useState } from "react";
import { demoNow, isoDay, readAs, setNow } from "./blocks/dates";
import { DirectoryContext } from "./blocks/drawn";
import type { Directory } from "./blocks/drawn";
import type { Held } from "./changes";
import { ConfirmProvider } from "./dialogs/Confirm";
import { Modal } from "./dialogs/Modal";
import { useLiveWorkspace } from "./live";
import { server } from "./server";
import { CloudPanel } from "./shell/CloudPanel";
import { Sidebar } from "./shell/Sidebar";
import { TopBar } from "./shell/TopBar";
import { Announcer } from "./talk/Announcer";
import { ChannelPane } from "./talk/ChannelPane";
import { ThreadPane } from "./talk/ThreadPane";
import { closesPane } from "./escape";
import { CastContext, WorkspaceContext } from "./talk/context";
import type { Cast } from "./talk/context";
import { ThemeContext, useThemeChoice } from "./theme";
import { frame, speakAs } from "./words";

export function App() {
  const { held, connected, dispatch, sit } = useLiveWorkspace();
  const [theme, toggleTheme] = useThemeChoice();
  if (held) {
    readAs(held.me);
    document.documentElement.lang = speakAs(held.me.locale).language;
    setNow(held.cloud.clock);
  }
  const cast = useCastOf(held);
  const directory = useDirectory(held);
  const workspace = useMemo(() => held && { held, dispatch }, [held, dispatch]);
  if (!workspace) return <p className="loading">{connected ? frame().opening : frame().waiting}</p>;
  return (
    <ThemeContext value={theme}>
      <DirectoryContext value={directory}>
        <WorkspaceContext value={workspace}>
          <CastContext value={cast}>
            <ConfirmProvider>
              <Workbench
                key={workspace.held.me.id}
                held={workspace.held}
                connected={connected}
                onToggleTheme={toggleTheme}
                onSit={sit}
              />
            </ConfirmProvider>
          </CastContext>
        </WorkspaceContext>
      </DirectoryContext>
    </ThemeContext>
  );
}

// Below this width the thread covers the cloud (css/narrow.css).
const ROOM_FOR_BOTH = 1360;
// Below this one the cloud covers the conversation, too.
const ROOM_BESIDE = 820;

type WorkbenchProps = {
  held: Held;
  connected: boolean;
  onToggleTheme: () => void;
  onSit: (user: string) => void;
};

function Workbench({ held, connected, onToggleTheme, onSit }: WorkbenchProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [thread, setThread] = useState<string | null>(null);
  const [cloudOpen, setCloudOpen] = useState(() => innerWidth >= 1100);
  const [menuOpen, setMenuOpen] = useState(false);
  const channel = held.channels.find(({ id }) => id === chosen) ?? held.channels[0];
  useReading(channel);
  useDrawer(menuOpen, () => setMenuOpen(false));
  useEscape(
    cloudOpen && !menuOpen && !thread,
    () => innerWidth < ROOM_BESIDE && setCloudOpen(false),
  );
  const open = (id: string) => {
    setChosen(id);
    setThread(null);
    setMenuOpen(false);
    if (innerWidth < ROOM_BESIDE) setCloudOpen(false);
  };
  const toggleCloud = () => {
    const hidden = thread !== null && innerWidth < ROOM_FOR_BOTH;
    if (hidden) setThread(null);
    setCloudOpen(hidden || !cloudOpen);
  };
  return (
    <div className="page" data-menu={menuOpen}>
      <TopBar
        connected={connected}
        cloudOpen={cloudOpen}
        onToggleTheme={onToggleTheme}
        onToggleCloud={toggleCloud}
        onToggleMenu={() => setMenuOpen(!menuOpen)}
      />
      {menuOpen && <div className="drawer-back" onClick={() => setMenuOpen(false)} />}
      <Sidebar active={channel?.id} onOpen={open} onSit={onSit} />
      {channel && (
        <ChannelPane key={channel.id} channel={channel} thread={thread} onThread={setThread} />
      )}
      {channel && thread && (
        <ThreadPane
          key={thread}
          channel={channel}
          parentTs={thread}
          onClose={() => setThread(null)}
        />
      )}
      {cloudOpen && <CloudPanel cloud={held.cloud} onClose={() => setCloudOpen(false)} />}
      {held.modal && <Modal key={held.modal.id} view={held.modal} />}
      <Announcer channel={channel?.id} />
    </div>
  );
}

function useEscape(isOpen: boolean, close: () => void) {
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent) => closesPane(event) && close();
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isOpen]);
}

// The drawer has the focus while it is open, and closes where that goes on without it.
function useDrawer(isOpen: boolean, close: () => void) {
  useEscape(isOpen, () => {
    close();
    document.querySelector<HTMLElement>(".menu-button")?.focus();
  });
  useEffect(() => {
    if (!isOpen) return;
    document.querySelector<HTMLElement>(".sidebar [aria-current]")?.focus();
    const onFocus = ({ target }: FocusEvent) =>
      target instanceof Element && !target.closest(".sidebar, .menu-button") && close();
    addEventListener("focusin", onFocus);
    return () => removeEventListener("focusin", onFocus);
  }, [isOpen]);
}

// An open channel in a visible page counts as read.
function useReading(channel: Held["channels"][number] | undefined) {
  const id = channel?.id;
  const unread = channel?.unread ?? 0;
  useEffect(() => {
    const read = () => {
      if (id && unread > 0 && !document.hidden) void server.read(id).catch(() => undefined);
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [id, unread]);
}

function useCastOf(held: Held | null): Cast | null {
  const { users, me, bot } = held ?? {};
  return useMemo(() => (users && me && bot ? { users, me, bot } : null), [users, me, bot]);
}

// The same directory as long as the names are the same, however often the channels change.
function useDirectory(held: Held | null): Directory {
  const users = Object.values(held?.users ?? {}).map(({ id, name }) => ({ id, name }));
  const channels = (held?.channels ?? [])
    .filter(({ kind }) => kind === "channel" || kind === "private")
    .map(({ id, name }) => ({ id, name }));
  // On another day "today" is another word, too.
  const version = JSON.stringify({ users, channels, me: held?.me.id, day: isoDay(demoNow()) });
  return useMemo(() => ({ users, channels, version }), [version]);
}
