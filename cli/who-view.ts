import { instant, printInstant } from "../core/event/instant.ts";
import { at, isObject, type Json } from "../core/event/json.ts";
import type { Principal } from "../core/event/principal.ts";
import type { Hop } from "../core/identity/attribution.ts";
import {
  certainty,
  chainBoxes,
  drawn,
  endWords,
  fitted,
  furtherFields,
  holderName,
  type Pen,
} from "./chain-picture.ts";
import type { Proof, Sighting } from "./who-find.ts";

/** What a page about an identity is written with. */
export interface Page {
  readonly pen: Pen;
  readonly columns: number;
  readonly proofs: ReadonlyMap<string, Proof>;
}

/** One credential for a person: who it is, the chain as a picture, and each fact with who vouches for it and where it stands. */
export function* whoText(sighting: Sighting, page: Page): Generator<string> {
  const { attribution, calls, first, last } = sighting;
  const { hops, root, kind } = attribution;
  const { pen, columns, proofs } = page;
  const how =
    kind === "contested"
      ? attribution.claims.join(" or ")
      : `${attribution.id ?? "nobody known"}${kind === "unattributed" ? "" : ` (${attribution.class}${attribution.declared ? ", declared" : ""})`}`;
  const head = [
    ["WHO", `${kind === "contested" ? "contested:" : kind} ${how}`],
    ["SURE", certainty(attribution)],
    ["ROOT", `${root.kind} ${root.id}`],
    [
      "SEEN",
      `${calls.toLocaleString("en-US")} record${calls === 1 ? "" : "s"}, ${second(first)}${first === last ? "" : ` to ${second(last)}`}`,
    ],
  ] as const;
  for (const [title, words] of head) yield* wrapped(title.padEnd(indent.length), drawn(words, pen), columns);
  yield "";
  const callOf = (eventID: string): string | undefined => {
    const event = proofs.get(eventID)?.event;
    return event?.kind === "api-call" ? `${event.api} ${printInstant(event.at)}` : undefined;
  };
  let title = "CHAIN".padEnd(indent.length);
  for (const line of chainBoxes({ hops }, { pen, columns: columns - indent.length, callOf })) {
    yield `${title}${line}`;
    title = indent;
  }
  yield "";
  yield "PROOF     from the signer back to the far end";
  let holder: Principal | undefined = sighting.principal;
  let record = sighting.eventID;
  for (const [place, hop] of hops.entries()) {
    yield fitted(`  ${place + 1}  ${drawn(holderName(hop.principal), pen)}`, columns, pen);
    const issuing = hop.eventID === null ? undefined : proofs.get(hop.eventID)?.event;
    const caller = issuing?.kind === "api-call" ? issuing.principal : undefined;
    for (const [says, words] of [...factsOf(holder, caller), ...issued(hop, page)])
      yield* wrapped(`     ${says.padEnd(16)} `, drawn(words, pen), columns);
    if (holder !== undefined && record !== "")
      yield* wrapped(`     ${"read from".padEnd(16)} `, drawn(where(record, page), pen), columns);
    holder = caller;
    record = hop.eventID ?? "";
  }
}

const indent = " ".repeat(10);
type Fact = readonly [says: "AWS vouches" | "the caller says" | "recorded" | "ends here", words: string];

