import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Entry, type Located, plain, printProblem } from "../../../../core/event/located.ts";
import { readManifests } from "../../../../core/identity/manifest/manifest.ts";
import { everyKey, located, otherKinds, problemsOf, registryFrom, workload } from "./manifest-examples.ts";

const bot = workload("bot", "- roleArn: arn:aws:iam::111122223333:role/bot");
const withSpec = (lines: string): string => `${bot}  ${lines}\n`;

describe("a manifest that uses every key", () => {
  const registry = registryFrom(everyKey, otherKinds);
  const found = registry.named("support-bot");

  it("is read whole", () => {
    expect(found).toMatchObject({
      owner: "team-support",
      oncall: "pagerduty:P123",
      tier: "critical",
      class: "agent",
      status: "active",
      protected: false,
      where: "a.yaml:1",
      response: { contain: "automatic", release: { after: 14_400_000 }, approvers: ["sec-oncall"] },
      envelope: {
        models: ["anthropic.claude-*"],
        accelerators: { families: ["g5"], maxInstances: 8, maxHourlyUsd: 50 },
        session: { maxSeconds: 3600 },
        chain: { maxHops: 3, maxHours: 12 },
        origin: { vpcEndpoints: ["vpce-0abc"], cidrs: ["192.0.2.0/24", "2001:db8::/32"] },
        mayInvoke: ["agent:summariser", "gateway:tools"],
      },
      grants: [{ id: "reindex-42", from: Date.UTC(2026, 10, 20), until: Date.UTC(2026, 10, 21), ticket: "OPS-42" }],
    });
    expect(found?.hash).toMatch(/^[0-9a-f]{64}$/);
  });
  it("keeps its statements exactly as written, in IAM's grammar", () => {
    expect(found?.envelope.statements).toEqual([
      {
        Sid: "Models",
        Effect: "Allow",
        Action: ["bedrock:InvokeModel*"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" }, NumericLessThan: { "s3:max-keys": 10 } },
      },
    ]);
  });
  it("reads exceptions, approvers and deployments beside it", () => {
    expect(registry.exceptions).toMatchObject([
      { name: "weekly-reindex", detector: "gpu-new-region", upTo: "medium", where: "b.yaml:9" },
    ]);
    expect(registry.approvers).toMatchObject([{ name: "sec-oncall", identities: [{ subject: "00u1" }] }]);
    expect(registry.deployments).toMatchObject([{ name: "prod", mode: "observe", undeclared: "approval" }]);
  });
  it("has the same hash wherever it stands and in whatever order its keys are", () => {
    const moved = `# a comment\n\n${bot}`;
    const swapped = bot.replace("name: bot, owner: team-test", "owner: team-test, name: bot");
    const hashes = [bot, moved, swapped].map((text) => registryFrom(text).named("bot")?.hash);
    expect(new Set(hashes).size).toBe(1);
    expect(registryFrom(withSpec("class: agent")).named("bot")?.hash).not.toBe(hashes[0]);
  });
});

describe("an unknown key", () => {
  it.each([
    [bot.replace("identifiedBy", "identifedBy"), 'a.yaml:5:3: unknown key "identifedBy"; did you mean "identifiedBy"?'],
    [bot.replace("owner", "Owner"), 'a.yaml:3:24: unknown key "Owner"; did you mean "owner"?'],
    [bot.replace("roleArn", "rolArn"), 'a.yaml:6:7: unknown key "rolArn"; did you mean "roleArn"?'],
    [withSpec("envelop: {}"), 'a.yaml:7:3: unknown key "envelop"; did you mean "envelope"?'],
    [
      withSpec("envelope: { accelerators: { families: [], maxInstance: 1 } }"),
      'a.yaml:7:45: unknown key "maxInstance"; did you mean "maxInstances"?',
    ],
    [withSpec("response: { release: { aftr: 4h } }"), 'a.yaml:7:26: unknown key "aftr"; did you mean "after"?'],
    [
      withSpec("wholly-different: 1"),
      'a.yaml:7:3: unknown key "wholly-different"; valid here: identifiedBy, sourceIdentities, grants, class, envelope, response',
    ],
    [
      withSpec("__proto__: { class: agent }"),
      'a.yaml:7:3: unknown key "__proto__"; valid here: identifiedBy, sourceIdentities, grants, class, envelope, response',
    ],
  ])("is answered with its line and the nearest valid key (%#)", (text, line) =>
    expect(problemsOf(text)).toEqual([line]),
  );

  it("anywhere in any kind of document is an error at that key's own line", () => {
    const documents = located(everyKey, otherKinds);
    const mappings = documents.flatMap((document, at) => paths(document).map((path) => ({ at, path })));
    fc.assert(
      fc.property(fc.constantFrom(...mappings), fc.string({ minLength: 1, maxLength: 20 }), ({ at, path }, key) => {
        const document = documents[at];
        fc.pre(document !== undefined);
        const place = { file: "inserted.yaml", line: 4_711, column: 3 };
        const changed = withEntry(document, path, { key, place, value: { kind: "text", place, text: "x" } });
        fc.pre(changed !== undefined);
        const read = readManifests(documents.map((one, index) => (index === at ? changed : one)));
        expect(read.ok).toBe(false);
        if (!read.ok) expect(read.problems.map(({ line }) => line)).toContain(4_711);
      }),
      { numRuns: 400 },
    );
  });
});

/** Paths to all mappings whose keys Cordon owns; condition keys are AWS's and the customer's. */
function paths(value: Located, here: readonly number[] = []): readonly (readonly number[])[] {
  if (value.kind === "list") return value.items.flatMap((item, index) => paths(item, [...here, index]));
  if (value.kind !== "mapping") return [];
  const below = value.entries.flatMap(({ key, value: inner }, index) =>
    key === "Condition" ? [] : paths(inner, [...here, index]),
  );
  return [here, ...below];
}

/** The document with one more entry in the mapping at the path; nothing when the key is already there. */
function withEntry(value: Located, path: readonly number[], entry: Entry): Located | undefined {
  const [step, ...rest] = path;
  if (value.kind === "mapping" && step === undefined)
    return value.entries.some(({ key }) => key === entry.key)
      ? undefined
      : { ...value, entries: [...value.entries, entry] };
  if (value.kind === "mapping") {
    const inner = value.entries.map((one, index) => (index === step ? withEntry(one.value, rest, entry) : one.value));
    if (inner.includes(undefined)) return undefined;
    return { ...value, entries: value.entries.map((one, index) => ({ ...one, value: inner[index] ?? one.value })) };
  }
  if (value.kind !== "list") return undefined;
  const items = value.items.map((one, index) => (index === step ? withEntry(one, rest, entry) : one));
  return items.includes(undefined) ? undefined : { ...value, items: items.filter((item) => item !== undefined) };
}

describe("a wrong value", () => {
  it.each([
    ["class: agnet", 'a.yaml:7:10: "agnet" is not a class; did you mean "agent"?'],
    ["envelope: { models: anthropic.claude-3 }", 'a.yaml:7:23: expected a list, found the text "anthropic.claude-3"'],
    ["envelope: { regions: [us-east-*] }", "a.yaml:7:25: "],
    ["envelope: { secrets: [support-bot/*] }", "a.yaml:7:25: "],
    ["envelope: { origin: { cidrs: [10.0.0.0/33] } }", "a.yaml:7:33: "],
    ["envelope: { origin: { cidrs: ['1::2::3/64'] } }", "a.yaml:7:33: "],
    ["envelope: { origin: { cidrs: [10.0.0.256/8] } }", "a.yaml:7:33: "],
    ["envelope: { session: { maxSeconds: 1.5 } }", "a.yaml:7:38: 1.5 is not seconds"],
    ["envelope: { mayInvoke: [agnet:x] }", "a.yaml:7:27: "],
    [
      "envelope: { statements: [{ Effect: Allow, Resource: '*' }] }",
      "a.yaml:7:28: the statement needs one of Action and NotAction",
    ],
    [
      "envelope: { statements: [{ Effect: Allow, Action: '*', NotAction: 'a:b', Resource: '*' }] }",
      "a.yaml:7:58: the statement needs one of",
    ],
    [
      "envelope: { statements: [{ Effect: Allow, Action: bedrock, Resource: '*' }] }",
      'a.yaml:7:53: "bedrock" is not an action',
    ],
    [
      "envelope: { statements: [{ Effect: Allow, Action: '*', Resource: '*', Condition: { StringEqual: {} } }] }",
      'a.yaml:7:86: unknown key "StringEqual"; did you mean "StringEquals"?',
    ],
    ["response: { contain: yes }", 'a.yaml:7:24: "yes" is not automatic, approval or never'],
    [
      "response: { contain: true }",
      'a.yaml:7:24: expected automatic, approval or never, found true; as text it is "true", in quotes',
    ],
    ["response: { release: { after: 4 } }", "a.yaml:7:33: expected a duration (30m, 4h, 2d), found the number 4"],
    ["response:", "a.yaml:7:12: expected response, a mapping of contain, release, approvers, found nothing"],
    [
      "grants: [{ id: a, statements: [{ Effect: Allow, Action: 'a:b', Resource: '*' }], from: 2026-11-20T00:00:00Z, until: 2026-11-19T00:00:00Z, approvedBy: x }]",
      "a.yaml:7:112: a grant ends after it begins",
    ],
    [
      "grants: [{ id: a, statements: [{ Effect: Allow, Action: 'a:b', Resource: '*' }], from: 2026-11-20, until: 2026-11-31T00:00:00Z, approvedBy: x }]",
      'a.yaml:7:90: "2026-11-20" is not a time',
    ],
  ])("%s is refused at its place", (line, expected) => expect(problemsOf(withSpec(line))[0]).toContain(expected));

  it("close to critical is refused as a tier, for a slip would switch a guard off; other tiers are free", () => {
    const tier = (value: string) =>
      problemsOf(workload("bot", "- accessKeyId: AKIAIOSFODNN7EXAMPLE", `, tier: ${value}`));
    expect(tier("Critical")).toEqual(['a.yaml:3:48: "Critical" is not a tier: did you mean "critical"?']);
    expect(tier("critcal")).toHaveLength(1);
    expect([tier("critical"), tier("standard"), tier("tier-2")]).toEqual([[], [], []]);
  });
  it("is found in every file before any is answered, in order of file and line", () => {
    const broken = bot.replace("owner: team-test", "ownr: team-test");
    expect(problemsOf(broken, withSpec("class: x").replace("name: bot", "name: other"))).toEqual([
      'a.yaml:3:24: unknown key "ownr"; did you mean "owner"?',
      expect.stringMatching(/^b\.yaml:6:16: roleArn .* already identifies|^b\.yaml:7:10: "x" is not a class/),
    ]);
  });
});

describe("documents together", () => {
  it("may not share a name within a kind", () => {
    const second = workload("bot", "- accessKeyId: AKIAIOSFODNN7EXAMPLE");
    expect(problemsOf(bot, second)).toEqual([
      'b.yaml:3:19: Workload "bot" is already declared at a.yaml:1:1: choose another name',
    ]);
    const draft = workload("bot", "- accessKeyId: AKIAIOSFODNN7EXAMPLE", ", status: draft");
    expect(problemsOf(bot, draft)).toHaveLength(1);
    expect(problemsOf(bot, otherKinds.replace("name: base", "name: bot").replace("support-bot,", "bot,"))).toEqual([]);
  });
  it("need a known kind and version", () => {
    expect(problemsOf("apiVersion: cordon/v1\nkind: Wrkload\n")).toEqual([
      'a.yaml:2:7: unknown kind "Wrkload"; did you mean "Workload"?',
    ]);
    expect(problemsOf("apiVersion: cordon/v1\n")).toEqual([
      expect.stringContaining('a.yaml:1:1: the document needs "kind"'),
    ]);
    expect(problemsOf("- 1\n")).toEqual([expect.stringContaining("a.yaml:1:1: a manifest is a mapping")]);
    expect(problemsOf(bot.replace("cordon/v1", "cordon/v2"))[0]).toContain('a.yaml:1:13: "cordon/v2" is not cordon/v1');
  });
  it("may only point at what is there", () => {
    expect(problemsOf(bot, otherKinds)).toEqual(['b.yaml:12:45: no Workload is named "support-bot"; valid here: bot']);
    const asks = withSpec("response: { approvers: [sec-oncal] }");
    expect(problemsOf(asks)).toEqual([]);
    expect(problemsOf(asks, everyKey, otherKinds)).toEqual([
      'a.yaml:7:27: no Approver is named "sec-oncal"; did you mean "sec-oncall"?',
    ]);
  });
  it("are not called broken while a file could not be read", () => {
    const unread = { file: "z.yaml", line: 1, column: 1, message: "not YAML" };
    const read = readManifests(located(bot.replace("kind: Workload", "kind: Workload\nextends: base")), [unread]);
    expect(read.ok ? [] : read.problems.map(printProblem)).toEqual(["z.yaml:1:1: not YAML"]);
  });
  it("may be none at all", () => expect(readManifests([])).toMatchObject({ ok: true, registry: { workloads: [] } }));
});

it("plain() keeps a key named __proto__ an own key", () => {
  const [document] = located("a: { __proto__: { b: 1 } }\n");
  expect(document && JSON.stringify(plain(document))).toBe('{"a":{"__proto__":{"b":1}}}');
});
