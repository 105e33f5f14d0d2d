import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { escalationPaths } from "../../../../core/iam/reach/escalation-path.ts";
import { escalationPage } from "../../../../scripts/make-escalation-docs.ts";
import { paths, table } from "../tables.ts";

const service = (action: string): string => action.slice(0, action.indexOf(":"));

describe("the catalogue of escalation paths", () => {
  it("names only actions that exist, in AWS's spelling, but for those it says AWS does not list", () => {
    for (const path of paths) {
      const missing = path.actions.filter((action) => table.find(action)?.name !== action);
      expect(missing, path.id).toEqual(path.unlisted ?? []);
    }
  });

  it("has ids made of service and actions, each once, in order, and every alias once", () => {
    const ids = paths.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const { id, actions } of paths) {
      const own = id.slice(0, id.indexOf(":"));
      const named = id.slice(own.length + 1).split("+");
      expect(named.map((action) => (action.includes(":") ? action : `${own}:${action}`)).sort()).toEqual(
        [...actions].sort(),
      );
    }
    const aliases = paths.flatMap((path) => path.aliases ?? []);
    expect(aliases).toEqual([...new Set(aliases)]);
  });

  it("knows all 28 of Rhino's methods", () => {
    const known = new Set(paths.flatMap((path) => path.aliases ?? []));
    for (let method = 1; method <= 28; method++) expect(known, `rhino-${method}`).toContain(`rhino-${method}`);
  });

  it("says where the role stands, and for which service, exactly where a role is handed over", () => {
    for (const { id, actions, passed } of paths) {
      expect(passed !== undefined, id).toBe(actions.includes("iam:PassRole"));
      if (passed === undefined) continue;
      expect(passed.services.length, id).toBeGreaterThan(0);
      for (const name of passed.services) expect(name, id).toMatch(/^[a-z0-9.-]+\.amazonaws\.com$/);
      for (const parameter of passed.role) expect(parameter, id).toMatch(/^requestParameters\.[\w.]+$/);
      expect(passed.role.length, id).toBeGreaterThan(0);
    }
  });

  it("shares, restricts and conditions only actions that the path has", () => {
    for (const { id, actions, same = [], on = {}, unlisted = [] } of paths) {
      for (const action of [...same.flat(), ...Object.keys(on), ...unlisted]) expect(actions, id).toContain(action);
      for (const [action, types] of Object.entries(on)) {
        const known = (table.find(action)?.resources ?? []).map(({ name }) => name);
        for (const type of types) expect(known, id).toContain(type);
      }
      for (const group of same) {
        const bounded = group.filter((action) => (table.find(action)?.resources.length ?? 0) > 0).map(service);
        expect(bounded.length, `${id}: ${group.join(", ")}`).toBeGreaterThan(0);
      }
    }
  });

  it("has a technique, a source and a sentence for every path", () => {
    for (const { id, attack, reference, title } of paths) {
      expect(attack.length, id).toBeGreaterThan(0);
      for (const technique of attack) expect(technique, id).toMatch(/^T\d{4}(\.\d{3})?$/);
      expect(new URL(reference).protocol, id).toBe("https:");
      expect(title, id).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it("is what the page lists", () => {
    const page = new URL("../../../../docs/escalation.md", import.meta.url);
    expect(readFileSync(page, "utf8")).toBe(escalationPage(paths));
  });

  it("refuses a word that the table may not have", () => {
    const [first] = paths;
    expect(() => escalationPaths({ paths: first === undefined ? [] : [{ ...first, severity: "grave" }] })).toThrow(
      "grave",
    );
  });
});
