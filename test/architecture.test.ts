import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { describedWith } from "../core/detect/described-catalog.ts";
import { resolvers } from "../core/identity/catalog.ts";
import { tables } from "./fixtures/tables.ts";

const root = resolve(import.meta.dirname, "..");

/** Import order is event order: a room may import from itself and from any room before it. */
const rooms = ["fault.ts", "iam", "event", "identity", "detect", "decide", "respond", "record", "flow"];

const houses: Readonly<Record<string, readonly string[]>> = {
  core: ["core"],
  adapters: ["core", "adapters"],
  functions: ["core", "adapters", "functions"],
  cli: ["core", "adapters", "cli"],
  console: ["core", "adapters", "console"],
};

const outside: Readonly<Record<string, RegExp>> = {
  core: /^node:crypto$/,
  adapters: /^(node:.*|@aws-sdk\/.*|yaml)$/,
  functions: /^(node:.*|@middy\/.*|sst|aws-lambda)$/,
  cli: /^(node:.*|commander|cli-table3|cli-progress)$/,
  console: /^(node:.*)$/,
};

/** The file that may cast to a brand: everywhere else the value arrives checked. */
const brandOwners: Readonly<Record<string, readonly string[]>> = {
  Excerpt: ["core/event/excerpt.ts"],
  AccountId: ["core/iam/identifiers.ts"],
  AccessKeyId: ["core/iam/identifiers.ts"],
  Digest: ["core/record/ledger.ts", "core/record/chain.ts"],
};

const impure: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a clock", /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bsetTimeout\b|\bsetInterval\b/],
  ["the environment", /\bprocess\./],
  ["randomness", /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/],
  ["a logger", /\bconsole\./],
  ["a partition written down", /arn:aws(?:-cn|-us-gov)?:/],
  ["a Region written down", /["'`][a-z]{2}(?:-[a-z]+)+-\d["'`]/],
  ["a regular expression built from input", /\bRegExp\(/],
];

const sources = Object.keys(houses).flatMap((house) =>
  existsSync(join(root, house))
    ? readdirSync(join(root, house), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith("sst-env.d.ts"))
        .map((file) => `${house}/${file}`)
    : [],
);
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const code = (file: string): string => read(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
const importShape = /^\s*(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
const imports = (file: string): readonly string[] =>
  [...code(file).matchAll(importShape)].map((found) => found[1] ?? found[2] ?? "");
const target = (file: string, name: string): string => relative(root, join(root, dirname(file), name));

it("finds sources to judge", () => expect(sources.length).toBeGreaterThan(50));

it("has no circular imports, not even of types", () => {
  const closed = new Set<string>();
  const visit = (file: string, open: readonly string[]): void => {
    expect(open, `cycle: ${[...open, file].join(" -> ")}`).not.toContain(file);
    if (closed.has(file)) return;
    for (const name of imports(file)) if (name.startsWith(".")) visit(target(file, name), [...open, file]);
    closed.add(file);
  };
  for (const file of sources) visit(file, []);
});

describe.each(sources)("%s", (file) => {
  const house = file.split("/")[0] ?? "";
  const room = (name: string): number => rooms.indexOf(name.split("/")[1] ?? "");

  it("imports only what its house allows", () => {
    for (const name of imports(file)) {
      if (!name.startsWith(".")) expect(name, `${file} imports ${name}`).toMatch(outside[house] ?? /^$/);
      else expect(houses[house], `${file} imports ${name}`).toContain(target(file, name).split("/")[0]);
    }
  });

  it("follows the line, left to right, and reaches nothing outside it", () => {
    if (house !== "core") return;
    expect(room(file), `${file} is in no room`).toBeGreaterThanOrEqual(0);
    for (const name of imports(file).filter((one) => one.startsWith("."))) {
      expect(room(target(file, name)), `${file} imports ${name}, a room to its right`).toBeLessThanOrEqual(room(file));
      expect(name, "core/ gets its tables from whoever composes it").not.toMatch(/\.data\.json$/);
    }
    for (const [what, shape] of impure) expect(code(file), `${file} uses ${what}`).not.toMatch(shape);
  });

  it("mints no brand it does not own", () => {
    for (const [brand, owners] of Object.entries(brandOwners))
      if (new RegExp(`\\bas ${brand}\\b`).test(code(file))) expect(owners, `${file} mints ${brand}`).toContain(file);
  });

  it("is short, named for one idea, and no barrel", () => {
    expect(read(file).split("\n").length, `${file} is too long`).toBeLessThanOrEqual(251);
    expect(file).toMatch(/^[a-z0-9/.-]+$/);
    expect(file).not.toMatch(/(^|\/)(index|utils?|helpers?|common|misc|types)\.ts$/);
    expect(code(file)).not.toMatch(/^export default|^export \*/m);
    expect(code(file)).not.toMatch(/\bany\b\s*[;,)>\]=|]|: any\b|\benum\s+\w+\s*\{/);
    if (file !== "core/fault.ts") expect(code(file)).not.toMatch(/^\s*(?:export )?class\s/m);
  });
});

const plugins = [
  {
    folder: "core/detect/detectors",
    ids: describedWith(tables).map((one) => one.id),
    page: "docs/detectors.md",
    fixtures: ["fires", "quiet"],
  },
  {
    folder: "core/identity/resolvers",
    ids: resolvers.map((one) => one.id),
    page: "docs/identity.md",
    fixtures: ["names", "silent", "forged"],
  },
];

describe.each(plugins)("$folder", ({ folder, ids, page, fixtures }) => {
  const files = readdirSync(join(root, folder)).map((name) => name.replace(/\.ts$/, ""));
  it("has every file in its catalog, under its own name", () => expect([...ids].sort()).toEqual(files.sort()));
  it.each(files)("%s has its line in the docs", (id) => expect(read(page)).toContain(`\`${id}\``));
  it.each(files)("%s has fixtures of every kind", (id) => {
    const found = readdirSync(join(root, "test/fixtures", id));
    for (const kind of fixtures)
      expect(
        found.some((name) => name.startsWith(`${kind}.`)),
        `${id} has no ${kind}.*`,
      ).toBe(true);
  });
});
