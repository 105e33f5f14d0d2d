import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseYaml } from "../../../../adapters/local/yaml.ts";
import { fields, type Json, list } from "../../../../core/event/json.ts";
import { type Located, plain } from "../../../../core/event/located.ts";
import { manifestSchema } from "../../../../core/identity/manifest/manifest-schema.ts";
import { everyKey, located, otherKinds } from "./manifest-examples.ts";

const root = resolve(import.meta.dirname, "../../../..");
const file = join(root, "docs/schema/workload.schema.json");
const names = [
  "deployer",
  "gpu-launcher",
  "nightly-eval",
  "rag-index",
  "support-bot",
  "train-orch",
  "training-defaults",
];

function example(name: string): readonly Located[] {
  const parsed = parseYaml(name, readFileSync(join(root, `examples/workloads/${name}.yaml`), "utf8"));
  return parsed.ok ? parsed.documents : [];
}

it("the shipped schema is the checker's own (UPDATE_SCHEMA=1 writes it anew)", () => {
  if (process.env["UPDATE_SCHEMA"] === "1") writeFileSync(file, `${JSON.stringify(manifestSchema, null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(manifestSchema)));
});

describe("the schema", () => {
  it.each(names)("accepts the example %s", (name) => {
    const documents = example(name);
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) expect(complaints(plain(document), manifestSchema)).toEqual([]);
  });
  it("accepts a manifest with every key, and documents of the other kinds", () => {
    for (const document of located(everyKey, otherKinds))
      expect(complaints(plain(document), manifestSchema)).toEqual([]);
  });
  it("refuses an unknown key, a missing one and a wrong type", () => {
    const changed = (from: string, to: string) =>
      located(everyKey.replace(from, to)).map((one) => complaints(plain(one), manifestSchema));
    expect(changed("class: agent", "clas: agent")).toEqual([[expect.stringContaining("/spec/clas")]]);
    expect(changed("identifiedBy", "x")).not.toEqual([[]]);
    expect(changed("regions: [us-east-1]", "regions: us-east-1")).not.toEqual([[]]);
  });
  it("closes every mapping it describes", () => {
    const described = mappings(manifestSchema);
    expect(described.length).toBeGreaterThan(30);
    expect(described.filter((one) => one["additionalProperties"] !== false)).toEqual([]);
  });
});

/** Enough of JSON Schema for what the checker emits: type, enum, properties, required, items, oneOf, anyOf. */
function complaints(value: Json, schema: unknown, path = ""): readonly string[] {
  const { type, enum: words, items, properties, required, additionalProperties, oneOf, anyOf } = fields(schema);
  const branches = [...list(oneOf), ...list(anyOf)];
  if (branches.length > 0) {
    const answers = branches.map((branch) => complaints(value, branch, path));
    return answers.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }
  if (Array.isArray(words) && !words.includes(value)) return [`${path}: not one of ${words.join(", ")}`];
  if (type !== undefined && type !== typeOf(value) && !(type === "number" && typeOf(value) === "integer"))
    return [`${path}: no ${type}`];
  if (Array.isArray(value)) return value.flatMap((item, index) => complaints(item, items, `${path}/${index}`));
  const known = fields(properties);
  return [
    ...list(required)
      .filter((key) => !Object.hasOwn(fields(value), String(key)))
      .map((key) => `${path}/${key}: missing`),
    ...Object.entries(fields(value)).flatMap(([key, inner]) => {
      if (Object.hasOwn(known, key)) return complaints(inner ?? null, known[key], `${path}/${key}`);
      return additionalProperties === false ? [`${path}/${key}: unknown`] : [];
    }),
  ];
}

function typeOf(value: Json): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Every schema in the schema that lists keys. */
function mappings(schema: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof schema !== "object" || schema === null) return [];
  const below = Object.values(schema).flatMap(mappings);
  return Object.hasOwn(schema, "properties") && fields(schema)["type"] === "object"
    ? [fields(schema), ...below]
    : below;
}
