// What the composer offers while a person types: commands, things to try, people. Pure.
import type { SlashCommand, User } from "../workspace";

export type Completion = {
  kind: "command" | "try" | "person";
  text: string;
  title: string;
  hint: string;
};

export function completions(
  typed: string,
  offers: { commands: SlashCommand[]; suggestions: string[]; users: User[] },
): Completion[] {
  const name = /(?:^|\s)@([\w.-]*)$/.exec(typed);
  if (name) return people(typed, name[1] ?? "", offers.users);
  if (!typed.startsWith("/")) return [];
  if (!typed.includes(" ")) return commands(typed, offers.commands);
  return offers.suggestions
    .filter((one) => one.startsWith(typed) && one !== typed)
    .map((one) => ({ kind: "try", text: one, title: one, hint: "" }));
}

function commands(typed: string, known: SlashCommand[]): Completion[] {
  return known
    .filter(({ command }) => command.startsWith(typed) && command !== typed)
    .map(({ command, usage_hint, description }) => ({
      kind: "command",
      text: `${command} `,
      title: `${command} ${usage_hint}`,
      hint: description,
    }));
}

function people(typed: string, part: string, users: User[]): Completion[] {
  return users
    .filter(({ name }) => name.startsWith(part) && name !== part)
    .map(({ name, real_name }) => ({
      kind: "person",
      text: `${typed.slice(0, typed.length - part.length)}${name} `,
      title: `@${name}`,
      hint: real_name,
    }));
}
