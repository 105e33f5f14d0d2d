import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../adapters/local/sqlite.ts";
import { loadState, saveState } from "../../../adapters/local/state-store.ts";
import { keptFlag } from "../../../core/event/record-table.ts";
import { memorySpool } from "../../../core/event/spool.ts";
import { issuancesOf } from "../../../core/flow/attributor.ts";
import { purposesOf } from "../../../core/flow/purpose.ts";
import { emptyState, foundUnder, observe, type State } from "../../../core/flow/state.ts";
import { tracer } from "../../../core/flow/trace.ts";
import { acts, conflicting, incident, poorer } from "../../fixtures/incident.ts";
import {
  fromLambda,
  instanceEnvelope,
  type RecordObject,
  record,
  serviceEvent,
  sessionKey,
} from "../../fixtures/records.ts";

const opened: { readonly store: Store; readonly folder: string }[] = [];
afterEach(() => {
  for (const { store, folder } of opened.splice(0)) {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

function newStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), "cordon-state-"));
  const store = openStore(join(folder, "store.sqlite"));
  opened.push({ store, folder });
  return store;
}

const spools = () => ({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
const apis = ["iam:AttachRolePolicy", "iam:CreateAccessKey", "cloudtrail:StopLogging", "ec2:RunInstances"];

function fold(state: State, records: readonly RecordObject[]): State {
  const into = tracer({ purposes: purposesOf(apis), rows: "not-wanted" });
  const sink = into.sink("in");
  for (const [number, one] of records.entries())
    sink.item(JSON.parse(JSON.stringify(one)), () => JSON.stringify(one), { mark: "#", number });
  observe(state, into.take(), []);
  return state;
}

/** Everything a state remembers, by content. */
function contentOf(state: State) {
  const records: string[] = [];
  state.records.each((pointer, flags, second) => {
    const kept = (flags & keptFlag) !== 0;
    const principal = kept ? state.kept.principal(pointer) : pointer;
    const who = principal === 0xffffffff ? "nobody" : state.principals.json(principal);
    const what = kept
      ? `${state.kept.json(pointer)} ${JSON.stringify(state.kept.links(pointer))} ${state.kept.purposes(pointer)}`
      : "";
    records.push(`${second} ${flags} ${who} ${what}`);
  });
  const firsts = Array.from({ length: state.principals.count }, (_, number) => [
    state.principals.json(number),
    state.principals.first(number),
  ]);
  return {
    records: records.sort(),
    conflicts: state.records.conflicts,
    firsts: firsts.sort(),
    issued: [...issuancesOf(state)].map(({ eventID }) => eventID).sort(),
  };
}

const everything = [
  ...incident({ hops: 3, acts, ordinary: 5 }),
  ...incident({ hops: 1, acts, ordinary: 2 }).map(poorer),
  ...incident({ hops: 1, acts: ["key"], ordinary: 2 }).map(conflicting),
  fromLambda(),
  serviceEvent(),
  instanceEnvelope(),
];

describe("saveState and loadState", () => {
  it("give an empty state from a new store", () => {
    const state = loadState(newStore(), spools());
    expect([state.records.size, state.principals.count, state.kept.count, state.counts.records]).toEqual([0, 0, 0, 0]);
  });

  it("bring back everything that a run remembered, and count anew", () => {
    const store = newStore();
    const state = fold(emptyState(spools()), everything);
    saveState(store, state);
    const again = loadState(store, spools());
    expect(contentOf(again)).toEqual(contentOf(state));
    expect(again.counts).toEqual({ records: 0, duplicates: 0, ignored: 0, parked: 0 });
    expect(foundUnder(again, `key ${sessionKey(1)}`).length).toBeGreaterThan(0);
    expect(foundUnder(again, `key ${sessionKey(999)}`)).toEqual([]);
  });

  it("know every record again", () => {
    const store = newStore();
    saveState(store, fold(emptyState(spools()), everything));
    const again = fold(loadState(store, spools()), everything);
    expect(again.counts).toMatchObject({ records: everything.length, duplicates: everything.length });
    expect(contentOf(again)).toEqual(contentOf(fold(emptyState(spools()), everything)));
  });

  it("join what comes later as if it had come at once, wherever the input is cut", () => {
    const whole = contentOf(fold(emptyState(spools()), everything));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(everything, { minLength: everything.length }),
        fc.nat(everything.length),
        (records, cut) => {
          const store = newStore();
          saveState(store, fold(emptyState(spools()), records.slice(0, cut)));
          const state = fold(loadState(store, spools()), records.slice(cut));
          saveState(store, state);
          expect(contentOf(loadState(store, spools()))).toEqual(whole);
          const last = opened.pop();
          last?.store.close();
          if (last !== undefined) rmSync(last.folder, { recursive: true, force: true });
        },
      ),
      { numRuns: 12 },
    );
  });

  it("replace the state before, also by a smaller one", () => {
    const store = newStore();
    saveState(store, fold(emptyState(spools()), everything));
    const small = fold(emptyState(spools()), [record()]);
    saveState(store, small);
    expect(contentOf(loadState(store, spools()))).toEqual(contentOf(small));
  });

  it("bring back states of more than one part, and text of every kind", () => {
    const store = newStore();
    const text = "\u2028\n\u{1f512}".repeat(40_000);
    const many = Array.from({ length: 40 }, (_, number) =>
      record({
        eventID: `e${number}`,
        eventSource: "iam.amazonaws.com",
        eventName: "AttachRolePolicy",
        requestParameters: { roleName: `r${number}`, text },
      }),
    );
    const state = fold(emptyState(spools()), many);
    saveState(store, state);
    const again = loadState(store, spools());
    expect(again.kept.count).toBe(40);
    expect(again.kept.json(39)).toBe(state.kept.json(39));
  });

  it("leave the state before when the new one cannot be written whole", () => {
    const store = newStore();
    const before = fold(emptyState(spools()), [record()]);
    saveState(store, before);
    const broken = fold(emptyState(spools()), everything);
    const failing: State = {
      ...broken,
      kept: {
        ...broken.kept,
        count: 3,
        json: () => {
          throw new Error("the spool is gone");
        },
      },
    };
    expect(() => saveState(store, failing)).toThrow();
    expect(contentOf(loadState(store, spools()))).toEqual(contentOf(before));
  });
});
