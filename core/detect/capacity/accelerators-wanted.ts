import { type AcceleratorTable, acceleratorOf } from "./accelerator.ts";
import type { Effect } from "./accelerator-calls.ts";
import { hourlyPriceOf } from "./accelerator-price.ts";
import type { Asked, CapacityRequest } from "./accelerator-request.ts";

/** The accelerators among what a call asks for. */
export interface Wanted {
  readonly types: readonly (Asked & { readonly family: string; readonly perInstance: number })[];
  readonly untyped?: string;
  readonly instances: number;
  /** How many instances the call speaks of, accelerated or not. */
  readonly total: number;
  readonly accelerators: number;
  /** The least that the instances cost an hour, in US dollars, where every type's price is known: of alternatives the cheapest. */
  readonly usdPerHour?: number;
  readonly effect: Effect;
}

export const asksForSome = ({ types, untyped }: Wanted): boolean => types.length > 0 || untyped !== undefined;

/** Counts what is accelerated; where no number is given it is one instance. */
export function wantedOf({ asked, total, untyped, effect }: CapacityRequest, table: AcceleratorTable): Wanted {
  const types = asked.flatMap((one) => {
    const found = acceleratorOf(one.type, table);
    return found === undefined ? [] : [{ ...one, ...found }];
  });
  const counted = types.filter((one) => one.count !== undefined);
  const beside = sum(counted, (one) => one.count ?? 0);
  const instances = counted.length > 0 ? beside : (total?.count ?? 1);
  const largest = Math.max(0, ...types.map((one) => one.perInstance));
  const accelerators =
    counted.length > 0
      ? sum(counted, (one) => (one.count ?? 0) * one.perInstance)
      : instances * (types.length === 0 ? 1 : largest);
  const usd = leastUsd(counted.length > 0 ? counted : types, instances, table);
  return {
    types,
    ...(untyped === undefined ? {} : { untyped }),
    instances,
    total: total?.count ?? 0,
    accelerators: Math.ceil(accelerators),
    ...(usd === undefined ? {} : { usdPerHour: usd }),
    effect,
  };
}

function leastUsd(types: readonly Asked[], instances: number, table: AcceleratorTable): number | undefined {
  const prices = types.map(({ type, count }) => ({ usd: hourlyPriceOf(type, table)?.usd, count }));
  const known = prices.flatMap(({ usd, count }) => (usd === undefined ? [] : [{ usd, count }]));
  if (known.length === 0 || known.length < prices.length) return undefined;
  return known.every(({ count }) => count !== undefined)
    ? sum(known, ({ usd, count = 0 }) => usd * count)
    : instances * Math.min(...known.map(({ usd }) => usd));
}

const sum = <Value>(values: readonly Value[], of: (value: Value) => number): number =>
  values.reduce((total, value) => total + of(value), 0);
