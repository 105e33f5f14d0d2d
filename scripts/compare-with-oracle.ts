import process from "node:process";
import file from "../core/iam/action-table.data.json" with { type: "json" };
import { actionTable } from "../core/iam/action-table.ts";
import { oracleSays, oursSays } from "../test/core/iam/oracle.ts";
import { oracleCase } from "../test/core/iam/oracle-case.ts";
import { explained } from "../test/core/iam/oracle-disagreement.ts";

/**
 * `node scripts/compare-with-oracle.ts [COUNT] [FIRST]`: evaluates generated policies and requests with our evaluator and
 * with the oracle (docs/decisions/0011), and prints how often they agree, and why they do not. Exit code 1 when a
 * disagreement has no reason. The tests do the same with a smaller dose.
 */
const count = Number(process.argv[2] ?? 20_000);
const first = Number(process.argv[3] ?? 0);
const table = actionTable(file);
const tally = new Map<string, number>();
let unexplained = 0;
for (let seed = first; seed < first + count; seed++) {
  const one = oracleCase(seed);
  const oracle = await oracleSays(one);
  const ours = oursSays(one, table).decision;
  const reason = oracle === ours ? `both ${ours}` : explained(one, oracle, table);
  if (reason === undefined) {
    unexplained++;
    console.log(`seed ${seed}: oracle ${oracle}, ours ${ours}\n${JSON.stringify(one)}`);
  } else tally.set(reason, (tally.get(reason) ?? 0) + 1);
}
for (const [reason, times] of [...tally].sort((a, b) => b[1] - a[1])) console.log(String(times).padStart(8), reason);
console.log(String(unexplained).padStart(8), "without a reason");
process.exitCode = unexplained === 0 ? 0 : 1;
