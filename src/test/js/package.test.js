// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { SDK, inWorld } from "./page.js";

const GZIP_BYTES_MAX = 10 * 1024;
const LINES_MAX = 400;

const read = (name) => readFileSync(join(SDK, name), "utf8");
const scripts = readdirSync(SDK).filter((name) => name.endsWith(".js"));

test("allScriptsTogether_areAtMost10KbGzip", () => {
  const bytes = gzipSync(Buffer.concat(scripts.map((name) => Buffer.from(read(name)))), { level: 9 }).length;
  assert.ok(bytes <= GZIP_BYTES_MAX, `${bytes} bytes`);
});

test("everyScript_namesItsLicence_isShort_andImportsOnlyItsNeighbours", () => {
  for (const name of scripts) {
    const text = read(name);
    assert.ok(text.startsWith("// SPDX-License-Identifier: Apache-2.0\n"), name);
    assert.ok(text.split("\n").length <= LINES_MAX, name);
    for (const [, from] of text.matchAll(/^import .* from "(.*)";$/gm))
      assert.ok(scripts.includes(from.replace("./", "")), `${name}: ${from}`);
  }
});

test("package_isAModuleWithTypes_withoutDependencies", () => {
  const { name, version, license, type, exports, types, sideEffects, dependencies } = JSON.parse(read("package.json"));
  assert.deepEqual({ name, version, license, type, types, sideEffects, dependencies }, {
    name: "rtm-locks", version: "0.1.0", license: "Apache-2.0", type: "module",
    types: "./rtm-locks.d.ts", sideEffects: false, dependencies: undefined,
  });
  for (const path of Object.values(exports["."])) read(path);
});

test("everyPublicMethod_isDeclared_withAnExample", inWorld(async (world) => {
  const types = read("rtm-locks.d.ts");
  const rtm = (await world.page()).client();
  const methods = (object) => Object.keys(object).filter((key) => typeof object[key] === "function");
  for (const object of [rtm, rtm.lock, rtm.storage, rtm.locks("c"), rtm.debug]) {
    for (const method of methods(object)) {
      const declared = types.search(new RegExp(`^ +${method}[<(:]`, "m"));
      assert.notEqual(declared, -1, `${method} is not declared`);
      const comment = types.slice(types.lastIndexOf("/**", declared), declared);
      assert.match(comment, /@example \S|@example\n/, `${method} has no example`);
    }
  }
}));
