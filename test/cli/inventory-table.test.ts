import { describe, expect, it } from "vitest";
import { identityTable, secretTable } from "../../cli/inventory-table.ts";
import type { IdentityRow, SecretRow } from "../../core/flow/inventory/inventory-row.ts";
import { account } from "../fixtures/records.ts";

const row: IdentityRow = {
  kind: "roles-anywhere-subject",
  id: `anywhere:arn:aws:rolesanywhere:us-east-1:${account}:subject/${"x".repeat(60)}`,
  owner: "a-team-with-a-rather-long-name",
  credential: "short-lived",
  lastUsed: 1_770_000_000,
  mayAssume: [],
  assumedBy: [],
  members: [],
  calls: 12,
  granted: 20_000,
  used: 19,
  escalation: ["lambda:UpdateFunctionCode"],
  secrets: ["one"],
  decrypts: 0,
  flags: ["undeclared", "orphaned", "dormant", "shared", "over-granted", "static"],
  risk: 100,
  reasons: [],
};
const secret: SecretRow = {
  kind: "secret",
  id: `arn:aws:secretsmanager:us-east-1:${account}:secret:${"y".repeat(80)}`,
  reads: 1,
  denied: 0,
  last: 1_770_000_000,
  readers: [
    {
      id: `role:arn:aws:iam::${account}:role/${"z".repeat(64)}`,
      kind: "unattributed",
      reads: 1,
      denied: 0,
      last: 1,
      declared: "no-manifest",
    },
  ],
};

describe("the tables of an inventory", () => {
  it.each([60, 80, 100, 120, 160])("fit a terminal of %i columns", (columns) => {
    for (const pen of ["unicode", "ascii"] as const)
      for (const line of [...identityTable([row], { pen, columns }), ...secretTable([secret], { pen, columns })])
        expect(line.length, line).toBeLessThanOrEqual(columns);
  });

  it("leave out the least important columns first", () => {
    const head = (columns: number): string => identityTable([row], { pen: "unicode", columns })[0] ?? "";
    expect(head(120)).toContain("SECRETS");
    expect(head(80)).not.toContain("SECRETS");
    expect(head(60)).toMatch(/^RISK +KIND +IDENTITY +WAYS +FLAGS$/);
  });

  it("make foreign text visible", () => {
    const [, line = ""] = identityTable([{ ...row, id: "oidc:x/\u001b[2J" }], { pen: "unicode", columns: 120 });
    expect(line).not.toContain("\u001b");
  });

  it("keep the end of a name that is cut, and say that one is gone", () => {
    const [, line = ""] = identityTable([{ ...row, flags: [], exists: false }], { pen: "unicode", columns: 80 });
    expect(line).toMatch(/…x+/);
    expect(line).toMatch(/gone$/);
  });
});
