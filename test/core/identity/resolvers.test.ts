import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { decode } from "../../../core/event/decode.ts";
import { principalOf } from "../../../core/event/user-identity.ts";
import { isRoleArn } from "../../../core/iam/arn.ts";
import { resolvers } from "../../../core/identity/catalog.ts";
import { issuanceOf } from "../../../core/identity/issuance.ts";
import { noPlacements } from "../../../core/identity/placement.ts";
import { declaring } from "../../fixtures/declaring.ts";

const fixtures = resolve(import.meta.dirname, "../../fixtures");

function issuance(record: unknown) {
  const decoded = record === undefined ? undefined : decode(record);
  return decoded?.kind === "event" && decoded.event.kind === "api-call" ? issuanceOf(decoded.event) : undefined;
}

describe.each(resolvers.map((one) => [one.id, one] as const))("%s", (id, resolver) => {
  const names = readdirSync(join(fixtures, id));

  it.each(names)("%s", (name) => {
    const { userIdentity, issuedBy, roles = [], expected } = JSON.parse(readFileSync(join(fixtures, id, name), "utf8"));
    const issued = issuance(issuedBy);
    if (issuedBy !== undefined) expect(issued, "the fixture's issuing call issues a credential").toBeDefined();
    const claim = resolver.resolve({
      principal: principalOf(userIdentity),
      registry: declaring(roles.filter(isRoleArn)),
      placements: noPlacements,
      ...(issued === undefined ? {} : { issuedBy: issued }),
    });
    if (expected === null) expect(claim).toBeUndefined();
    else expect(claim).toMatchObject(expected);
    if (name.startsWith("names.")) expect(expected).not.toBeNull();
    if (name.startsWith("silent.")) expect(expected).toBeNull();
    if (name.startsWith("forged.") && claim !== undefined) {
      expect(claim.class, "what a caller may choose is a guess").toBe("inferred");
      expect(claim.declared, "a guess never takes a manifest's name").toBe(false);
    }
  });
});
