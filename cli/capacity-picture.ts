import { fields, type JsonObject, list, text } from "../core/event/json.ts";
import { visible } from "./terminal.ts";

/** What a case's subject ran, as rows of a name and a value: what it costs, and a picture of it over time. Empty where nothing ran. */
export function capacityRows(capacity: JsonObject): readonly (readonly [name: string, value: string])[] {
  const points = list(capacity["points"]).flatMap((point) => pointIn(list(point)));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const until = Date.parse(text(capacity["until"]));
  const ends = Number.isNaN(until) ? last.at : Math.max(until, last.at);
  const peak = Math.max(...points.map(({ usd }) => usd));
  const began = points.find(({ instances }) => instances > 0) ?? first;
  // A course that begins at midnight goes on from the day before.
  const before = first.at % 86_400_000 === 0 ? first.usd : 0;
  const spent = numberIn(capacity["spentUsd"]);
  const unpriced = numberIn(capacity["unpriced"]);
  return [
    [
      "COST",
      [
        `${money(before)} -> ${money(last.usd)} USD/h since ${clock(began.at)} UTC, at most ${money(peak)}`,
        `${money(spent)} USD by ${clock(ends)}`,
        ...(last.usd > 0 ? [`${money(last.usd * 24)} USD in 24 h if left`] : []),
      ].join("; "),
    ],
    ["", `${visible(text(capacity["prices"]))}${unpriced > 0 ? `; ${unpriced} instances have no known price` : ""}`],
    ["RUNS", `${count(last.instances, "instance")}, ${count(last.accelerators, "accelerator")}`],
    ["", `${clock(first.at)} ${picture(points, ends)} ${clock(ends)}`],
  ];
}

interface Point {
  readonly at: number;
  readonly instances: number;
  readonly accelerators: number;
  readonly usd: number;
}

function pointIn([at, instances, accelerators, usd]: readonly unknown[]): readonly Point[] {
  const time = Date.parse(text(at));
  return Number.isNaN(time)
    ? []
    : [
        {
          at: time,
          instances: numberIn(instances),
          accelerators: numberIn(accelerators),
          usd: numberIn(usd),
        },
      ];
}

const numberIn = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);

const width = 40;
const steps = " ▁▂▃▄▅▆▇█";

/** Accelerators over time: the most of each of equal stretches, as a bar that is full at the highest. */
function picture(points: readonly Point[], ends: number): string {
  const [begins = ends] = points.map(({ at }) => at);
  const stretch = Math.max(1, (ends - begins) / width);
  const highest = Math.max(1, ...points.map(({ accelerators }) => accelerators));
  return Array.from({ length: width }, (_, place) => {
    const [from, to] = [begins + place * stretch, begins + (place + 1) * stretch];
    const before = points.findLast(({ at }) => at <= from)?.accelerators ?? 0;
    const inside = points.filter(({ at }) => at > from && at < to).map(({ accelerators }) => accelerators);
    return steps[Math.ceil((Math.max(before, ...inside) / highest) * (steps.length - 1))] ?? "";
  }).join("");
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
const money = (usd: number): string => usd.toLocaleString("en-US", { maximumFractionDigits: 2 });
const count = (value: number, noun: string): string =>
  `${value.toLocaleString("en-US")} ${noun}${value === 1 ? "" : "s"}`;

/** The capacity of a case line; empty where it has none. */
export const capacityOf = (line: JsonObject): JsonObject => fields(line["capacity"]);
