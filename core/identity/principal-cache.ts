import { hash } from "node:crypto";
import { fields, type JsonObject, text } from "../event/json.ts";
import { mask } from "../event/mask.ts";
import { type Beside, principalOf } from "../event/user-identity.ts";

/**
 * Turns `userIdentity` into a small number, the same for equal principals, so that a million records of one session cost
 * one principal. It forgets when it grows too large; a principal may then get a second number, which the index joins again.
 */
export interface PrincipalCache {
  numberOf(identity: JsonObject, beside: Beside): number;
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
    numberOf(identity, beside) {
      const key = text(identity["accessKeyId"]) || text(identity["principalId"]) || text(identity["invokedBy"]);
      let alike = known.get(key);
      if (alike !== undefined)
        for (const one of alike) if (sameSigner(one.essence, identity, beside)) return one.number;
      // Callers choose session names, and some put a secret there.
      const json = JSON.stringify(principalOf(mask(identity), beside));
      numbered.push({ json, digest: new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16)) });
      if (known.size >= mostKeys) known = new Map();
      if (alike === undefined || alike.length >= mostAlike) alike = [];
      alike.push({ essence: essence(identity, beside), number: count });
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
  readonly credentialId: unknown;
  readonly bearer: boolean;
  readonly subject: string;
  readonly provider: string;
  readonly signIn: string;
  readonly console: boolean;
  readonly context: Context | undefined;
  /** Rare parts, as their JSON. */
  readonly rest: string;
}

interface Context {
  readonly issuer: unknown;
  readonly startedAt: unknown;
  readonly sourceIdentity: unknown;
  readonly ec2RoleDelivery: unknown;
  readonly signInSession: unknown;
  /** The federation's data and the marks of console and root sessions, as JSON. */
  readonly rest: string;
}

function essence(identity: JsonObject, { bearer, subject, provider, signIn, console }: Beside): Essence {
  const session = identity["sessionContext"];
  const context = fields(session);
  return {
    type: identity["type"],
    principalId: identity["principalId"],
    arn: identity["arn"],
    accountId: identity["accountId"],
    accessKeyId: identity["accessKeyId"],
    invokedBy: identity["invokedBy"],
    userName: identity["userName"],
    identityProvider: identity["identityProvider"],
    credentialId: identity["credentialId"],
    bearer,
    subject,
    provider,
    signIn,
    console,
    context:
      session === undefined
        ? undefined
        : {
            issuer: fields(context["sessionIssuer"])["arn"],
            startedAt: fields(context["attributes"])["creationDate"],
            sourceIdentity: context["sourceIdentity"],
            ec2RoleDelivery: context["ec2RoleDelivery"],
            signInSession: context["signInSessionArn"],
            rest: rareContext(context),
          },
    rest: rareParts(identity),
  };
}

/** Asked once per record, so it reads no more than it must: most identities have no scope and nobody behind them. */
function sameSigner(known: Essence, identity: JsonObject, beside: Beside): boolean {
  return (
    known.accessKeyId === identity["accessKeyId"] &&
    known.principalId === identity["principalId"] &&
    known.arn === identity["arn"] &&
    known.type === identity["type"] &&
    known.accountId === identity["accountId"] &&
    known.invokedBy === identity["invokedBy"] &&
    known.userName === identity["userName"] &&
    known.identityProvider === identity["identityProvider"] &&
    known.credentialId === identity["credentialId"] &&
    known.bearer === beside.bearer &&
    known.subject === beside.subject &&
    known.provider === beside.provider &&
    known.signIn === beside.signIn &&
    known.console === beside.console &&
    sameContext(known.context, identity["sessionContext"]) &&
    known.rest === rareParts(identity)
  );
}

function sameContext(known: Context | undefined, value: unknown): boolean {
  if (known === undefined || value === undefined) return known === value;
  const context = fields(value);
  return (
    known.startedAt === fields(context["attributes"])["creationDate"] &&
    known.issuer === fields(context["sessionIssuer"])["arn"] &&
    known.sourceIdentity === context["sourceIdentity"] &&
    known.ec2RoleDelivery === context["ec2RoleDelivery"] &&
    known.signInSession === context["signInSessionArn"] &&
    known.rest === rareContext(context)
  );
}

function rareContext(context: JsonObject): string {
  const attributes = fields(context["attributes"]);
  const inAttributes = attributes["sessionCredentialFromConsole"];
  const { webIdFederationData, assumedRoot, sessionCredentialFromConsole } = context;
  if (
    webIdFederationData === undefined &&
    assumedRoot === undefined &&
    sessionCredentialFromConsole === undefined &&
    inAttributes === undefined
  )
    return "";
  return JSON.stringify([webIdFederationData, assumedRoot, sessionCredentialFromConsole, inAttributes]);
}

function rareParts(identity: JsonObject): string {
  const { inScopeOf, onBehalfOf, invokedByDelegate, sessionCredentialFromConsole } = identity;
  if (
    inScopeOf === undefined &&
    onBehalfOf === undefined &&
    invokedByDelegate === undefined &&
    sessionCredentialFromConsole === undefined
  )
    return "";
  return JSON.stringify([inScopeOf, onBehalfOf, invokedByDelegate, sessionCredentialFromConsole]);
}
