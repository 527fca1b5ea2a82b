// Every request the page makes. A refusal becomes an Error whose message is fit for people.
import type { Choice, Choices, Option, OptionGroup } from "./blocks/kit";
import { frame } from "./words";
import type { Attachment, Workspace } from "./workspace";

export type Container =
  | { type: "message"; channel: string; ts: string; ephemeral?: boolean }
  | { type: "view"; view_id: string };

type ClickTarget = { container: Container; block_id: string; action_id: string };

// Who looks: the signed-in person, until somebody else takes the seat. Each tab has its own.
const READER = "reader";
export const reader = () => sessionStorage.getItem(READER) ?? "";
export const sitAs = (user: string) => sessionStorage.setItem(READER, user);
export const addressOf = (name: string) => `/page/${name}${reader() && `?as=${reader()}`}`;

export const server = {
  state: () => call<Workspace>("state"),
  say: (channel: string, text: string, thread_ts?: string) =>
    call("say", { channel, text, thread_ts }),
  click: (target: ClickTarget, choice: Choice) => call("click", { ...target, ...choice }),
  options: (target: ClickTarget, value: string) =>
    call<{ options?: Option[]; option_groups?: OptionGroup[] }>("options", { ...target, value }),
  submit: (view_id: string, values: Choices) =>
    call<{ errors?: Record<string, string> }>("submit", { view_id, values }),
  close: (view_id: string) => call("close", { view_id }),
  shortcut: (callback_id: string, on: { channel: string } | { container: Container }) =>
    call("shortcut", { callback_id, ...on }),
  preview: (channel: string, text: string) =>
    call<{ cards: Attachment[] }>("preview", { channel, text }),
  home: () => call("home", {}),
  read: (channel: string) => call("read", { channel }),
  push: (job_id: number) => call("push", { job_id }),
  restart: (job_id: number) => call("restart", { job_id }),
  trouble: (name: string, is_on: boolean) => call("trouble", { name, is_on }),
  moment: (name: string) => call("moment", { name }),
};

async function call<Answer = unknown>(name: string, body?: object): Promise<Answer> {
  const answer = await fetch(addressOf(name), body ? post(body) : {}).catch(() => {
    throw new Error(frame().noAnswer);
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(reason(text) || frame().oddAnswer(answer.status));
  return (text ? JSON.parse(text) : {}) as Answer;
}

function post(body: object): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
}

function reason(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === "string" ? error : "";
  } catch {
    return text.slice(0, 200);
  }
}
