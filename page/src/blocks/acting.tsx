// What happens when a person uses an element: ask for confirmation, remember, tell the server.
import { createContext, useContext } from "react";
import { useConfirm } from "../dialogs/Confirm";
import { useOrder } from "../order";
import { server } from "../server";
import type { Container } from "../server";
import type { Choice, Element } from "./kit";

// Where the blocks stand: a message, a modal or the Home tab. Only a modal remembers choices.
export type Surface = {
  container: Container;
  remember?: (blockId: string, actionId: string, choice: Choice) => void;
  remembered?: (blockId: string, actionId: string) => Choice | undefined;
};

export const SurfaceContext = createContext<Surface>({ container: { type: "view", view_id: "" } });

// `quiet` elements belong to an input block: they are read at submission, not told at once.
export type ElementProps = {
  element: Element;
  blockId: string;
  quiet?: boolean;
  labelledBy?: string;
};

export function useActing({ element, blockId, quiet = false }: ElementProps) {
  const surface = useContext(SurfaceContext);
  const confirm = useConfirm();
  const { pending, problem, run } = useOrder();
  const actionId = element.action_id ?? element.type;
  const target = { container: surface.container, block_id: blockId, action_id: actionId };

  // Tells whether the person went through with it.
  async function act(choice: Choice): Promise<boolean> {
    if (pending) return false;
    if (!quiet && element.confirm && !(await confirm(element.confirm))) return false;
    surface.remember?.(blockId, actionId, choice);
    if (!quiet) await run(() => server.click(target, choice));
    return true;
  }

  return { act, pending, problem, target, remembered: surface.remembered?.(blockId, actionId) };
}

export function Problem({ text }: { text: string | null }) {
  return (
    text && (
      <span className="problem" role="alert">
        {text}
      </span>
    )
  );
}
