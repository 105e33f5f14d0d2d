import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { decode } from "../../../core/event/decode.ts";
import type { Principal } from "../../../core/event/principal.ts";
import { principalOf } from "../../../core/event/user-identity.ts";
import { resolvers } from "../../../core/identity/catalog.ts";
import { issuanceOf } from "../../../core/identity/lineage/issuance.ts";
import type { Registry } from "../../../core/identity/workload.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import { placementsAmong } from "./behind.ts";
import { registryFrom, workload } from "./manifest/manifest-examples.ts";

/*
 * A fixture is a JSON object:
 *   userIdentity  who signed; or `record`, a whole record, where something beside userIdentity counts
 *   issuedBy      optional: the whole record of the call that issued the credential
 *   roles         optional: role ARNs, each declared by a workload of its own: `declared-0`, `declared-1`, …
 *   workloads     optional: selectors as a manifest writes them, [{"glueJob": "nightly"}], each one workload; numbered on
 *   among         optional: whole records that put roles to work or start runs
 *   expected      null for silence, else what the claim contains
 */

const fixtures = resolve(import.meta.dirname, "../../fixtures");

interface Fixture {
  readonly userIdentity?: RecordObject;
  readonly record?: RecordObject;
  readonly issuedBy?: RecordObject;
  readonly roles?: readonly string[];
  readonly workloads?: readonly RecordObject[];
  readonly among?: readonly RecordObject[];
  readonly expected: object | null;
}

const read = (id: string, name: string): Fixture => JSON.parse(readFileSync(join(fixtures, id, name), "utf8"));

function callOf(record: RecordObject) {
  const decoded = decode(record);
  if (decoded.kind !== "event" || decoded.event.kind !== "api-call")
    throw new Error(
      `a record of the fixture is no call: ${decoded.kind === "event" ? decoded.event.kind : decoded.because}`,
    );
  return decoded.event;
}

function principalIn({ userIdentity, record }: Fixture): Principal {
  if (record !== undefined) return callOf(record).principal;
  if (userIdentity === undefined) throw new Error("a fixture has a userIdentity or a record");
  return principalOf(userIdentity);
}

const registryIn = ({ roles = [], workloads = [] }: Fixture): Registry =>
  registryFrom(
    ...[...roles.map((roleArn) => ({ roleArn })), ...workloads].map((selector, place) =>
      workload(`declared-${place}`, `- ${JSON.stringify(selector)}`),
    ),
  );

describe.each(resolvers.map((one) => [one.id, one] as const))("%s", (id, resolver) => {
  const names = readdirSync(join(fixtures, id));

  it.each(names)("%s", (name) => {
    const fixture = read(id, name);
    const { issuedBy, among = [], expected } = fixture;
    const issued = issuedBy === undefined ? undefined : issuanceOf(callOf(issuedBy));
    if (issuedBy !== undefined) expect(issued, "the fixture's issuing call issues a credential").toBeDefined();
    for (const one of among) callOf(one);
    const claim = resolver.resolve({
      principal: principalIn(fixture),
      registry: registryIn(fixture),
      placements: placementsAmong(among),
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
