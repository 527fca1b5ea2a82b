// The colours of a chart's series. Slack takes none from an app: it gives its own, in their order.
// Here each state has the colour of its symbol, so that a job that runs does not look like trouble.
import { COST, NOT_SEEN, stateOf } from "../words";

// Each shows on white and on black. What nobody saw is neither good nor bad.
const NEUTRAL = "#8b8f98";
const BLUE = "#2f7dd1";
const STATES: Record<string, string> = {
  Queued: BLUE,
  Running: "#1f9d6b",
  Stopping: "#cc7722",
  Failed: "#d6364f",
  Lost: "#d6364f",
  Unknown: "#9b6bd3",
};

// Nothing for a name that we do not know: then it has one of the palette.
export function colourOf(name: string): string | undefined {
  if (NOT_SEEN.includes(name)) return NEUTRAL;
  return COST.includes(name) ? BLUE : STATES[stateOf(name) ?? ""];
}
