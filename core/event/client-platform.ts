import { firstPart, type UserAgent } from "./user-agent.ts";

/** Beginnings that name an operating system; those that are also said to be another come first. */
const systems: readonly (readonly [start: string, os: string])[] = [
  ["android", "android"],
  ["iphone", "ios"],
  ["ipad", "ios"],
  ["ios", "ios"],
  ["cros", "chromeos"],
  ["microsoft_windows", "windows"],
  ["windows", "windows"],
  ["win32", "windows"],
  ["macos", "macos"],
  ["mac_os_x", "macos"],
  ["macintosh", "macos"],
  ["darwin", "macos"],
  ["linux", "linux"],
];

/** Names of languages as user agents write them, and as they are said here. */
const languages: ReadonlyMap<string, string> = new Map([
  ["python", "python"],
  ["java", "Java"],
  ["go", "go"],
  ["nodejs", "nodejs"],
  ["ruby", "ruby"],
  ["php", "php"],
  ["rust", "rust"],
  ["kotlin", "kotlin"],
  ["swift", "swift"],
  ["c++", "c++"],
  [".net_core", "dotnet"],
  [".net", "dotnet"],
]);

/** The operating system that a user agent claims; always a name from the table. */
export function osOf({ words, asides }: UserAgent): string | undefined {
  const said = [words.find((word) => word.key === "os"), words.find((word) => word.key === "md/goos")];
  if (said.some((word) => word !== undefined))
    return said.map((word) => word && systemIn([firstPart(word.value).toLowerCase()])).find((os) => os !== undefined);
  return systemIn(words.map((word) => word.key)) ?? systemIn(asides);
}

/** The language and its version that a user agent claims: a name from the table and, where it is well formed, a version. */
export function runtimeOf({ words, asides }: UserAgent): string | undefined {
  const value = (key: string): string | undefined => words.find((word) => word.key === key)?.value;
  const language = value("lang");
  if (language !== undefined) {
    const name = firstPart(language);
    if (name.toLowerCase() === "js") return runtime("nodejs", value("md/nodejs"));
    return runtime(name, language.slice(name.length + 1));
  }
  const compiler = asides.find((aside) => /^go\d/.test(aside));
  if (compiler !== undefined) return runtime("go", compiler.slice(2));
  const legacy = words.find((word) => languages.has(word.key));
  if (legacy !== undefined) return runtime(legacy.name, legacy.value);
  // Version 2 of the SDK for JavaScript writes the version of Node.js after the system: `linux/v12.20.1`.
  const node = words.some((word) => word.key === "aws-sdk-nodejs") && words.find((word) => /^v\d/.test(word.value));
  return node ? runtime("nodejs", node.value.slice(1)) : undefined;
}

/** What of a text can stand in a version or a name: its start, at most 64 of letters, digits and `_.+-`. */
export const plain = (text: string): string | undefined => /^[\w.+-]{1,64}/.exec(text)?.[0];

function systemIn(names: readonly string[]): string | undefined {
  return systems.find(([start]) => names.some((name) => begins(name, start)))?.[1];
}

const begins = (name: string, start: string): boolean =>
  name.startsWith(start) && !/^[a-z-]/.test(name.slice(start.length, start.length + 1));

function runtime(name: string, version = ""): string | undefined {
  const known = languages.get(name.toLowerCase());
  const number = plain(firstPart(version));
  return known === undefined || number === undefined ? known : `${known} ${number}`;
}
