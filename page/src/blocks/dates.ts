// Slack's date tokens and the page's clock times, in the reader's own time zone and hour style.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting

const DAY_MS = 86_400_000;

export function clockTime(at: Date, seconds = false): string {
  return at.toLocaleTimeString(undefined, {
    hour: "numeric",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
  });
}

export function fullTime(at: Date): string {
  return `${formatDate(at, "{date_long}", at)} at ${clockTime(at, true)}`;
}

export function timeOf(ts: string): Date {
  return new Date(Number.parseFloat(ts) * 1000);
}

export function dayOf(at: Date, now: Date): string {
  return nearDay(at, now) ?? `${weekday(at)}, ${month(at)} ${ordinal(at.getDate())}`;
}

// Replaces every token of `format`; a token unknown to us stays as it is.
export function formatDate(at: Date, format: string, now: Date): string {
  return format.replace(/\{(\w+)\}/g, (token, name: string) => TOKENS[name]?.(at, now) ?? token);
}

const TOKENS: Record<string, (at: Date, now: Date) => string> = {
  date_num: (at) => [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-"),
  date_slash: (at) => [two(at.getMonth() + 1), two(at.getDate()), at.getFullYear()].join("/"),
  date: longDate,
  date_short: shortDate,
  date_long: (at) => `${weekday(at)}, ${longDate(at)}`,
  date_pretty: (at, now) => lower(nearDay(at, now)) ?? longDate(at),
  date_short_pretty: (at, now) => lower(nearDay(at, now)) ?? shortDate(at),
  date_long_pretty: (at, now) => lower(nearDay(at, now)) ?? `${weekday(at)}, ${longDate(at)}`,
  time: (at) => clockTime(at),
  time_secs: (at) => clockTime(at, true),
  ago: (at, now) => ago(at.getTime() - now.getTime()),
};

function nearDay(at: Date, now: Date): string | undefined {
  const midnight = (day: Date) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const days = Math.round((midnight(at) - midnight(now)) / DAY_MS);
  return { "0": "Today", "1": "Tomorrow", "-1": "Yesterday" }[String(days)];
}

function longDate(at: Date): string {
  return `${month(at)} ${ordinal(at.getDate())}, ${at.getFullYear()}`;
}

function shortDate(at: Date): string {
  return at.toLocaleDateString("en-US", { month: "short", day: "numeric", year: "numeric" });
}

function weekday(at: Date): string {
  return at.toLocaleDateString("en-US", { weekday: "long" });
}

function month(at: Date): string {
  return at.toLocaleDateString("en-US", { month: "long" });
}

function ordinal(day: number): string {
  const teen = day > 10 && day < 14;
  return day + (teen ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th"));
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}

function lower(word: string | undefined): string | undefined {
  return word?.toLowerCase();
}

const STEPS = [
  { unit: "day", ms: DAY_MS },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
  { unit: "second", ms: 1000 },
] as const;

function ago(distance: number): string {
  const step = STEPS.find(({ ms }) => Math.abs(distance) >= ms) ?? STEPS[3];
  return new Intl.RelativeTimeFormat("en").format(Math.trunc(distance / step.ms), step.unit);
}
