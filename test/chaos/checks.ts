import type { Check } from "./check.ts";
import { killMatrix } from "./f01-kill-matrix.ts";
import { repeatedDelivery } from "./f02-repeated-delivery.ts";
import { weaponised } from "./f07-weaponised.ts";
import { hostileControlPlane } from "./f14-hostile-control-plane.ts";

/** The checks that exist, in their order. */
export const checks: readonly Check[] = [killMatrix, repeatedDelivery, weaponised, hostileControlPlane];
