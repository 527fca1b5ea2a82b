// A person's initial on their colour, or the bot's rising line.
import { SLACKBOT } from "../changes";
import { useCast } from "./context";

export function Avatar({ user, small = false }: { user: string; small?: boolean }) {
  const { users, me, bot } = useCast();
  const known = users[user] ?? (user === me.id ? me : undefined);
  const size = small ? 20 : 36;
  if (user === bot.user_id) return <BotMark size={size} />;
  const name = user === SLACKBOT ? "S" : known?.real_name || known?.name || user;
  return (
    <svg className="avatar" width={size} height={size} viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx="8" fill={colour(known?.color)} />
      <text x="18" y="24.5" textAnchor="middle" fontSize="18" fontWeight="700" fill="#fff">
        {name.charAt(0).toUpperCase()}
      </text>
    </svg>
  );
}

function BotMark({ size }: { size: number }) {
  return (
    <svg className="avatar" width={size} height={size} viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx="8" fill="#1f3a5f" />
      <path
        d="M8 25l7-9 5.5 5L29 10"
        fill="none"
        stroke="#6fdcb0"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

function colour(given: string | undefined): string {
  if (!given) return "#5b6478";
  return given.startsWith("#") ? given : `#${given}`;
}
