import type { Random } from "./corpus-random.ts";
import type { Role } from "./corpus-world.ts";

/** Who calls from where: what the slots of a template are filled from. */
export interface Scene {
  readonly random: Random;
  readonly role: Role;
  readonly region: string;
}

/** The parts of a record that depend on the API called; JSON texts. */
export interface Rendered {
  readonly requestJson: string;
  readonly responseJson: string;
  readonly additionalJson?: string;
  readonly resourcesJson?: string;
}

/** One API of the mix, ready to be rendered many times. */
export interface Template {
  readonly source: string;
  readonly name: string;
  readonly weight: number;
  readonly readOnly: boolean;
  readonly management: boolean;
  readonly apiVersion?: string;
  render(scene: Scene): Rendered;
}

/** One or more APIs (names parted by blanks) that share a form. Texts are JSON with `~slot~` where a value goes. */
export interface Row {
  readonly names: string;
  readonly weight?: number;
  readonly request?: string;
  readonly response?: string;
  readonly additional?: string;
  readonly resources?: string;
  readonly apiVersion?: string;
  readonly effect?: "write";
  readonly category?: "data";
}

/** Compiles the rows of one service; the service is the event source without its domain. */
export const templatesOf = (service: string, rows: readonly Row[]): readonly Template[] =>
  rows.flatMap((row) => row.names.split(" ").map((name) => compile(`${service}.amazonaws.com`, name, row)));

function compile(source: string, name: string, row: Row): Template {
  const slots: Slot[] = [];
  const request = segment(row.request ?? "null", slots);
  const response = segment(row.response ?? "null", slots);
  const additional = row.additional === undefined ? undefined : segment(row.additional, slots);
  const resources = row.resources === undefined ? undefined : segment(row.resources, slots);
  const readOnly = row.effect !== "write";
  return {
    source,
    name,
    weight: row.weight ?? 1,
    readOnly,
    management: row.category !== "data",
    ...(row.apiVersion === undefined ? {} : { apiVersion: row.apiVersion }),
    render(scene) {
      const values = slots.map(({ value }) => value(scene));
      return {
        requestJson: fill(request, values),
        responseJson: fill(response, values),
        ...(additional === undefined ? {} : { additionalJson: fill(additional, values) }),
        ...(resources === undefined ? {} : { resourcesJson: fill(resources, values) }),
      };
    },
  };
}

interface Slot {
  readonly word: string;
  readonly value: (scene: Scene) => string;
}

/** Texts and slot numbers in turn, beginning with a text. One word is one value in the whole record; `id2` is another `id`. */
type Segment = readonly (string | number)[];

function segment(text: string, slots: Slot[]): Segment {
  return text.split("~").map((part, index) => {
    if (index % 2 === 0) return part;
    const known = slots.findIndex(({ word }) => word === part);
    if (known >= 0) return known;
    const value = values[part.replace(/\d$/, "")];
    if (value === undefined) throw new Error(`no value is known for the slot ~${part}~ in ${text.slice(0, 80)}`);
    slots.push({ word: part, value });
    return slots.length - 1;
  });
}

function fill(pieces: Segment, filling: readonly string[]): string {
  let text = "";
  for (const piece of pieces) text += typeof piece === "string" ? piece : (filling[piece] ?? "");
  return text;
}

const prefixed =
  (prefix: string) =>
  ({ random }: Scene): string =>
    `${prefix}0${random.hex(16)}`;

const objectKinds = ["train/shard", "embeddings/part", "checkpoints/step", "documents/page", "eval/run"] as const;
const models = [
  "anthropic.claude-sonnet-4-20250514-v1:0",
  "anthropic.claude-3-5-haiku-20241022-v1:0",
  "amazon.titan-embed-text-v2:0",
  "amazon.nova-pro-v1:0",
] as const;

/** What a slot may hold. Nothing here needs escaping in JSON. */
const values: Readonly<Record<string, (scene: Scene) => string>> = {
  account: ({ role }) => role.account,
  region: ({ region }) => region,
  role: ({ role }) => role.name,
  home: ({ role }) => role.home,
  bucket: ({ role }) => role.bucket,
  kms: ({ role, region }) => `arn:aws:kms:${region}:${role.account}:key/${role.kmsKey}`,
  key: ({ random }) => `${random.pick(objectKinds)}-${random.between(10_000, 99_999)}.parquet`,
  secret: ({ role, region }) =>
    `arn:aws:secretsmanager:${region}:${role.account}:secret:${role.name}/service-token-AbCdEf`,
  log: ({ role }) => `/aws/${role.profile}/${role.name}`,
  stream: ({ random }) => `2026/11/20/[$LATEST]${random.hex(32)}`,
  model: ({ random }) => random.pick(models),
  function: ({ role, random }) => `${role.profile}-step-${random.below(9)}`,
  item: ({ role, random }) => `${role.profile}-${random.between(100, 199)}`,
  instance: prefixed("i-"),
  volume: prefixed("vol-"),
  network: prefixed("eni-"),
  subnet: prefixed("subnet-"),
  group: prefixed("sg-"),
  vpc: prefixed("vpc-"),
  image: prefixed("ami-"),
  reservation: prefixed("r-"),
  uuid: ({ random }) => random.uuid(),
  hex: ({ random }) => random.hex(32),
  token: ({ random }) => random.token(76),
  id: ({ random }) => random.id(17),
  number: ({ random }) => String(random.between(1, 1000)),
  bytes: ({ random }) => String(random.between(200, 8_000_000)),
  host: ({ random }) => String(random.between(4, 250)),
};
