// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSdk } from "./simulated-tab.js";
import { Simulation } from "./simulation.js";

/**
 * Whatever the network, the machines, the service and the users do, the SDK keeps its promises. Each time among seeds that nobody has
 * run before: for five seconds, or for as long as RTM_JS_SECONDS says. RTM_JS_SEED=… runs one again, RTM_JS_TRACE=1 tells all of it.
 */
const { RTM_JS_SEED, RTM_JS_SECONDS = 5, RTM_JS_TRACE } = process.env;

const SEEDS_THAT_FOUND_A_DEFECT = [135, 176, 1019, 1044, 6227, 6335, 10137, 11011, 40378, 1549129824];

/** Each a mistake that was made in the SDK, and what is broken by it. */
const FAULTS = {
  aBoundThatNeverPasses: ["const ms = trustMs - since(base);", "const ms = trustMs;", "everyTrustedGrantIsOurs"],
  lossesAreNotHeard: ['if (type === "LOCK_LOST")', 'if (type === "")', "aLossThatIsHeardAborts"],
  whatNobodyWaitsForAnyMoreIsKept: ["if (settled) return giveBack(reply);", "if (settled) return;", "nothingIsLeftBehind"],
  unsubscribedIsAsGoodAsOnline: ["lock.ownerOnline ?? !left.has(channelOf(lock))", "true", "everyTrustedGrantIsOurs"],
  whatWasUnansweredIsForgotten: ["unanswered.forEach(requests.send);", "", "everyPromiseSettles"],
  theEndLeavesATimer: ["clearTimeout(timer);\n    old?.close", "old?.close", "noTimerIsLeft"],
  aReloadUsesIdsAgain: ["id = Date.now() * 1000;", "", "noIdIsUsedAgain"],
  attemptsDoNotWait: ["Math.random() * Math.min(20_000, 500 * 2 ** failures++)", "0", "nothingSpins"],
  subscriptionsAreNotRenewed: ["subscriptions.forEach(renewSubscription);", "", "everySubscriberIsUpToDate"],
  aProofNeedsNoMajority: ["if (quorum && beats", "if (beats", "everyTrustedGrantIsOurs"],
};
const SEEDS_FOR_A_FAULT_MAX = 60;

const freshSeed = () => Math.floor(Math.random() * 2 ** 32);

async function run(seed, Sdk, tell = RTM_JS_TRACE && console.log) {
  const simulation = new Simulation(seed, Sdk, tell);
  try {
    await simulation.run();
  } catch (error) {
    error.message += `\nRTM_JS_SEED=${seed} node --test src/test/js/simulation.test.js`;
    throw error;
  }
}

if (RTM_JS_SEED) test("theSeed_breaksNoPromise", () => run(Number(RTM_JS_SEED), loadSdk()));
else {
  test("noTrouble_breaksAPromise", async () => {
    const Sdk = loadSdk();
    const start = process.hrtime.bigint();
    const seconds = () => Number(process.hrtime.bigint() - start) / 1e9;
    let runs = 0;
    do await run(freshSeed(), Sdk);
    while (++runs && seconds() < RTM_JS_SECONDS);
    console.log(`simulation: ${runs} seeds in ${seconds().toFixed(1)} s`);
  });

  for (const seed of SEEDS_THAT_FOUND_A_DEFECT) test(`seed${seed}_thatFoundADefect_findsNone`, () => run(seed, loadSdk()));

  /** Otherwise a seed would say nothing. */
  test("theSameSeed_isTheSameRun", async () => {
    const told = [[], []];
    for (const lines of told) await run(1, loadSdk(), (line) => lines.push(line));
    assert.ok(told[0].length > 1000);
    assert.deepEqual(told[0], told[1]);
  });

  for (const [name, [right, wrong, promise]] of Object.entries(FAULTS))
    test(`fault_${name}_isFound`, async () => {
      const Sdk = loadSdk((text) => {
        assert.equal(text.split(right).length, 2, `once in the SDK: ${right}`);
        return text.replace(right, wrong);
      });
      const found = [];
      for (let seed = 1; seed <= SEEDS_FOR_A_FAULT_MAX && !found.includes(promise); seed++)
        await run(seed, Sdk).catch((error) => found.push(error.promise ?? error.stack));
      assert.ok(found.includes(promise), `found only ${found}`);
    });
}
