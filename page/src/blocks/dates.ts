// Slack's date tokens and the page's clock times, in the reader's own time zone and hour style.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
import { frame } from "../words";

const DAY_MS = 86_400_000;

// The reader's time zone and language (none: the browser's), and how far the demo's clock is ahead.
let timeZone: string | undefined;
let locale: string | undefined;
let aheadMs = 0;

export function readAs(reader: { tz: string; locale: string }): void {
  timeZone = reader.tz || undefined;
  locale = reader.locale.startsWith("en") ? undefined : reader.locale || undefined;
}

export function setNow(clock: string): void {
  aheadMs = Date.parse(clock) - Date.now();
}

// The demo's own moment: its clock can be moved.
export function demoNow(): Date {
  return new Date(Date.now() + aheadMs);
}

export function clockTime(at: Date, seconds = false): string {
  return at.toLocaleTimeString(locale, {
    hour: "numeric",
    minute: "2-digit",
    timeZone,
    ...(seconds ? { second: "2-digit" } : {}),
  });
}

// A weekday and a clock time in a given zone, with a space between them in every language.
export function weekTime(at: Date, zone: string): string {
  const day = at.toLocaleDateString(locale, { weekday: "short", timeZone: zone });
  const clock = { hour: "numeric", minute: "2-digit", timeZone: zone } as const;
  return `${day} ${at.toLocaleTimeString(locale, clock)}`;
}

export function fullTime(at: Date): string {
  return frame().at(formatDate(at, "{date_long}", at), clockTime(at, true));
}

export function timeOf(ts: string): Date {
  return new Date(Number.parseFloat(ts) * 1000);
}

// `today` is an isoDay.
export function dayOf(at: Date, today: string): string {
  const day = nearDay(at, today);
  if (day || locale) return day ?? weekdayDate(at);
  return `${weekday(at)}, ${month(at)} ${ordinal(dateOf(at))}`;
}

// Replaces every token of `format`; a token unknown to us stays as it is.
export function formatDate(at: Date, format: string, now: Date): string {
  return format.replace(/\{(\w+)\}/g, (token, name: string) => TOKENS[name]?.(at, now) ?? token);
}

const TOKENS: Record<string, (at: Date, now: Date) => string> = {
  date_num: isoDay,
  date_slash: (at) => isoDay(at).replace(/(\d+)-(\d+)-(\d+)/, "$2/$3/$1"),
  date: longDate,
  date_short: shortDate,
  date_long: weekdayDate,
  date_pretty: (at, now) => lower(nearDay(at, isoDay(now))) ?? longDate(at),
  date_short_pretty: (at, now) => lower(nearDay(at, isoDay(now))) ?? shortDate(at),
  date_long_pretty: (at, now) => lower(nearDay(at, isoDay(now))) ?? weekdayDate(at),
  time: (at) => clockTime(at),
  time_secs: (at) => clockTime(at, true),
  ago: (at, now) => ago(at.getTime() - now.getTime()),
};

function nearDay(at: Date, today: string): string | undefined {
  const days = Math.round((Date.parse(isoDay(at)) - Date.parse(today)) / DAY_MS);
  if (Math.abs(days) > 1) return undefined;
  const words = new Intl.RelativeTimeFormat(locale ?? "en", { numeric: "auto" });
  const word = words.format(days, "day");
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function longDate(at: Date): string {
  if (locale) return at.toLocaleDateString(locale, { dateStyle: "long", timeZone });
  return `${month(at)} ${ordinal(dateOf(at))}, ${isoDay(at).slice(0, 4)}`;
}

function weekdayDate(at: Date): string {
  if (locale) return at.toLocaleDateString(locale, { dateStyle: "full", timeZone });
  return `${weekday(at)}, ${longDate(at)}`;
}

function shortDate(at: Date): string {
  return at.toLocaleDateString(locale ?? "en-US", {
    month: "short",
    day: "numeric",
    year: "numeric",
    timeZone,
  });
}

function weekday(at: Date): string {
  return at.toLocaleDateString("en-US", { weekday: "long", timeZone });
}

function month(at: Date): string {
  return at.toLocaleDateString("en-US", { month: "long", timeZone });
}

function ordinal(day: number): string {
  const teen = day > 10 && day < 14;
  return day + (teen ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th"));
}

// 2026-03-24: Sweden writes it so.
export function isoDay(at: Date): string {
  return at.toLocaleDateString("sv-SE", { timeZone });
}

function dateOf(at: Date): number {
  return Number(isoDay(at).slice(8));
}

// What a box for a moment holds, 2026-03-24T13:03, and back.
export function localMinute(at: Date): string {
  return at.toLocaleString("sv-SE", { timeZone }).slice(0, 16).replace(" ", "T");
}

export function momentOf(minute: string): Date {
  const asUtc = Date.parse(`${minute}Z`);
  const ahead = Date.parse(`${localMinute(new Date(asUtc))}Z`) - asUtc;
  return new Date(asUtc - ahead);
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
  return new Intl.RelativeTimeFormat(locale ?? "en").format(
    Math.trunc(distance / step.ms),
    step.unit,
  );
}
