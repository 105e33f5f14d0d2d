import { instant } from "../../core/event/instant.ts";
import type { Clock } from "../../core/flow/clock.ts";

/** The machine's own clock. */
export const systemClock = (): Clock => ({ now: () => instant(Date.now()) });
