import { expect, it } from "vitest";
import { instant } from "../../core/event/instant.ts";
import { type ApprovedGrant, type GrantStore, holds } from "../../core/identity/envelope/grant-store.ts";

const grant: ApprovedGrant = {
  schema: 1,
  workload: "support-bot",
  id: "reindex-42",
  statements: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
  from: instant(2_000),
  until: instant(3_000),
  approvedBy: "security-lead@example.com",
  ticket: "OPS-42",
};

/** What every grant store must do, whatever it is made of. */
export function grantStoreContract(make: () => GrantStore): void {
  it("lists the grants of one workload by start, and none of another", async () => {
    const store = make();
    const earlier = { ...grant, id: "z", from: instant(1_000) };
    expect(await store.put(grant)).toBe("written");
    expect(await store.put(earlier)).toBe("written");
    expect(await store.put({ ...grant, workload: "other" })).toBe("written");
    expect(await store.ofWorkload("support-bot")).toEqual([earlier, grant]);
    expect(await store.ofWorkload("nobody")).toEqual([]);
  });
  it("takes the same grant again as nothing new, also with its keys in another order", async () => {
    const store = make();
    await store.put(grant);
    expect(await store.put(grant)).toBe("known");
    expect(await store.put(Object.assign({ ticket: "OPS-42" }, grant))).toBe("known");
    expect(await store.ofWorkload("support-bot")).toEqual([grant]);
  });
  it("refuses the same id with other content", async () => {
    const store = make();
    await store.put(grant);
    await expect(store.put({ ...grant, until: instant(9_000) })).rejects.toMatchObject({ code: "conflict" });
    expect(await store.ofWorkload("support-bot")).toEqual([grant]);
  });
  it("refuses a grant that ends before it starts", async () => {
    await expect(make().put({ ...grant, until: grant.from })).rejects.toMatchObject({ code: "misconfigured" });
  });
  it("holds from its start up to but not at its end", () => {
    expect([1_999, 2_000, 2_999, 3_000].map((at) => holds(grant, instant(at)))).toEqual([false, true, true, false]);
  });
}
