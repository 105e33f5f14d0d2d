import { chain, envelope, lookupEntry, record } from "../../fixtures/records.ts";

const records = JSON.parse(JSON.stringify([...chain(), record(), envelope(record())])) as readonly unknown[];
const texts = records.map((one) => JSON.stringify(one));
const listed = texts.map((text, i) => `#${i} ${text}`);
const lined = texts.map((text, i) => `:${i + 1} ${text}`);
const single = `#0 ${texts[0]}`;

/** Every form that input may have: its name, a text of it, and the items it holds. */
export const forms: readonly (readonly [form: string, text: string, lines: readonly string[]])[] = [
  ["a log file", `{"Records":[${texts.join(",")}]}`, listed],
  ["an indented log file", JSON.stringify({ Records: records }, null, 2), listed],
  ["an array", `[${texts.join(",")}]`, listed],
  ["an indented array with a BOM", `\ufeff${JSON.stringify(records, null, "\t")}\n`, listed],
  ["NDJSON", `${texts.join("\n")}\n`, lined],
  ["NDJSON that ends without a line break", texts.join("\n"), lined],
  ["NDJSON with CRLF", texts.map((text) => `${text}\r\n`).join(""), lined],
  ["NDJSON with a BOM", `\ufeff${texts.join("\n")}`, lined],
  ["NDJSON with blank lines", `\n\n${texts[0]}\n  \n${texts[1]}\n\n`, [`:3 ${texts[0]}`, `:5 ${texts[1]}`]],
  ["one record", `${texts[0]}`, [`:1 ${texts[0]}`]],
  ["one record, indented", JSON.stringify(records[0], null, 2), [single]],
  [
    "one record, indented, with a BOM and CRLF",
    `\ufeff${JSON.stringify(records[0], null, 2).replaceAll("\n", "\r\n")}`,
    [single],
  ],
  ["one envelope, indented", JSON.stringify(records[4], null, 2), [`#0 ${texts[4]}`]],
  [
    "a LookupEvents page",
    JSON.stringify({ Events: [lookupEntry(record())], NextToken: "x[{" }),
    [`#0 ${JSON.stringify(lookupEntry(record()))}`],
  ],
  [
    "a LookupEvents page that begins with its token",
    `{"NextToken":"a","Events":[${texts.join(",")}]}`,
    texts.map((text) => `:1 ${text}`),
  ],
  ["an indented page that begins with its token", JSON.stringify({ NextToken: "a", Events: records }, null, 1), listed],
  [
    "log files one after the other",
    `{"Records":[${texts[0]}]}{"Records":[${texts[1]},${texts[2]}]}\n{"Records":[]}`,
    listed.slice(0, 3),
  ],
  ["arrays one after the other", `[${texts[0]}]\n[${texts[1]}]`, listed.slice(0, 2)],
  ["a log file, then records in lines", `{"Records":[${texts[0]}]}\n${texts[1]}\n${texts[2]}\n`, listed.slice(0, 3)],
  [
    "records that hold lists of records",
    `[${JSON.stringify({ a: 1, b: [{ a: 2 }, { a: 3 }] })},{"a":4}]`,
    ['#0 {"a":1,"b":[{"a":2},{"a":3}]}', '#1 {"a":4}'],
  ],
  [
    "texts that look like the end of a record",
    '[{"a":"},{\\"a\\":1}]"},{"a":"]}"}]',
    ['#0 {"a":"},{\\"a\\":1}]"}', '#1 {"a":"]}"}'],
  ],
  ["a list of other things", '[1,"a",null,[2],{}]', ["#0 1", '#1 "a"', "#2 null", "#3 [2]", "#4 {}"]],
  ["an empty log file", '{"Records":[]}', []],
  ["an empty page", '{ "Events" : [ ] }', []],
  ["an empty array", "[]", []],
  ["nothing", "", []],
  ["blanks", " \r\n\t\ufeff\n", []],
];

/** Texts with one break in them: where it is, the text, and what must still be read. */
export const brokenForms: readonly (readonly [what: string, text: string, lines: readonly string[]])[] = [
  [
    "a line",
    `${texts[0]}\n{"eventVersion":\n${texts[1]}`,
    [`:1 ${texts[0]}`, ":2 broken: not valid JSON", `:3 ${texts[1]}`],
  ],
  ["the first line", `oops\n${texts[0]}`, [":1 broken: not valid JSON", `:2 ${texts[0]}`]],
  [
    "an element",
    `[${texts[0]},{"eventVersion":oops},${texts[1]}]`,
    [`#0 ${texts[0]}`, "#1 broken: not valid JSON", `#2 ${texts[1]}`],
  ],
  ["the first element", `{"Records":[oops,${texts[0]}]}`, ["#0 broken: not valid JSON", `#1 ${texts[0]}`]],
  ["the last element", `{"Records":[${texts[0]},{"eventVersion":}]}`, [`#0 ${texts[0]}`, "#1 broken: not valid JSON"]],
  [
    "an element with a brace too many",
    `[${texts[0]}},${texts[1]},${texts[2]}]`,
    ["#0 broken: not valid JSON", `#1 ${texts[1]}`, `#2 ${texts[2]}`],
  ],
  [
    "an element without its brace",
    `{"Records":[${texts[0]},{"eventVersion":"1.0",${texts[1]},${texts[2]}]}`,
    [`#0 ${texts[0]}`, "#1 broken: not valid JSON", `#2 ${texts[1]}`, `#3 ${texts[2]}`],
  ],
  [
    "an element with an open quote",
    `{"Records":[${texts[0]},{"eventVersion":"1.0},${texts[1]},${texts[2]}]}`,
    [`#0 ${texts[0]}`, "#1 broken: not valid JSON", `#2 ${texts[1]}`, `#3 ${texts[2]}`],
  ],
  [
    "an element in an indented file",
    JSON.stringify([1, { a: 7 }, 2], null, 2).replace("7", "oops"),
    ["#0 1", "#1 broken: not valid JSON", "#2 2"],
  ],
  [
    "an element of an indented log file",
    JSON.stringify({ Records: [{ a: 1 }, { a: 7 }, { a: 2 }] }, null, 2).replace("7", "oops"),
    ['#0 {"a":1}', "#1 broken: not valid JSON", '#2 {"a":2}'],
  ],
  [
    "the end of a log file",
    `{"Records":[${texts[0]},${texts[1]?.slice(0, 90)}`,
    [`#0 ${texts[0]}`, "#1 broken: not valid JSON", "#2 broken: the file ends before its list is closed"],
  ],
  ["the closing bracket", `[${texts[0]}`, [`#0 ${texts[0]}`, "#1 broken: the file ends before its list is closed"]],
  ["one indented document", '{\n  "a": oops\n}', ["#0 broken: not valid JSON"]],
  [
    "what stands behind a log file",
    `{"Records":[${texts[0]}]} oops oops`,
    [`#0 ${texts[0]}`, "#1 broken: something that is not JSON stands behind a document"],
  ],
  [
    "what stands behind an array",
    `[${texts[0]}] oops`,
    [`#0 ${texts[0]}`, "#1 broken: something that is not JSON stands behind a document"],
  ],
];
