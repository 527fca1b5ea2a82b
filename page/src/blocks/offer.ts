// The options that a select offers for what was typed: its own, or the app's answer.
import { useEffect, useMemo, useState } from "react";
import { server } from "../server";
import type { Container } from "../server";
import { frame } from "../words";
import type { Element, Option, OptionGroup } from "./kit";
import { words } from "./mrkdwn";

export type Target = { container: Container; block_id: string; action_id: string };

export type Offer = { groups: OptionGroup[]; note: string | null };

export function useOffer(element: Element, target: Target, typed: string): Offer {
  const external = element.type === "external_select";
  const [loaded, setLoaded] = useState<Offer>({ groups: [], note: frame().loading });
  const least = element.min_query_length ?? 3;
  useEffect(() => {
    if (!external) return;
    if (typed.length < least) {
      setLoaded({ groups: [], note: frame().typeMore(least) });
      return;
    }
    let current = true;
    server
      .options(target, typed)
      .then((answer) => grouped(answer.options, answer.option_groups))
      .then(
        (groups) =>
          current && setLoaded({ groups, note: groups.length ? null : frame().noResults }),
      )
      .catch(() => current && setLoaded({ groups: [], note: frame().notLoaded }));
    return () => {
      current = false;
    };
  }, [external, typed]);
  const fixed = useMemo(() => matching(element, typed), [element, typed]);
  return external ? loaded : fixed;
}

function matching(element: Element, typed: string): Offer {
  const fits = (option: Option) =>
    words(option.text.text).toLowerCase().includes(typed.toLowerCase());
  const groups = grouped(element.options, element.option_groups)
    .map((group) => ({ ...group, options: group.options.filter(fits) }))
    .filter((group) => group.options.length > 0);
  return { groups, note: groups.length ? null : frame().noResults };
}

function grouped(options: Option[] | undefined, groups: OptionGroup[] | undefined): OptionGroup[] {
  if (groups?.length) return groups;
  return options?.length ? [{ label: { type: "plain_text", text: "" }, options }] : [];
}

export function firstIndex(groups: OptionGroup[], at: number): number {
  return groups.slice(0, at).reduce((sum, group) => sum + group.options.length, 0);
}
