// Collects what a person chooses in a modal, checks that nothing is missing, and submits it.
import { useMemo, useRef, useState } from "react";
import type { Surface } from "../blocks/acting";
import type { Block, Choice, Choices, Element } from "../blocks/kit";
import { useOrder } from "../order";
import { server } from "../server";
import { useWorkspace } from "../talk/context";
import { frame } from "../words";
import type { View } from "../workspace";

type Errors = Record<string, string>;

export function useSubmission(view: View) {
  const kept = useRef<Choices>(view.state?.values ?? {});
  const [errors, setErrors] = useState<Errors>({});
  const { pending, problem, run } = useOrder();
  const { dispatch } = useWorkspace();
  const surface = useMemo(() => remembering(view.id, kept), [view.id]);

  async function submit() {
    const values = valuesOf(view.blocks, kept.current);
    const missing = missingIn(view.blocks, values);
    setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    const answer = await run(() => server.submit(view.id, values));
    setErrors(answer?.errors ?? {});
  }

  // At once, whoever is awaited or away: what lies below comes with the answer.
  const close = () => {
    dispatch({ kind: "modal", view: null });
    void server.close(view.id).catch(() => undefined);
  };
  return { surface, errors, problem, pending, submit, close };
}

function remembering(viewId: string, kept: { current: Choices }): Surface {
  return {
    container: { type: "view", view_id: viewId },
    remember: (blockId, actionId, choice) => {
      kept.current[blockId] = { ...kept.current[blockId], [actionId]: choice };
    },
    remembered: (blockId, actionId) => kept.current[blockId]?.[actionId],
  };
}

// Every element of the view in the shape of `state.values`: what was chosen, else what it began with.
export function valuesOf(blocks: Block[], kept: Choices): Choices {
  const values: Choices = {};
  blocks.forEach((block, at) => {
    const blockId = block.block_id ?? `block-${at}`;
    for (const element of [block.element, block.accessory, ...(block.elements ?? [])]) {
      if (!element?.action_id || STATELESS.has(element.type)) continue;
      const choice = kept[blockId]?.[element.action_id] ?? beginning(element);
      values[blockId] = { ...values[blockId], [element.action_id]: choice };
    }
  });
  return values;
}

const STATELESS = new Set(["button", "overflow", "image"]);

function beginning(element: Element): Choice {
  const { type } = element;
  if (type === "checkboxes") return { type, selected_options: element.initial_options ?? [] };
  if (type === "datepicker") return { type, selected_date: element.initial_date ?? null };
  if (type === "timepicker") return { type, selected_time: element.initial_time ?? null };
  if (type === "datetimepicker")
    return { type, selected_date_time: element.initial_date_time ?? null };
  if (type.endsWith("_input")) return { type, value: element.initial_value ?? null };
  if (type === "users_select") return { type, selected_user: element.initial_user ?? null };
  if (type === "channels_select")
    return { type, selected_channel: element.initial_channel ?? null };
  if (type === "conversations_select")
    return { type, selected_conversation: element.initial_conversation ?? null };
  return { type, selected_option: element.initial_option ?? null };
}

export function missingIn(blocks: Block[], values: Choices): Errors {
  const missing: Errors = {};
  blocks.forEach((block, at) => {
    const blockId = block.block_id ?? `block-${at}`;
    if (block.type !== "input" || block.optional) return;
    const choice = values[blockId]?.[block.element?.action_id ?? ""];
    if (choice && isEmpty(choice)) missing[blockId] = frame().missing;
  });
  return missing;
}

function isEmpty({ type: _type, ...chosen }: Choice): boolean {
  return Object.values(chosen).every(
    (one) => one === null || one === "" || (Array.isArray(one) && one.length === 0),
  );
}
