import { describe, expect, it } from "vitest";
import { declaredGrants, declaring } from "../../../../core/detect/grants/grant-envelope.ts";
import type { Instant } from "../../../../core/event/instant.ts";
import type { DifferenceRow } from "../../../../core/iam/compare/difference.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { workload, workloads } from "../../../fixtures/workloads.ts";

const at = (text: string) => Date.parse(text) as Instant;
const now = at("2026-11-20T10:15:00Z");
const row = (action: string, resource: string): DifferenceRow => ({
  action,
  resource,
  except: [],
  condition: {},
  witness: { action, resource, context: {} },
});
const secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:indexer/key";

describe("what a workload may be granted", () => {
  const statements = [{ Effect: "Allow", Action: "secretsmanager:*", Resource: "*" }];
  const reads = (secrets: readonly string[], resource: string) =>
    declaredGrants(workload("w", { envelope: { statements, secrets } }), now)?.shuts(
      row("secretsmanager:GetSecretValue", resource),
    );

  it("knows a listed secret with and without the end that AWS puts to its name", () => {
    for (const end of ["", "-??????", "-*", "-AbCdEf"]) expect(reads([secret], secret + end), end).toBe(false);
    expect(reads([secret], `${secret}s-AbCdEf`)).toBe(true);
    expect(reads([secret], "*")).toBe(true);
    expect(reads(["*"], "*")).toBe(false);
    expect(reads([], secret)).toBe(true);
  });

  it("limits nothing where no actions are declared", () => {
    expect(declaredGrants(workload("w"), now)).toBeUndefined();
    expect(declaredGrants(workload("w", { envelope: { statements: [], secrets: [secret] } }), now)).toBeUndefined();
  });

  it("has a grant's statements from its beginning until its end", () => {
    const [indexer] = workloads.filter(({ name }) => name === "indexer");
    const lists = (text: string) => indexer && declaredGrants(indexer, at(text))?.allows.length;
    expect(lists("2026-11-19T23:59:59Z")).toBe(1);
    expect(lists("2026-11-20T00:00:00Z")).toBe(2);
    expect(lists("2026-11-21T00:00:00Z")).toBe(1);
  });

  it("finds the manifest of a role or a user, and of nothing else", () => {
    const registry = registryWith(workloads);
    const of = (kind: string) => declaring(`arn:aws:iam::111122223333:${kind}/indexer`, registry)?.name;
    expect([of("role"), of("user"), of("group"), declaring(undefined, registry)]).toEqual([
      "indexer",
      "indexer",
      undefined,
      undefined,
    ]);
  });
});
