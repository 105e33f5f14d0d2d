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
      if (alike !== undefined) for (const one of alike) if (sameSigner(one.identity, identity)) return one.number;
      const json = JSON.stringify(principalOf(identity));
      numbered.push({ json, digest: new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16)) });
      if (known.size >= mostKeys) known = new Map();
      if (alike === undefined || alike.length >= mostAlike) alike = [];
      alike.push({ identity: essence(identity), number: count });
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
  readonly identity: Essence;
  readonly number: number;
}

/** Every field that `principalOf` reads. */
interface Essence {
  readonly own: readonly unknown[];
  readonly context: readonly unknown[];
}

const ownFields = [
  "type",
  "principalId",
  "arn",
  "accountId",
  "accessKeyId",
  "userName",
  "invokedBy",
  "identityProvider",
] as const;

const essence = (identity: JsonObject): Essence => ({
  own: ownFields.map((name) => identity[name]),
  context: contextOf(identity),
});

function sameSigner(known: Essence, identity: JsonObject): boolean {
  for (let i = 0; i < ownFields.length; i++) if (known.own[i] !== identity[ownFields[i] ?? "type"]) return false;
  if (
    identity["sessionContext"] === undefined &&
    identity["inScopeOf"] === undefined &&
    identity["onBehalfOf"] === undefined
  )
    return known.context.length === 0;
  const context = contextOf(identity);
  return known.context.length === context.length && known.context.every((one, i) => one === context[i]);
}

function contextOf(identity: JsonObject): readonly unknown[] {
  const { sessionContext, inScopeOf, onBehalfOf } = identity;
  if (sessionContext === undefined && inScopeOf === undefined && onBehalfOf === undefined) return [];
  const context = fields(sessionContext);
  const scope = fields(inScopeOf);
  const person = fields(onBehalfOf);
  return [
    fields(context["sessionIssuer"])["arn"],
    fields(context["attributes"])["creationDate"],
    context["sourceIdentity"],
    context["ec2RoleDelivery"],
    scope["issuerType"],
    scope["credentialsIssuedTo"],
    person["userId"],
    person["identityStoreArn"],
  ];
}
