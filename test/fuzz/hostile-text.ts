import fc from "fast-check";
import { purposesOf } from "../../core/flow/purpose.ts";
import { tracer } from "../../core/flow/trace.ts";
import { type ItemLog, inPieces, whole } from "../core/event/item-log.ts";
import { hostileItem, isSmall } from "./hostile-item.ts";

const edit = fc.record({
  where: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.constantFrom(0, 1, 1, 2, 30, 500),
  kind: fc.constantFrom("cut off", "delete", "insert", "double", "double a key"),
  text: fc.oneof(
    fc.constantFrom('"', "{", "}", "[", "]", ",", ":", "\\", "\n", "\r\n", "\ufeff", "\0", "\ufffd", "\ud800", "null"),
    fc.constantFrom(
      '},{"eventVersion":',
      ',{"eventVersion":',
      ']}{"Records":[',
      "]}",
      '{"Records":[',
      '"Records":[',
      "]\n[",
    ),
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

const form = fc.constantFrom("log file", "array", "lines", "indented", "page", "page with a token", "twice", "mixed");

function written(items: readonly unknown[], shape: string): string {
  const texts = items.map((item) => JSON.stringify(item));
  switch (shape) {
    case "log file":
      return `{"Records":[${texts.join(",")}]}`;
    case "array":
      return `[${texts.join(",")}]`;
    case "lines":
      return texts.join("\n");
    case "indented":
      return JSON.stringify({ Records: items }, null, 1);
    case "page":
      return JSON.stringify({ Events: texts.map((CloudTrailEvent) => ({ CloudTrailEvent })), NextToken: "x" });
    case "page with a token":
      return `{"NextToken":"x","Events":[${texts.join(",")}]}`;
    case "twice":
      return `{"Records":[${texts.join(",")}]}\n{"Records":[${texts.join(",")}]}`;
    default:
      return `{"Records":[${texts.join(",")}]}\n${texts.join("\n")}`;
  }
}

function edited(text: string, { where, length, kind, text: piece }: Edit): string {
  const at = Math.floor(where * text.length);
  switch (kind) {
    case "cut off":
      return text.slice(0, at);
    case "delete":
      return text.slice(0, at) + text.slice(at + length);
    case "insert":
      return text.slice(0, at) + piece + text.slice(at);
    case "double":
      return text.slice(0, at + length) + text.slice(at);
    case "double a key":
      return text.slice(0, at) + text.slice(at).replace(/"(\w{1,40})":/, '"$1":0,"$1":');
  }
}

/** Items that take long to write out thousands of times stay out. */
const small = hostileItem.filter(isSmall);

/** A whole file of any form with a few breaks in it, and places to cut it at. */
export const hostileText = fc
  .tuple(
    fc.array(small, { minLength: 1, maxLength: 4 }),
    form,
    fc.array(edit, { maxLength: 3 }),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  )
  .map(([items, shape, edits, cuts]) => {
    const text = edits.reduce(edited, written(items, shape));
    const places = [0, ...cuts.map((cut) => Math.floor(cut * text.length)).sort((a, b) => a - b), text.length];
    return { text, pieces: places.slice(1).map((end, i) => text.slice(places[i], end)) };
  });

/** What must hold of any text: the same items however it is read, and each of them traced or parked. */
export const textProperty = fc.property(hostileText, ({ text, pieces }) => {
  const began = performance.now();
  const [atOnce, cut] = [whole(text), inPieces(pieces)];
  same(atOnce, inPieces([text]), "read whole and read as one piece");
  same(atOnce, cut, "read whole and cut");
  if (atOnce.form === "not-json" && atOnce.lines.length > 0) throw new Error("not JSON, and yet there are items");
  const into = tracer({ purposes: purposesOf(["s3:GetObject", "iam:PutRolePolicy"]), rows: "wanted" });
  const sink = into.sink("in");
  let handed = 0;
  inItems(text, (value, raw, number) => {
    handed++;
    sink.item(value, raw, { mark: "#", number });
  });
  const { count, ignored, parked, kept, rows } = into.take();
  if (count + ignored + parked.length !== handed) throw new Error("an item was lost or doubled");
  JSON.stringify([parked, kept, rows]);
  if (performance.now() - began > 1_000) throw new Error("took longer than a second");
});

function inItems(text: string, visit: (value: unknown, raw: () => string, number: number) => void): void {
  let number = 0;
  whole(text, { item: (value, raw) => visit(value, raw, number++), broken: () => undefined });
}

function same(one: ItemLog, other: ItemLog, what: string): void {
  if (JSON.stringify(one) === JSON.stringify(other)) return;
  const at = one.lines.findIndex((line, i) => line !== other.lines[i]);
  throw new Error(
    `${what} differ at item ${at}: ${one.form} ${one.lines[at]?.slice(0, 300)} | ${other.form} ${other.lines[at]?.slice(0, 300)}`,
  );
}
