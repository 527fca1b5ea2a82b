// The view on top of the person's stack: collects what they choose, submits it, shows the errors.
import { useMemo, useRef, useState } from "react";
import { SurfaceContext } from "../blocks/acting";
import { Blocks } from "../blocks/Blocks";
import { Rich } from "../blocks/drawn";
import type { Block, Choice, Choices, Element } from "../blocks/kit";
import { server } from "../server";
import type { View } from "../workspace";
import { Dialog } from "./Dialog";

export function Modal({ view }: { view: View }) {
  const kept = useRef<Choices>(view.state?.values ?? {});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const surface = useMemo(
    () => ({
      container: { type: "view" as const, view_id: view.id },
      remember: (blockId: string, actionId: string, choice: Choice) => {
        kept.current[blockId] = { ...kept.current[blockId], [actionId]: choice };
      },
      remembered: (blockId: string, actionId: string) => kept.current[blockId]?.[actionId],
    }),
    [view.id],
  );

  async function submit() {
    const values = valuesOf(view.blocks, kept.current);
    const missing = missingIn(view.blocks, values);
    setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    setPending(true);
    setProblem(null);
    await server
      .submit(view.id, values)
      .then((answer) => setErrors(answer.errors ?? {}))
      .catch((error: Error) => setProblem(error.message))
      .finally(() => setPending(false));
  }

  const close = () => void server.close(view.id).catch((error: Error) => setProblem(error.message));
  const footer = (
    <>
      {problem && <p className="problem" role="alert">{problem}</p>}
      <button type="button" className="button plain" data-testid="modal-close" onClick={close}>
        <Rich text={view.close ?? CLOSE} />
      </button>
      {view.submit && (
        <button type="button" className="button primary" data-testid="modal-submit" aria-busy={pending} disabled={pending} onClick={() => void submit()}>
          <Rich text={view.submit} />
        </button>
      )}
    </>
  );
  return (
    <Dialog title={view.title && <Rich text={view.title} />} testId="modal" onCancel={close} footer={footer}>
      <SurfaceContext value={surface}>
        <Blocks blocks={view.blocks} errors={errors} />
      </SurfaceContext>
    </Dialog>
  );
}

const CLOSE = { type: "plain_text" as const, text: "Cancel" };

// Every element of the view in the shape of `state.values`: what was chosen, else what it began with.
function valuesOf(blocks: Block[], kept: Choices): Choices {
  const values: Choices = {};
  blocks.forEach((block, at) => {
    const blockId = block.block_id ?? `block-${at}`;
    for (const element of [block.element, block.accessory, ...(block.elements ?? [])]) {
      if (!element?.action_id || element.type === "button" || element.type === "overflow") continue;
      const choice = kept[blockId]?.[element.action_id] ?? beginning(element);
      values[blockId] = { ...values[blockId], [element.action_id]: choice };
    }
  });
  return values;
}

function beginning(element: Element): Choice {
  const { type } = element;
  if (type === "checkboxes") return { type, selected_options: element.initial_options ?? [] };
  if (type === "datepicker") return { type, selected_date: element.initial_date ?? null };
  if (type === "timepicker") return { type, selected_time: element.initial_time ?? null };
  if (type.endsWith("_input")) return { type, value: element.initial_value ?? null };
  if (type === "users_select") return { type, selected_user: element.initial_user ?? null };
  if (type === "channels_select") return { type, selected_channel: element.initial_channel ?? null };
  if (type === "conversations_select")
    return { type, selected_conversation: element.initial_conversation ?? null };
  return { type, selected_option: element.initial_option ?? null };
}

function missingIn(blocks: Block[], values: Choices): Record<string, string> {
  const missing: Record<string, string> = {};
  blocks.forEach((block, at) => {
    const blockId = block.block_id ?? `block-${at}`;
    if (block.type !== "input" || block.optional) return;
    const choice = values[blockId]?.[block.element?.action_id ?? ""];
    if (choice && isEmpty(choice)) missing[blockId] = "Please complete this required field.";
  });
  return missing;
}

function isEmpty({ type: _type, ...chosen }: Choice): boolean {
  return Object.values(chosen).every((one) => one === null || one === "" || (Array.isArray(one) && one.length === 0));
}
