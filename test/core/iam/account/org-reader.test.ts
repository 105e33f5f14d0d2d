import { describe, expect, it } from "vitest";
import type { IamChange, IamWrite } from "../../../../core/iam/account/iam-change.ts";
import { readOrganization } from "../../../../core/iam/account/org-reader.ts";
import { controlsOver, type OrgState, orgAfter } from "../../../../core/iam/account/org-state.ts";
import { organizationFile as file } from "../../../fixtures/organization.ts";

function read(value: unknown = file()): OrgState {
  const { state, problems } = readOrganization(value, "org.json");
  expect(problems).toEqual([]);
  if (state === undefined) throw new Error("there is no state");
  return state;
}

const denied = (state: OrgState, account: string): readonly string[] =>
  (controlsOver(state, account)?.service ?? [])
    .flat()
    .flatMap(({ statements }) => statements)
    .filter((one) => one.effect === "Deny")
    .flatMap((one) => one.actions.patterns);

const written = (state: OrgState, ...changes: readonly IamChange[]): OrgState =>
  changes.map((change, at): IamWrite => ({ schema: 1, at, id: `e${at}`, change })).reduce(orgAfter, state);

describe("reading an organization", () => {
  it("puts the policies over an account in levels from the root down", () => {
    const levels = controlsOver(read(), "111122223333");
    expect(levels?.service.map((level) => level.length)).toEqual([1, 2, 1]);
    expect(levels?.resource.map((level) => level.length)).toEqual([0, 1, 0]);
    expect(denied(read(), "111122223333")).toEqual(["iam:CreateUser"]);
  });

  it("bounds the management account by nothing, and does not know an account that it does not name", () => {
    expect(controlsOver(read(), "444455556666")).toEqual({ service: [], resource: [], missing: [] });
    expect(controlsOver(read(), "777788889999")).toBeUndefined();
  });

  it("names what it cannot read, and says that a policy's text is missing", () => {
    const broken = file();
    const { state, problems } = readOrganization(
      { ...broken, Policies: broken.Policies.map((one) => ({ ...one, Policy: { ...one.Policy, Content: "{" } })) },
      "org.json",
    );
    expect(problems.map(({ path }) => path)).toEqual([0, 1, 2].map((at) => `Policies[${at}].Content`));
    expect(state && controlsOver(state, "111122223333")?.missing).toEqual([
      "p-FullAWSAccess",
      "p-deny0001",
      "p-rcp00001",
    ]);
  });

  it("takes nothing for an organization that is none, and names entries without a place", () => {
    expect(readOrganization({ Accounts: [] }, "org.json").state).toBeUndefined();
    const { problems } = readOrganization({ ...file(), Accounts: [{ Id: "111122223333" }] }, "org.json");
    expect(problems.map(({ path }) => path)).toContain("Accounts[0]");
  });

  it("knows a kind that is switched off at the root", () => {
    const without = { ...file(), Roots: [{ Id: "r-abcd", PolicyTypes: [] }] };
    expect(controlsOver(read(without), "111122223333")?.service).toEqual([]);
  });
});

describe("an organization after writes", () => {
  it("loses a policy that is detached and gains one that is attached", () => {
    const [control, target] = ["p-deny0001", "ou-abcd-11111111"];
    expect(denied(written(read(), { kind: "control-detached", control, target }), "111122223333")).toEqual([]);
    const both = written(
      read(),
      { kind: "control-detached", control, target },
      { kind: "control-attached", control, target: "r-abcd" },
    );
    expect(denied(both, "111122223333")).toEqual(["iam:CreateUser"]);
  });

  it("moves an account out from under a policy, and out of the organization", () => {
    const child = "111122223333";
    const moved = written(read(), { kind: "moved", child, from: "ou-abcd-11111111", to: "r-abcd" });
    expect(denied(moved, child)).toEqual([]);
    expect(controlsOver(written(moved, { kind: "moved", child }), child)).toBeUndefined();
  });

  it("follows the text of a policy, its deletion, and the switch of its kind", () => {
    const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}';
    expect(
      denied(written(read(), { kind: "control-updated", control: "p-deny0001", document }), "111122223333"),
    ).toEqual(["s3:*"]);
    expect(
      controlsOver(written(read(), { kind: "control-deleted", control: "p-deny0001" }), "111122223333")?.missing,
    ).toEqual(["p-deny0001"]);
    const off = written(read(), { kind: "controls-off", root: "r-abcd", type: "SERVICE_CONTROL_POLICY" });
    expect(controlsOver(off, "111122223333")?.service).toEqual([]);
    const on = written(off, { kind: "controls-on", root: "r-abcd", type: "SERVICE_CONTROL_POLICY" });
    expect(denied(on, "111122223333")).toEqual(["iam:CreateUser"]);
  });
});
