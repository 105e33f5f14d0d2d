import type { Check } from "./check.ts";
import { killMatrix } from "./f01-kill-matrix.ts";

/** The checks that exist, in their order. */
export const checks: readonly Check[] = [killMatrix];
