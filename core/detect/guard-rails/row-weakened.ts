import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { lastOf, namedArn, namesOf } from "../facts/named-resource.ts";
import type { WatchRow } from "../watch/watch-row.ts";
import { fieldOf, type Weakened } from "./guard-rail.ts";

const nobodys = (): boolean => false;

/**
 * What a call did by its row of a table; nothing where its parameters say that it takes nothing away. Whatever is done to
 * what is `ours` is critical, and no envelope excuses it: whoever blinds the watch is told of.
 */
export function weakenedByRow(
  call: ApiCall,
  row: WatchRow,
  isOurs: (name: string, call: ApiCall) => boolean = nobodys,
): readonly Weakened[] {
  const names = namesOf(call, row.named);
  const mine = names.find(([, name]) => isOurs(name, call));
  const said = row.says?.(call);
  if (row.says !== undefined && said === undefined) return [];
  const severity = said?.severity ?? row.severity;
  if (severity === "quiet" && mine === undefined) return [];
  const [path, name] = mine ?? names[0] ?? ["", ""];
  const shown = (text: string): string =>
    name === "" ? text.replace(/:? ?\{\}/, "") : text.replace("{}", String(excerpt(lastOf(name))));
  const whose = mine === undefined ? "" : "; it belongs to this deployment";
  const resource =
    name === "" ? (call.account ?? "") : (namedArn(call, row.as ?? "", name) ?? String(excerpt(lastOf(name))));
  return [
    {
      did: `${shown(said?.did ?? row.did)}${whose}`,
      tried: `${shown(said?.tried ?? row.tried)}${whose}`,
      severity: mine !== undefined ? "critical" : severity === "quiet" ? "low" : severity,
      ...(mine === undefined ? {} : { floor: "high" as const }),
      confidence: "high",
      ...(resource === "" ? {} : { resource }),
      evidence: [
        said === undefined ? fieldOf(call, "eventName", call.name) : fieldOf(call, said.path, said.value),
        ...(name === "" ? [] : [fieldOf(call, path, name)]),
      ],
    },
  ];
}