/** What a signer's fields say, and who wrote them ("CloudTrail userIdentity element"). */
const written: readonly (readonly [path: string, says: Fact[0], words: string])[] = [
  ["role", "AWS vouches", "role"],
  ["service", "AWS vouches", "AWS service"],
  ["userName", "AWS vouches", "user"],
  ["provider", "AWS vouches", "identity provider"],
  ["session.name", "the caller says", "session name"],
  ["session.sourceIdentity", "the caller says", "source identity (set by the first caller of the chain)"],
  ["session.inScopeOf.credentialsIssuedTo", "AWS vouches", "issued in the scope of"],
  ["session.ec2RoleDelivery", "AWS vouches", "handed out by instance metadata, version"],
  ["session.webIdentity.provider", "AWS vouches", "began with a token of"],
  ["session.webIdentity.subject", "AWS vouches", "subject of that token"],
  ["invokedBy", "AWS vouches", "called on its behalf by"],
  ["delegate", "AWS vouches", "delegated to account"],
  ["onBehalfOf.userId", "AWS vouches", "on behalf of the Identity Center user"],
  ["userId", "AWS vouches", "Identity Center user"],
  ["credentialId", "AWS vouches", "bearer token"],
  ["signInSession", "AWS vouches", "sign-in session"],
];

function* factsOf(holder: Principal | undefined, askedBy: Principal | undefined): Generator<Fact> {
  if (holder === undefined) return;
  if (holder.kind !== "assumed-role" && holder.arn !== undefined) yield ["AWS vouches", `${holder.kind} ${holder.arn}`];
  if (holder.kind === "aws-account")
    yield ["AWS vouches", `account ${holder.account ?? "not named"}: its own records say who it was`];
  if (holder.kind === "unknown") yield ["recorded", `userIdentity type ${holder.type || "missing"}`];
  if (holder.kind === "web-identity-user" || holder.kind === "saml-user") {
    const proven = at(holder, "proven") !== false;
    yield [
      proven ? "AWS vouches" : "the caller says",
      `subject ${holder.subject}${proven ? ", as the provider proved it" : ""}`,
    ];
  }
  for (const [path, says, words] of written) {
    const value: Json | undefined = at(holder, ...path.split("."));
    if (value === undefined || value === "" || isObject(value)) continue;
    // The caller who chose the name was AWS itself.
    if (path === "session.name" && askedBy?.kind === "aws-service")
      yield ["AWS vouches", `session name ${String(value)}, chosen by ${askedBy.service}`];
    else yield [says, `${words} ${String(value)}`];
  }
}

function* issued(hop: Hop, page: Page): Generator<Fact> {
  const { eventID, field, accessKeyId, sharedEventID, end } = hop;
  if (eventID !== null) {
    const key = accessKeyId === null ? "the credential" : `key ${accessKeyId}`;
    yield [
      "AWS vouches",
      `${key} was issued by ${where(eventID, page)}${field === undefined ? "" : `, field ${field}`}`,
    ];
    if (sharedEventID !== undefined)
      yield ["AWS vouches", `recorded in both accounts under sharedEventID ${sharedEventID}`];
  } else if (accessKeyId !== null) yield ["AWS vouches", `key ${accessKeyId}`];
  for (const words of furtherFields(hop)) yield ["recorded", words];
  if (end !== undefined) yield ["ends here", endWords(end)];
}

/** An event with its API, its time, and the file and place of its record. */
function where(eventID: string, { proofs }: Page): string {
  const proof = proofs.get(eventID);
  if (proof === undefined) return `event ${eventID}`;
  const { event, sources } = proof;
  const api = event.kind === "api-call" ? `${event.api}, ` : "";
  const [source, ...copies] = sources;
  const place = source === undefined ? "" : `, ${source}`;
  const more = copies.length === 0 ? "" : ` (and ${copies.length} more cop${copies.length === 1 ? "y" : "ies"})`;
  return `${api}event ${eventID} at ${printInstant(event.at)}${place}${more}`;
}

/** A title and words that go on below themselves; what has no blank is never broken, so that it can be copied. */
function* wrapped(title: string, words: string, columns: number): Generator<string> {
  let line = title;
  for (const word of words.split(" ")) {
    if (line.length > title.length && line.length + 1 + word.length > columns) {
      yield line.trimEnd();
      line = " ".repeat(title.length);
    }
    line += line.length === title.length ? word : ` ${word}`;
  }
  yield line.trimEnd();
}

const second = (value: number): string => printInstant(instant(value * 1_000));
