#!/usr/bin/env -S node --max-semi-space-size=8
// A small young generation (above): records die young, and a large one only adds memory.
// Starts the CLI on a Node that runs TypeScript unbuilt: this one if it is new enough, else the one that npm ci brought.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { arch } from "node:process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

function bundledNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-linux-${arch}/bin/node`);
  } catch {
    return undefined;
  }
}

if (major > 22 || (major === 22 && minor >= 18)) {
  process.argv[1] = main;
  const { start } = await import("./start.ts");
  await start();
} else {
  const node = bundledNode();
  if (node === undefined) {
    console.error(`cordon needs Node 22.18 or newer (this is ${process.version}); on Linux, npm ci brings one along`);
    process.exit(2);
  }
  const { status, signal } = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  process.exit(signal === "SIGINT" ? 130 : (status ?? 1));
}
