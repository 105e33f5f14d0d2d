import { hash } from "node:crypto";
import { fields, type JsonObject } from "../event/json.ts";
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

const mostKeys = 20_000;
const mostAlike = 32;

export function principalCache(): PrincipalCache {
  let known = new Map<string, Numbered[]>();
  let numbered: NumberedPrincipal[] = [];
  let count = 0;

  return {
    numberOf(identity) {
      const key = String(identity["accessKeyId"] ?? identity["principalId"] ?? identity["invokedBy"] ?? "");
      let alike = known.get(key);
      if (alike !== undefined) for (const one of alike) if (sameSigner(one.essence, identity)) return one.number;
      const json = JSON.stringify(principalOf(identity));
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
  readonly identity: JsonObject;
  readonly context: JsonObject;
  readonly issuer: unknown;
  readonly startedAt: unknown;
  readonly scope: JsonObject;
  readonly person: JsonObject;
}

function essence(identity: JsonObject): Essence {
  const context = fields(identity["sessionContext"]);
  return {
    identity,
    context,
    issuer: fields(context["sessionIssuer"])["arn"],
    startedAt: fields(context["attributes"])["creationDate"],
    scope: fields(identity["inScopeOf"]),
    person: fields(identity["onBehalfOf"]),
  };
}

function sameSigner(known: Essence, identity: JsonObject): boolean {
  const one = known.identity;
  if (
    one["accessKeyId"] !== identity["accessKeyId"] ||
    one["principalId"] !== identity["principalId"] ||
    one["arn"] !== identity["arn"] ||
    one["type"] !== identity["type"] ||
    one["accountId"] !== identity["accountId"] ||
    one["invokedBy"] !== identity["invokedBy"] ||
    one["userName"] !== identity["userName"] ||
    one["identityProvider"] !== identity["identityProvider"]
  )
    return false;
  const { context, scope, person } = known;
  const itsContext = fields(identity["sessionContext"]);
  const itsScope = fields(identity["inScopeOf"]);
  const itsPerson = fields(identity["onBehalfOf"]);
  return (
    known.issuer === fields(itsContext["sessionIssuer"])["arn"] &&
    known.startedAt === fields(itsContext["attributes"])["creationDate"] &&
    context["sourceIdentity"] === itsContext["sourceIdentity"] &&
    context["ec2RoleDelivery"] === itsContext["ec2RoleDelivery"] &&
    scope["issuerType"] === itsScope["issuerType"] &&
    scope["credentialsIssuedTo"] === itsScope["credentialsIssuedTo"] &&
    person["userId"] === itsPerson["userId"] &&
    person["identityStoreArn"] === itsPerson["identityStoreArn"]
  );
}
