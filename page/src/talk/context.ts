// The workspace at hand, for everything that draws conversations.
import { createContext, useContext } from "react";
import type { Dispatch } from "react";
import { SLACKBOT } from "../changes";
import type { Held, Local } from "../changes";
import type { Change, Message } from "../workspace";

type Workspace = { held: Held; dispatch: Dispatch<Change | Local> };

export const WorkspaceContext = createContext<Workspace | null>(null);

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error("There is no workspace around this component.");
  return workspace;
}

// Who is who. Changes far less often than the rest, so that messages need not be drawn again.
export type Cast = Pick<Held, "users" | "me" | "bot">;

export const CastContext = createContext<Cast | null>(null);

export function useCast(): Cast {
  const cast = useContext(CastContext);
  if (!cast) throw new Error("There is no cast around this component.");
  return cast;
}

export function authorOf(cast: Cast, message: Message): { name: string; isApp: boolean } {
  if (message.user === SLACKBOT) return { name: "Slackbot", isApp: false };
  const user = cast.users[message.user];
  const name = message.username ?? (user?.real_name || user?.name);
  return { name: name ?? cast.bot.name, isApp: Boolean(message.bot_id) || Boolean(user?.is_bot) };
}
