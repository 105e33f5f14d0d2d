import { subjectOf } from "./corpus-issuing.ts";
import type { Random } from "./corpus-random.ts";
import { type Opening, openSession, type Session } from "./corpus-session.ts";
import { type Role, roleArn, type World } from "./corpus-world.ts";

/** How a chain begins: a user's long-term key, a service, a token of a provider, or a sign-in. */
export const origins = ["long-term-key", "ec2", "irsa", "pod-identity", "sso", "github"] as const;
export type Origin = (typeof origins)[number];

/** What is true of one chain, known because it was planted. */
export interface ChainTruth {
  /** The last credential that the chain issued: the one that does the work. */
  readonly key: string;
  readonly origin: Origin;
  /** How many issuing calls lie behind it. */
  readonly hops: number;
  /** Who stands at the far end, as the record of the first issuing call names its caller. */
  readonly end: string;
  /** The root's id. A sign-in names the person and not the identity store, for which a dash stands. */
  readonly root: string;
}

/** A chain: its sessions in the order they were opened, and what is true of it. */
export interface Chain {
  readonly openings: readonly Opening[];
  readonly truth: ChainTruth;
}

/** Where chains can begin and go on; made once for a world. */
export interface Stage {
  readonly world: World;
  readonly users: readonly Session[];
}

/** A world with a dozen users in each account, each with one long-term key. */
export function makeStage(random: Random, world: World): Stage {
  const users = world.accounts.flatMap((account) =>
    Array.from({ length: 12 }, (_, index) => user(random, random.pick(rolesOf(world, account)), `deployer-${index}`)),
  );
  return { world, users };
}

/** Plants a chain of so many issuing calls, the first at `at`. */
export function makeChain(random: Random, stage: Stage, wish: Wish): Chain {
  const { hops, at, region } = wish;
  const origin = random.pick(origins);
  const first = begin(random, stage, origin, wish);
  const openings = [first.opening];
  let key = first.key;
  let time = at;
  for (let hop = 1; hop < hops; hop++) {
    const caller = openings.at(-1)?.session;
    if (caller === undefined) break;
    time += random.between(5, 600) * 1000;
    key = temporaryKey(random);
    const role = nextRole(random, stage.world, caller.role.account);
    openings.push(openSession(random, { role, region, at: time, caller, accessKeyId: key }));
  }
  const { end, root } = first;
  return { openings, truth: { key, origin, hops, end, root } };
}

export interface Wish {
  readonly hops: number;
  readonly at: number;
  readonly region: string;
}

interface Beginning {
  readonly opening: Opening;
  readonly key: string;
  readonly end: string;
  readonly root: string;
}

function begin(random: Random, { world, users }: Stage, origin: Origin, { at, region }: Wish): Beginning {
  const key = temporaryKey(random);
  if (origin === "long-term-key") {
    const caller = random.pick(users);
    const role = nextRole(random, world, caller.role.account);
    const end = arnOf(caller);
    const opening = openSession(random, { role, region, at, caller, accessKeyId: key });
    return { opening, key, end, root: `user:${end}` };
  }
  const account = random.pick(world.accounts);
  const role = random.pick(rolesOf(world, account).filter(({ kind }) => kind === origin));
  const name = origin === "ec2" ? `i-0${random.hex(16)}` : undefined;
  const opening = openSession(random, {
    role,
    region,
    at,
    accessKeyId: key,
    ...(name === undefined ? {} : { name }),
  });
  return { opening, key, ...federated(role, region, name ?? "") };
}

function federated(role: Role, region: string, instance: string): Pick<Beginning, "end" | "root"> {
  const { account, home, name } = role;
  const subject = subjectOf(role);
  if (subject === undefined)
    return role.kind === "ec2"
      ? { end: "ec2.amazonaws.com", root: `ec2:${account}/${region}/${instance}` }
      : { end: "pods.eks.amazonaws.com", root: `eks:arn:aws:eks:${region}:${account}:cluster/${home}/ml/${name}` };
  if (subject.api === "AssumeRoleWithSAML")
    return { end: `${subject.provider}:${subject.subject}`, root: `sso:-/${subject.subject}` };
  const issuer = subject.provider.slice(subject.provider.indexOf("/") + 1);
  return {
    end: `${subject.provider}:${subject.audience}:${subject.subject}`,
    root: role.kind === "irsa" ? `eks:${issuer}/ml/${name}` : `oidc:${issuer}/${subject.subject}`,
  };
}

/** Three of five hops stay in the account; reserved roles are nobody's to assume. */
function nextRole(random: Random, world: World, account: string): Role {
  const others = world.accounts.filter((one) => one !== account);
  const target = others.length > 0 && random.chance(0.4) ? random.pick(others) : account;
  return random.pick(rolesOf(world, target).filter(({ kind }) => kind !== "service-linked" && kind !== "sso"));
}

/** A user works where some role works and calls what it calls, with a key of its own. */
function user(random: Random, place: Role, name: string): Session {
  const { account } = place;
  const arn = roleArn({ account, path: "/", name }).replace(":role/", ":user/");
  return {
    role: { ...place, kind: "ec2", name, address: `203.0.113.${random.between(1, 254)}`, vpcEndpoint: undefined },
    region: "us-east-1",
    startedAt: 0,
    depth: 0,
    identityJson: JSON.stringify({
      type: "IAMUser",
      principalId: `AIDA${random.id(17)}`,
      arn,
      accountId: account,
      accessKeyId: `AKIA${random.id(16)}`,
      userName: name,
    }),
  };
}

const arnOf = ({ identityJson }: Session): string => (JSON.parse(identityJson) as { readonly arn: string }).arn;

const rolesOf = ({ roles }: World, account: string): readonly Role[] => roles.get(account) ?? [];

const temporaryKey = (random: Random): string => `ASIA${random.id(16)}`;
