// The workspace's name and its conversations, with what is unread.
import { Avatar } from "../talk/Avatar";
import { useWorkspace } from "../talk/context";
import { MenuButton } from "../blocks/Menu";
import { CaretIcon, HashIcon, LockIcon } from "../icons";
import { frame } from "../words";
import type { Channel } from "../workspace";

type SidebarProps = {
  active: string | undefined;
  onOpen: (channel: string) => void;
  onSit: (user: string) => void;
};

const groups = (): { title: string; kinds: Channel["kind"][] }[] => [
  { title: frame().channels, kinds: ["channel", "private"] },
  { title: frame().directMessages, kinds: ["dm"] },
  { title: frame().apps, kinds: ["app"] },
];

export function Sidebar({ active, onOpen, onSit }: SidebarProps) {
  const { held } = useWorkspace();
  return (
    <nav className="sidebar" aria-label={frame().conversations}>
      <h1>{held.team.name}</h1>
      <div className="sidebar-list">
        {groups().map(({ title, kinds }) => {
          const channels = held.channels.filter(({ kind }) => kinds.includes(kind));
          if (channels.length === 0) return null;
          return (
            <section key={title} aria-label={title}>
              <h2>{title}</h2>
              {channels.map((channel) => (
                <Item
                  key={channel.id}
                  channel={channel}
                  active={channel.id === active}
                  onOpen={onOpen}
                />
              ))}
            </section>
          );
        })}
      </div>
      <footer>
        <Seat onSit={onSit} />
      </footer>
    </nav>
  );
}

// Whose seat this is. Everybody reads what is theirs, in their own language and time.
function Seat({ onSit }: { onSit: (user: string) => void }) {
  const { held } = useWorkspace();
  const { me, users, readers } = held;
  const items = readers.flatMap((id) => {
    const user = users[id];
    if (!user) return [];
    const face = (
      <>
        <Avatar user={id} small />
        <span className="seat-name">{user.real_name}</span>
        <span className="seat-language">{languageOf(user.locale)}</span>
      </>
    );
    return [{ key: id, face, checked: id === me.id, choose: () => onSit(id) }];
  });
  const face = (
    <>
      <Avatar user={me.id} small />
      <span className="seat-name">{me.real_name}</span>
      <span className="seat-language">{languageOf(me.locale)}</span>
      <CaretIcon />
    </>
  );
  return (
    <MenuButton
      label={frame().seat(me.real_name)}
      icon={face}
      title={frame().lookAs}
      items={items}
      className="seat"
      testId="seat"
    />
  );
}

// A language in its own words.
function languageOf(locale: string): string {
  const language = locale.split("-")[0];
  return (language && new Intl.DisplayNames([language], { type: "language" }).of(language)) ?? "";
}

type ItemProps = { channel: Channel; active: boolean; onOpen: (channel: string) => void };

function Item({ channel, active, onOpen }: ItemProps) {
  const unread = channel.unread > 0 && !active;
  const isDirect = channel.kind === "dm" || channel.kind === "app";
  // A channel with news is bold; a number says that somebody speaks to you.
  const count = isDirect ? channel.unread : channel.mentions;
  return (
    <button
      type="button"
      className={`channel-item ${unread ? "unread" : ""}`}
      data-testid="channel-item"
      data-channel={channel.id}
      data-channel-name={channel.name}
      aria-current={active ? "page" : undefined}
      onClick={() => onOpen(channel.id)}
    >
      <Mark channel={channel} />
      <span className="channel-name">{channel.name}</span>
      {unread && count > 0 && (
        <span
          className="badge"
          aria-label={isDirect ? frame().unread(count) : frame().mentions(count)}
        >
          {count}
        </span>
      )}
    </button>
  );
}

function Mark({ channel }: { channel: Channel }) {
  const { held } = useWorkspace();
  if (channel.kind === "channel") return <HashIcon />;
  if (channel.kind === "private") return <LockIcon />;
  if (channel.kind === "app") return <Avatar user={held.bot.user_id} small />;
  const other = Object.values(held.users).find(({ name }) => name === channel.name);
  return <Avatar user={other?.id ?? channel.name} small />;
}
