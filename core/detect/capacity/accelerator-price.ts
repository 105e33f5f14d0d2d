import type { AcceleratorTable } from "./accelerator.ts";

/** What one instance costs an hour, in US dollars. */
export interface HourlyPrice {
  readonly usd: number;
  /** list: the price on demand. at-least: SageMaker asks more for the same machine, and how much more is not in the table. */
  readonly as: "list" | "at-least";
}

/** The price of an instance type; nothing where the table has none, as for types that are sold in advance only. */
export function hourlyPriceOf(instanceType: string, table: AcceleratorTable): HourlyPrice | undefined {
  const [prefix, type] = split(instanceType.trim().toLowerCase());
  const [family = "", size = ""] = type.split(".");
  const known = Object.hasOwn(table.families, family) ? table.families[family]?.usdPerHour : undefined;
  const usd = known !== undefined && Object.hasOwn(known, size) ? known[size] : undefined;
  return usd === undefined ? undefined : { usd, as: prefix === "" ? "list" : "at-least" };
}

const split = (type: string): readonly [prefix: string, type: string] =>
  type.startsWith("ml.") ? ["ml.", type.slice(3)] : ["", type];

/** Where prices are from, for people: they are one Region's, on one day, whatever was agreed. */
export const priceSaid = ({ prices }: AcceleratorTable): string =>
  `list price of ${prices.asOf}, on demand, Linux, ${prices.region}`;

/** Cents are enough for people. */
export const cents = (usd: number): number => Math.round(usd * 100) / 100;
