import { parseQuietly } from "./items.ts";
import { isObject, type Json } from "./json.ts";
import { separatorOf } from "./list-cutter.ts";
import { listScanner } from "./list-scanner.ts";

/**
 * The text of each member of a list that was parsed whole, found when it is asked for. `textOf` gives what begins just
 * behind the list's bracket. A cut is trusted only when it parses and carries the member's own `eventID`.
 */
export function rawMembers(textOf: () => string, members: readonly Json[]): (number: number) => string {
  let text: string | undefined;
  let cut: readonly string[] | undefined;
  let scanned: readonly string[] | undefined;
  return (number) => {
    text ??= textOf();
    const separator = separatorOf(text);
    cut ??= separator === undefined ? [] : text.split(separator);
    const part = cut.length === members.length && separator !== undefined ? cut[number] : undefined;
    if (part !== undefined && separator !== undefined) {
      const last = number === members.length - 1;
      const raw = `${number === 0 ? "" : separator.slice(2)}${last ? part.slice(0, part.lastIndexOf("]")) : `${part}}`}`;
      if (isSame(parseQuietly(raw), members[number])) return raw;
    }
    scanned ??= scannedMembers(text);
    return scanned[number] ?? "";
  };
}

function isSame(parsed: unknown, member: Json | undefined): boolean {
  return (
    isObject(parsed) && isObject(member) && parsed["eventID"] !== undefined && parsed["eventID"] === member["eventID"]
  );
}

function scannedMembers(text: string): readonly string[] {
  const raws: string[] = [];
  const scanner = listScanner({ item: (_, raw) => raws.push(raw()), broken: () => raws.push("") }, 0);
  scanner.feed(text);
  scanner.end();
  return raws;
}
