import { parseArgs } from "node:util";
import { checks } from "../test/chaos/checks.ts";

/**
 * `npm run chaos -- --seed N --budget SECONDS --only F4 --json`: one line a check; without a budget the full dose. Ends
 * with 1 when a check fails, and says how to see it again.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    budget: { type: "string" },
    only: { type: "string" },
    json: { type: "boolean" },
  },
});
const seed = number("seed", values.seed ?? String(Date.now() % 2 ** 31));
const chosen = checks.filter(({ id }) => values.only === undefined || values.only.split(",").includes(id));
if (chosen.length === 0)
  fail(`--only takes ${checks.map(({ id }) => id).join(", ")}, not ${JSON.stringify(values.only)}`);
const whole = chosen.reduce((sum, { seconds }) => sum + seconds, 0);
const budget = values.budget === undefined ? undefined : number("budget", values.budget);
const share = budget === undefined ? 1 : Math.min(1, budget / whole);

if (values.json !== true) console.log(`seed ${seed}`);
for (const check of chosen) {
  const began = performance.now();
  const { runs, figures, failures } = await check.run({ seed, share });
  const pass = failures.length === 0;
  const seconds = Number(((performance.now() - began) / 1_000).toFixed(1));
  const again = `npm run chaos -- --only ${check.id} --seed ${seed}${budget === undefined ? "" : ` --budget ${budget}`}`;
  if (values.json === true)
    console.log(
      JSON.stringify({
        check: check.id,
        pass,
        runs,
        seed,
        figures: { ...figures, seconds },
        ...(pass ? {} : { failures: failures.slice(0, 20), again }),
      }),
    );
  else {
    const said = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
    console.log(
      `${pass ? "PASS" : "FAIL"} ${check.id} ${check.title}: ${runs} runs in ${seconds} s; ${said.join(", ")}`,
    );
    for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
    if (!pass) console.log(`  to see it again: ${again}`);
  }
  if (!pass) process.exitCode = 1;
}

function number(name: string, text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : fail(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
}

function fail(because: string): never {
  console.error(because);
  process.exit(2);
}
