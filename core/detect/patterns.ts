import { agentSessionPattern } from "../event/agent-session.ts";
import type { Watch } from "../event/watch.ts";
import type { ApiName } from "../iam/identifiers.ts";

/** The EventBridge quota for one pattern, in characters of its JSON. */
export const patternLimit = 2_048;

/**
 * The EventBridge patterns that deliver everything watched and little else: sorted, one event source each, split where one
 * would be too long. The same watches in any order give the same patterns.
 */
export function patternsOf(watches: readonly Watch[], declaredRoles: readonly string[]): readonly object[] {
  const apis = new Set<ApiName>();
  const ofAgents = new Set<ApiName>();
  const detailTypes = new Map<string, Set<string>>();
  let identities = false;
  for (const watch of watches)
    switch (watch.kind) {
      case "calls":
        if (watch.from !== "trail-files") for (const api of watch.apis) apis.add(api);
        break;
      case "agent-calls":
        for (const api of watch.apis) ofAgents.add(api);
        break;
      case "envelopes":
        for (const detailType of watch.detailTypes)
          detailTypes.set(watch.source, (detailTypes.get(watch.source) ?? new Set()).add(detailType));
        break;
      case "declared-identities":
        identities = true;
    }
  const patterns = [
    ...callPatterns([...apis]),
    ...callPatterns(
      [...ofAgents].filter((api) => !apis.has(api)),
      {
        userIdentity: { principalId: [{ wildcard: agentSessionPattern }] },
      },
    ),
    ...sortedEntries(detailTypes).flatMap(([source, types]) =>
      split([...types].sort(), (some) => ({ source: [source], "detail-type": some })),
    ),
    ...(identities ? rolePatterns(declaredRoles) : []),
  ];
  return patterns.sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
}

/** The envelopes that carry a CloudTrail record. */
const trailTypes = [
  "AWS API Call via CloudTrail",
  "AWS Console Sign In via CloudTrail",
  "AWS Service Event via CloudTrail",
];

type Match = string | { readonly prefix: string };

/** By `eventSource` and not by `source`: the one is in every record, the other differs for some services. */
function callPatterns(apis: readonly ApiName[], only: object = {}): readonly object[] {
  const byService = Map.groupBy(apis, (api) => api.slice(0, api.indexOf(":")));
  return sortedEntries(byService).flatMap(([service, all]) =>
    split(all.map((api) => api.slice(service.length + 1)).sort(), (names) => ({
      "detail-type": trailTypes,
      detail: {
        // A prefix, because sources of the China partition go on after the domain.
        eventSource: [{ prefix: `${service}.amazonaws.com` }],
        eventName: names.flatMap((name) => namesOf(service, name)),
        ...only,
      },
    })),
  );
}

/** Lambda's names carry the date of their API version (`CreateFunction20150331`), all in this century. */
const namesOf = (service: string, name: string): readonly Match[] =>
  service === "lambda" ? [name, { prefix: `${name}20` }] : [name];

/** By the role's name, as CloudTrail writes it without path; `*` at its end becomes a prefix. */
function rolePatterns(declaredRoles: readonly string[]): readonly object[] {
  const names = new Set(declaredRoles.map((role) => role.slice(role.lastIndexOf("/") + 1)));
  return split([...names].filter((name) => name !== "" && name !== "*").sort(), (some) => ({
    "detail-type": trailTypes,
    detail: {
      userIdentity: {
        sessionContext: {
          sessionIssuer: {
            userName: some.map((name): Match => (name.endsWith("*") ? { prefix: name.slice(0, -1) } : name)),
          },
        },
      },
    },
  }));
}

/** As few patterns as hold all items in their order, none longer than the quota. */
function split(items: readonly string[], pattern: (some: readonly string[]) => object): readonly object[] {
  const patterns: object[] = [];
  let some: readonly string[] = [];
  for (const item of items) {
    const more = [...some, item];
    if (some.length > 0 && JSON.stringify(pattern(more)).length > patternLimit) {
      patterns.push(pattern(some));
      some = [item];
    } else some = more;
  }
  return some.length === 0 ? patterns : [...patterns, pattern(some)];
}

const sortedEntries = <Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] =>
  [...map].sort(([a], [b]) => compare(a, b));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
