import { hash } from "node:crypto";
import { fields, type JsonObject, text } from "../event/json.ts";
import { mask } from "../event/mask.ts";
import { principalOf } from "../event/user-identity.ts";

/**
 * Turns `userIdentity` into a small number, the same for equal principals, so that a million records of one session cost
 * one principal. It forgets when it grows too large; a principal may then get a second number, which the index joins again.
 */
export interface PrincipalCache {
  numberOf(identity: JsonObject): number;
  /** Principals numbered since the last call, in number order, as JSON with its digest. */
  fresh(): readonly NumberedPrincipal[];
}

export interface NumberedPrincipal {
  readonly json: string;
  /** 128 bits of SHA-256: session names are chosen by callers, so a weaker hash could be made to collide. */
  readonly digest: Uint32Array;
}

const mostKeys = 4_000;
const mostAlike = 32;

export function principalCache(): PrincipalCache {
  let known = new Map<string, Numbered[]>();
  let numbered: NumberedPrincipal[] = [];
  let count = 0;

  return {
    numberOf(identity) {
      const key = text(identity["accessKeyId"]) || text(identity["principalId"]) || text(identity["invokedBy"]);
      let alike = known.get(key);
      if (alike !== undefined) for (const one of alike) if (sameSigner(one.essence, identity)) return one.number;
      // Callers choose session names, and some put a secret there.
      const json = JSON.stringify(principalOf(mask(identity)));
      numbered.push({ json, digest: new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16)) });
      if (known.size >= mostKeys) known = new Map();
      if (alike === undefined || alike.length >= mostAlike) alike = [];
      alike.push({ essence: essence(identity), number: count });
      known.set(key, alike);
      return count++;
    },
    fresh() {
      const taken = numbered;
      numbered = [];
      return taken;
    },
  };
}

interface Numbered {
  readonly essence: Essence;
  readonly number: number;
}

/** Every field that `principalOf` reads; two identities that agree in these are one principal. */
interface Essence {
  readonly type: unknown;
  readonly principalId: unknown;
  readonly arn: unknown;
  readonly accountId: unknown;
  readonly accessKeyId: unknown;
  readonly invokedBy: unknown;
  readonly userName: unknown;
  readonly identityProvider: unknown;
  readonly issuer: unknown;
  readonly startedAt: unknown;
  readonly sourceIdentity: unknown;
  readonly ec2RoleDelivery: unknown;
  readonly issuerType: unknown;
  readonly issuedTo: unknown;
  readonly userId: unknown;
  readonly identityStoreArn: unknown;
}

function essence(identity: JsonObject): Essence {
  const context = fields(identity["sessionContext"]);
  const scope = fields(identity["inScopeOf"]);
  const person = fields(identity["onBehalfOf"]);
  return {
    type: identity["type"],
    principalId: identity["principalId"],
    arn: identity["arn"],
    accountId: identity["accountId"],
    accessKeyId: identity["accessKeyId"],
    invokedBy: identity["invokedBy"],
    userName: identity["userName"],
    identityProvider: identity["identityProvider"],
    issuer: fields(context["sessionIssuer"])["arn"],
    startedAt: fields(context["attributes"])["creationDate"],
    sourceIdentity: context["sourceIdentity"],
    ec2RoleDelivery: context["ec2RoleDelivery"],
    issuerType: scope["issuerType"],
    issuedTo: scope["credentialsIssuedTo"],
    userId: person["userId"],
    identityStoreArn: person["identityStoreArn"],
  };
}

/** Asked once per record, so it reads no more than it must: most identities have no scope and nobody behind them. */
function sameSigner(known: Essence, identity: JsonObject): boolean {
  if (
    known.accessKeyId !== identity["accessKeyId"] ||
    known.principalId !== identity["principalId"] ||
    known.arn !== identity["arn"] ||
    known.type !== identity["type"] ||
    known.accountId !== identity["accountId"] ||
    known.invokedBy !== identity["invokedBy"] ||
    known.userName !== identity["userName"] ||
    known.identityProvider !== identity["identityProvider"]
  )
    return false;
  return (
    sameContext(known, identity["sessionContext"]) &&
    sameScope(known, identity["inScopeOf"]) &&
    samePerson(known, identity["onBehalfOf"])
  );
}

function sameContext(known: Essence, value: unknown): boolean {
  const context = fields(value);
  return (
    known.issuer === fields(context["sessionIssuer"])["arn"] &&
    known.startedAt === fields(context["attributes"])["creationDate"] &&
    known.sourceIdentity === context["sourceIdentity"] &&
    known.ec2RoleDelivery === context["ec2RoleDelivery"]
  );
}

function sameScope(known: Essence, value: unknown): boolean {
  if (value === undefined) return known.issuerType === undefined && known.issuedTo === undefined;
  const scope = fields(value);
  return known.issuerType === scope["issuerType"] && known.issuedTo === scope["credentialsIssuedTo"];
}

function samePerson(known: Essence, value: unknown): boolean {
  if (value === undefined) return known.userId === undefined && known.identityStoreArn === undefined;
  const person = fields(value);
  return known.userId === person["userId"] && known.identityStoreArn === person["identityStoreArn"];
}
