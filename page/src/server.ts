// Every request the page makes. A refusal becomes an Error whose message is fit for people.
import type { Choice, Choices, Option, OptionGroup } from "./blocks/kit";
import type { Workspace } from "./workspace";

export type Container =
  | { type: "message"; channel: string; ts: string; ephemeral?: boolean }
  | { type: "view"; view_id: string };

type ClickTarget = { container: Container; block_id: string; action_id: string };

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
  home: () => call("home", {}),
  read: (channel: string) => call("read", { channel }),
  push: (job_id: number) => call("push", { job_id }),
  restart: (job_id: number) => call("restart", { job_id }),
  longer: (job_id: number) => call("longer", { job_id }),
  trouble: (name: string, is_on: boolean) => call("trouble", { name, is_on }),
};

async function call<Answer = unknown>(name: string, body?: object): Promise<Answer> {
  const answer = await fetch(`/page/${name}`, body ? post(body) : {}).catch(() => {
    throw new Error("The demo does not answer. Is it still running?");
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(reason(text) || `The demo answered ${answer.status}.`);
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
