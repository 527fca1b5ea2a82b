// One order to the server at a time: whether it is under way, and what went wrong with the last.
import { useState } from "react";

export function useOrder() {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function run<Answer>(order: () => Promise<Answer>): Promise<Answer | undefined> {
    if (pending) return undefined;
    setPending(true);
    setProblem(null);
    try {
      return await order();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      return undefined;
    } finally {
      setPending(false);
    }
  }
  return { pending, problem, run };
}
