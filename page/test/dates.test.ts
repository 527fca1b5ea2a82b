import assert from "node:assert/strict";
import test from "node:test";
import { dayOf, formatDate, localMinute, momentOf, readAs, weekTime } from "../src/blocks/dates";

const AT = new Date("2026-03-24T12:03:00Z");
const LATER = new Date("2026-04-02T12:00:00Z");

test("date tokens speak in the reader's zone", () => {
  assert.equal(formatDate(AT, "{date_num} {date}", LATER), "2026-03-24 March 24th, 2026");
  assert.equal(formatDate(AT, "{date_short}", LATER), "Mar 24, 2026");
  assert.equal(formatDate(AT, "{date_long}", LATER), "Tuesday, March 24th, 2026");
});

test("pretty tokens say today and yesterday", () => {
  assert.equal(formatDate(AT, "{date_short_pretty}", AT), "today");
  assert.equal(formatDate(AT, "{date_pretty}", new Date("2026-03-25T01:00:00Z")), "yesterday");
  assert.equal(formatDate(AT, "{date_short_pretty}", LATER), "Mar 24, 2026");
});

test("a day begins at the reader's midnight", () => {
  assert.equal(dayOf(new Date("2026-03-24T23:30:00Z"), "2026-03-25"), "Today");
});

test("{ago} counts in the largest unit that fits", () => {
  assert.equal(formatDate(AT, "{ago}", new Date("2026-03-24T12:06:30Z")), "3 minutes ago");
});

test("an unknown token stays", () => {
  assert.equal(formatDate(AT, "{nonsense}", AT), "{nonsense}");
});

test("a reader has a zone and a language", () => {
  readAs({ tz: "Asia/Shanghai", locale: "zh-CN" });
  assert.equal(formatDate(AT, "{date_num} {date_pretty} {time}", AT), "2026-03-24 今天 20:03");
  assert.equal(dayOf(AT, "2026-03-24"), "今天");
  assert.equal(formatDate(AT, "{date_long}", LATER), "2026年3月24日星期二");
  readAs({ tz: "", locale: "en-US" });
});

test("a moment is typed in the reader's zone", () => {
  readAs({ tz: "Europe/Berlin", locale: "en-US" });
  for (const minute of ["2026-03-24T13:03", "2026-10-24T23:59", "2026-10-26T00:00"])
    assert.equal(localMinute(momentOf(minute)), minute);
  assert.equal(momentOf("2026-03-24T13:03").toISOString(), AT.toISOString());
  readAs({ tz: "", locale: "en-US" });
});

test("a weekday and its time stand apart in every language", () => {
  for (const [locale, words] of [
    ["zh-CN", "周二 20:03"],
    ["en-US", "Tue 8:03 PM"],
  ] as const) {
    readAs({ tz: "UTC", locale });
    assert.equal(weekTime(AT, "Asia/Shanghai").replace("\u202f", " "), words);
  }
  readAs({ tz: "", locale: "en-US" });
});
