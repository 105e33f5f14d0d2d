import { fingerprintOf } from "../fingerprint.ts";
import { isObject, type Json, type JsonObject, text } from "../json.ts";
import { maskShapes } from "../secret-shapes.ts";
import { type FoundSecret, ofFormat } from "./in-text.ts";
import { partsOf, textBehind } from "./parts.ts";
import { scanSecret } from "./scan.ts";

/** A secret in a configuration: where it stands and what it is. The value itself is nowhere any more. */
export interface ConfiguredSecret {
  /** A path of names, such as `environment.variables.DB_PASSWORD`. */
  readonly where: string;
  readonly kind: string;
  /** Keyed, as `fingerprintOf` says: equal secrets have equal ones. */
  readonly fingerprint: string;
}

/** So many secrets of one configuration are told; a file of keys is told by its first. */
export const mostConfigured = 50;

/** A secret as it was found. `text` tells it from others, `raw` is what stands in the configuration: both go nowhere. */
export interface PlacedSecret extends FoundSecret {
  readonly where: string;
  readonly raw: string;
}

/**
 * The secrets that stand in the variables, arguments, parameters and scripts of a configuration. What is named beside them
 * (images, roles, references to a secret) is not looked at. Linear in the size of the configuration.
 */
export function secretsPlacedIn(configuration: JsonObject): readonly PlacedSecret[] {
  const found: PlacedSecret[] = [];
  walk(configuration, { path: [], name: "", holds: false, depth: 0 }, (one) => void found.push(one));
  return found;
}

/** What may be told of them: each secret once in each place, sorted by place. */
export function configuredSecrets(placed: readonly PlacedSecret[], key: string): readonly ConfiguredSecret[] {
  const told = placed
    .slice(0, mostConfigured)
    .map(
      ({ where, kind, text: secret }): ConfiguredSecret => ({ where, kind, fingerprint: fingerprintOf(secret, key) }),
    );
  const once = new Map(told.map((one) => [`${one.where} ${one.fingerprint}`, one]));
  return [...once.values()].sort((a, b) => (a.where < b.where ? -1 : a.where > b.where ? 1 : 0));
}

interface Place {
  /** Names as they were given: they are judged only where something was found. */
  readonly path: readonly string[];
  /** What the nearest name says. */
  readonly name: string;
  /** Whether it lies under a field that holds values for the program. */
  readonly holds: boolean;
  readonly depth: number;
}

type Tell = (found: PlacedSecret) => void;

const mostDepth = 64;

function walk(value: Json | undefined, place: Place, tell: Tell): void {
  if (typeof value === "string") {
    if (place.holds) for (const found of inText(value, place)) tell(found);
    return;
  }
  if (typeof value !== "object" || value === null || place.depth >= mostDepth) return;
  const depth = place.depth + 1;
  if (!isObject(value)) {
    const words = place.holds && value.length > 1 ? value.filter((one) => typeof one === "string") : [];
    // A command is one line, parted by words: a password behind its option is seen in the whole of it.
    if (words.length < value.length || words.every((one) => inText(one, place).length === 0))
      for (const found of inText(words.join(" "), place)) tell(found);
    for (const one of value) walk(one, { ...place, depth }, tell);
    return;
  }
  const pair = pairOf(value);
  if (place.holds && pair !== undefined) {
    if (!isReferenceType(value)) walk(pair.value, { ...at(place, pair.name), depth }, tell);
    return;
  }
  for (const [name, one] of Object.entries(value))
    walk(one, { ...at(place, name), holds: place.holds || holdsValues(name, one), depth }, tell);
}

const at = (place: Place, name: string): Place => ({ ...place, name, path: [...place.path, name] });

/** A caller can write a secret where a name belongs. */
const shown = (name: string): string =>
  /^[\w.:/@-]{1,80}$/.test(name) && maskShapes(name) === name && scanSecret("", name) === undefined ? name : "[name]";

/** `{name, value}` of ECS, Batch and CodeBuild, `{parameterKey, parameterValue}` of CloudFormation. */
function pairOf(value: JsonObject): { readonly name: string; readonly value: Json | undefined } | undefined {
  for (const [name, held] of pairs)
    if (typeof value[name] === "string" && value[held] !== undefined) return { name: value[name], value: value[held] };
  return undefined;
}

const pairs = [
  ["name", "value"],
  ["Name", "Value"],
  ["key", "value"],
  ["parameterKey", "parameterValue"],
  ["ParameterKey", "ParameterValue"],
] as const;

/** CodeBuild names where the value is kept ("EnvironmentVariable"). */
const isReferenceType = (value: JsonObject): boolean =>
  ["PARAMETER_STORE", "SECRETS_MANAGER"].includes(text(value["type"]) || text(value["Type"]));

const holders: ReadonlySet<string> = new Set([
  ...[
    "environment",
    "environmentvariables",
    "environmentvariablesoverride",
    "variables",
    "runtimeenvironmentvariables",
  ],
  ...["command", "entrypoint", "startcommand", "containerentrypoint", "containerarguments", "arguments"],
  ...["defaultarguments", "nonoverridablearguments", "hyperparameters", "statichyperparameters", "parameters"],
  ...["userdata", "onstart", "oncreate", "studiolifecycleconfigcontent", "buildspec", "definition"],
]);

/** CodeBuild's environment describes a machine; only its variables hold values. */
const holdsValues = (name: string, value: Json | undefined): boolean =>
  holders.has(name.replace(/[^A-Za-z]/g, "").toLowerCase()) &&
  !(isObject(value) && (value["computeType"] !== undefined || value["ComputeType"] !== undefined));

/** A script or a document holds several: each by its own name. A key that runs over lines is one. */
function inText(given: string, place: Place): readonly PlacedSecret[] {
  if (isHidden(given)) return [];
  const behind = ofFormat(given) === undefined ? textBehind(given.trim()) : undefined;
  const value = behind ?? given;
  const whole = scanSecret(place.name, value);
  if (whole === undefined) return [];
  const placed = (found: FoundSecret, name = "", raw = found.text): PlacedSecret => ({
    ...found,
    where: `${place.path.map(shown).join(".")}${name === "" ? "" : `:${shown(name)}`}`,
    raw: behind === undefined ? raw : given,
  });
  if (whole.kind.endsWith("private-key")) {
    const key = keyIn(value, whole.text);
    return [placed({ ...whole, text: key.replace(/\s|\\[nr]/g, "") }, "", key)];
  }
  const several = (partsOf(value) ?? []).flatMap(([name, part]) => {
    const found = scanSecret(name, part);
    return found === undefined ? [] : [placed(found, name)];
  });
  return several.length > 0 ? several : [placed(whole)];
}

/** A private key is told by its first line; what makes it one and no other are the lines below, however they are broken. */
function keyIn(value: string, begins: string): string {
  const from = value.indexOf(begins);
  const end = value.indexOf("-----END", from + begins.length);
  return value.slice(from, end < 0 ? undefined : end);
}

/** What AWS writes where it left a value out. */
const isHidden = (value: string): boolean =>
  /^(?:HIDDEN_DUE_TO_SECURITY_REASONS|<?sensitiveDataRemoved>?|\*+|\[masked\])$/i.test(value.trim());
