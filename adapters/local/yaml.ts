import { Composer, CST, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, Parser } from "yaml";
import {
  type Entry,
  inOrder,
  type Located,
  type Place,
  type Problem,
  problemAt,
  quoted,
} from "../../core/event/located.ts";

/** The documents of one file, or everything that is wrong with it. */
export type ParsedYaml =
  | { readonly ok: true; readonly documents: readonly Located[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What one file may hold. The composer under this recurses; older Node versions abort where it runs out of stack. */
export const yamlLimits = {
  bytes: 1_048_576,
  depth: 64,
  nodes: 50_000,
  keys: 2_000,
  items: 10_000,
  documents: 1_000,
} as const;

/**
 * Parses YAML 1.2, and so JSON, keeping the place of every value. Duplicate keys, merge keys, tags, `%YAML 1.1` and
 * aliases that multiply are refused. Empty documents are left out.
 */
export function parseYaml(file: string, text: string): ParsedYaml {
  if (text.length > yamlLimits.bytes)
    return refusal({ file, line: 1, column: 1 }, `the file is larger than ${yamlLimits.bytes} bytes`);
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooMuch = measured(tokens);
  if (tooMuch !== undefined) return refusal(at(tooMuch.offset), tooMuch.because);
  const composer = new Composer({ prettyErrors: false, stringKeys: true, uniqueKeys: false, logLevel: "silent" });
  const problems: Problem[] = [];
  const documents = [...composer.compose(tokens)].flatMap((document): readonly Located[] => {
    for (const { pos, message } of [...document.errors, ...document.warnings])
      problems.push(problemAt(at(pos[0]), explained(message)));
    if (document.errors.length > 0) return [];
    if (document.directives.yaml.version !== "1.2")
      problems.push(problemAt(at(document.range[0]), "write YAML 1.2: remove the %YAML directive"));
    const located = new Map<string, Sized>();
    const { value } = convert(document.contents, {
      at,
      anchors: located,
      problems,
      end: document.range[1],
      nodes: { left: yamlLimits.nodes },
    });
    return value.kind === "nothing" ? [] : [value];
  });
  return problems.length > 0 ? { ok: false, problems: inOrder(problems) } : { ok: true, documents };
}

const refusal = (place: Place, because: string): ParsedYaml => ({ ok: false, problems: [problemAt(place, because)] });

/** The library's words, and what to do where they do not say it. */
function explained(message: string): string {
  if (/^Tabs are not allowed/.test(message)) return `${message}: use spaces`;
  if (/^Unresolved tag/.test(message)) return `${message}: write the plain value`;
  return message;
}

/** Depth and size of what the lexer saw, by one walk that does not recurse. */
function measured(tokens: readonly CST.Token[]): { readonly offset: number; readonly because: string } | undefined {
  let nodes = 0;
  let documents = 0;
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const document of tokens) {
    if (document.type !== "document") continue;
    documents += 1;
    if (documents > yamlLimits.documents)
      return { offset: document.offset, because: `the file has more than ${yamlLimits.documents} documents` };
    if (document.value) open.push({ token: document.value, depth: 1 });
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { token, depth } = next;
      nodes += 1;
      if (nodes > yamlLimits.nodes)
        return { offset: token.offset, because: `the file has more than ${yamlLimits.nodes} values` };
      if (!CST.isCollection(token)) continue;
      if (depth > yamlLimits.depth)
        return { offset: token.offset, because: `nested deeper than ${yamlLimits.depth} levels` };
      for (const { key, value } of token.items)
        for (const inner of [key, value]) if (inner) open.push({ token: inner, depth: depth + 1 });
    }
  }
  return undefined;
}

/** A converted value and how many nodes it stands for, aliases followed. */
interface Sized {
  readonly value: Located;
  readonly nodes: number;
}

interface Reading {
  readonly at: (offset: number) => Place;
  readonly anchors: Map<string, Sized>;
  readonly problems: Problem[];
  /** Where a value that is not there would stand. */
  readonly end: number;
  readonly nodes: { left: number };
}

function convert(node: Document.Parsed["contents"] | unknown, reading: Reading): Sized {
  const place = reading.at(startOf(node) ?? reading.end);
  reading.nodes.left -= 1;
  if (isAlias(node)) return followed(node.source, place, reading);
  const sized = converted(node, place, reading);
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined)
    reading.anchors.set(node.anchor, sized);
  return sized;
}

function converted(node: unknown, place: Place, reading: Reading): Sized {
  if (isScalar(node)) return { value: scalar(node.value, node.source ?? "", place, reading), nodes: 1 };
  if (isSeq(node)) {
    if (node.items.length > yamlLimits.items)
      reading.problems.push(problemAt(place, `the list has more than ${yamlLimits.items} items`));
    const items = node.items.map((item) => convert(item, reading));
    return { value: { kind: "list", place, items: items.map(({ value }) => value) }, nodes: 1 + sum(items) };
  }
  if (isMap(node)) {
    if (node.items.length > yamlLimits.keys)
      reading.problems.push(problemAt(place, `the mapping has more than ${yamlLimits.keys} keys`));
    const seen = new Set<string>();
    const pairs = node.items.map((pair) => entry(pair, seen, reading));
    return { value: { kind: "mapping", place, entries: pairs.map(({ entry }) => entry) }, nodes: 1 + sum(pairs) };
  }
  return { value: { kind: "nothing", place }, nodes: 1 };
}

const sum = (parts: readonly { readonly nodes: number }[]): number =>
  parts.reduce((total, { nodes }) => total + nodes, 0);

function entry(pair: Pair, seen: Set<string>, reading: Reading): { readonly entry: Entry; readonly nodes: number } {
  const start = startOf(pair.key) ?? reading.end;
  const place = reading.at(start);
  const key = isScalar(pair.key) && typeof pair.key.value === "string" ? pair.key.value : undefined;
  if (key === undefined) reading.problems.push(problemAt(place, "a key is text: write it in quotes"));
  else if (seen.has(key))
    reading.problems.push(problemAt(place, `the key ${quoted(key)} is already written above: keep one of the two`));
  else if (key === "<<")
    reading.problems.push(problemAt(place, "merge keys (<<) are no part of YAML 1.2: write the keys out"));
  seen.add(key ?? "");
  const { value, nodes } = convert(pair.value, { ...reading, end: start });
  return { entry: { key: key ?? "", place, value }, nodes };
}

/** An alias shares the value it names; what it stands for is counted every time, so that aliases of aliases cannot multiply. */
function followed(name: string, place: Place, reading: Reading): Sized {
  const found = reading.anchors.get(name);
  if (found === undefined) {
    reading.problems.push(problemAt(place, `no finished value above is marked &${name}`));
    return { value: { kind: "nothing", place }, nodes: 1 };
  }
  reading.nodes.left -= found.nodes;
  if (reading.nodes.left >= 0) return found;
  reading.problems.push(
    problemAt(place, `the aliases stand for more than ${yamlLimits.nodes} values: write the values out`),
  );
  return { value: { kind: "nothing", place }, nodes: 1 };
}

function scalar(value: unknown, written: string, place: Place, reading: Reading): Located {
  if (typeof value === "string") return { kind: "text", place, text: value };
  if (typeof value === "boolean") return { kind: "flag", place, flag: value };
  if (typeof value === "number" && Number.isFinite(value)) return { kind: "number", place, number: value, written };
  if (value !== null)
    reading.problems.push(
      problemAt(place, `${quoted(written)} is no text, number, true, false or null: write it in quotes`),
    );
  return { kind: "nothing", place };
}

const startOf = (node: unknown): number | undefined =>
  isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
