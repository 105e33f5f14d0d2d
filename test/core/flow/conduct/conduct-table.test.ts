import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { conductTable, type DigestedConduct } from "../../../../core/flow/conduct/conduct-table.ts";

const conduct = (number: number): DigestedConduct => {
  const json = JSON.stringify({ name: `Call${number}`, outcome: number % 3 === 0 ? "denied" : "done" });
  return { json, digest: new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16)) };
};

test("every row keeps its principal and its conduct, however often the table grows", () => {
  const table = conductTable();
  const numbers = Array.from({ length: 101 }, (_, number) => table.join(conduct(number)));
  const made = Array.from({ length: 20_000 }, (_, place) => {
    const [principal, number] = [Math.floor(place / 101), numbers[place % 101] ?? -1];
    return { row: table.row(principal, number), principal, number };
  });
  expect(table.size).toBe(20_000);
  const wrong = made.filter(
    ({ row, principal, number }) => table.principal(row) !== principal || table.conduct(row) !== number,
  );
  expect(wrong).toEqual([]);
});

test("a conduct has one number, and is told from others by what it says", () => {
  const table = conductTable();
  const first = table.join(conduct(0));
  const second = table.join(conduct(1));
  expect([table.join(conduct(0)), table.join(conduct(1)), table.conducts]).toEqual([first, second, 2]);
  expect([table.denied(first), table.denied(second)]).toEqual([true, false]);
  expect(table.json(second)).toContain("Call1");
});
