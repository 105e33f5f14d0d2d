import { describe, expect, it } from "vitest";
import { chainBoxes, chainLine, chainTree, furtherFields, holderName, penFor } from "../../cli/chain-picture.ts";
import { asAccessKeyId } from "../../core/iam/identifiers.ts";
import type { Hop } from "../../core/identity/attribution.ts";

const session = "arn:aws:sts::111122223333:assumed-role/b/s\u001b[31mé";
const hops: readonly Hop[] = [
  { principal: session, accessKeyId: asAccessKeyId("ASIAIOSFODNN7EXAMPLE") ?? null, eventID: "41c0aaaa-x", field: "f" },
  {
    principal: "arn:aws:iam::111122223333:user/trainer",
    accessKeyId: asAccessKeyId("AKIAIOSFODNN7EXAMPLE") ?? null,
    eventID: null,
    end: "long-term-key",
  },
];
const boxes = (pen: "unicode" | "ascii", columns = 100): readonly string[] => [
  ...chainBoxes({ hops }, { pen, columns, callOf: (id) => (id === "41c0aaaa-x" ? "sts:AssumeRole" : undefined) }),
];

describe("a picture of a chain", () => {
  it("leads from the far end down to the signer, each arrow with the call that issued the next credential", () => {
    const drawn = boxes("unicode");
    expect(drawn).toHaveLength(8);
    expect(drawn[1]).toBe("│ user/trainer  AKIAIOSFODNN7EXAMPLE  (a long-term key) │");
    expect(drawn[3]).toBe("   │  sts:AssumeRole, event 41c0aaaa");
    expect(drawn[6]).toContain("session b/s\\u{1b}[31mé  ASIAIOSFODNN7EXAMPLE");
  });
  it("is plain ASCII for the ascii pen, foreign text included", () => {
    for (const line of boxes("ascii")) expect(line).toMatch(/^[\u0020-\u007e]*$/);
    expect(boxes("ascii")[6]).toContain("\\u{e9}");
  });
  it.each([20, 40, 60])("is never wider than %i columns", (columns) => {
    for (const pen of ["unicode", "ascii"] as const)
      for (const line of boxes(pen, columns)) expect(line.length).toBeLessThanOrEqual(columns);
  });
  it("prints fields of a hop that it does not know", () => {
    const [first] = hops;
    const hop = { ...first, kind: "delegation" } as Hop & { readonly kind: string };
    expect(furtherFields(hop)).toEqual(["kind delegation"]);
    expect(
      [...chainBoxes({ hops: [hop, ...hops.slice(1)] }, { pen: "ascii", columns: 100, callOf: () => undefined })][3],
    ).toBe("   |  event 41c0aaaa, kind delegation");
  });
  it("has a form of one line and a form of a tree", () => {
    expect(chainLine({ hops })).toBe("user/trainer > session b/s\\u{1b}[31mé");
    expect([...chainTree({ hops })]).toEqual(["user/trainer", "└─ session b/s\\u{1b}[31mé   issued by event 41c0aaaa"]);
  });
  it("names service accounts and CI runs as people know them", () => {
    const provider = "arn:aws:iam::111122223333:oidc-provider";
    expect(holderName(`${provider}/oidc.eks.x/id/E:sts.amazonaws.com:system:serviceaccount:ml:bot`)).toBe(
      "Kubernetes service account ml/bot",
    );
    expect(holderName(`${provider}/token.example.com:sts.amazonaws.com:repo:acme/bot`)).toBe(
      "repo:acme/bot (token.example.com)",
    );
  });
});

describe("the pen of a locale", () => {
  it.each([
    [{ LANG: "en_US.UTF-8" }, "unicode"],
    [{ LANG: "C", LC_ALL: "C.utf8" }, "unicode"],
    [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, "ascii"],
    [{ LANG: "en_US.UTF-8", LC_CTYPE: "POSIX" }, "ascii"],
    [{}, "ascii"],
  ] as const)("of %o is %s", (environment, pen) => expect(penFor(environment)).toBe(pen));
});
