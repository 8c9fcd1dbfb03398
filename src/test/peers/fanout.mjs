// SPDX-License-Identifier: Apache-2.0
/**
 * `node fanout.mjs ws|socketio`: the fan-out peers. Speaks as the drivers in Java do (see README): starts its server in a process of its
 * own, then answers each line `fanout subscribers=1000 rounds=50` by a line of JSON.
 */
import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CLIENTS, PACKAGES, packageVersion } from './fanout-clients.mjs';

const CONNECTS_AT_ONCE = 50;
const ROUND_MS_MAX = 30_000;
const TICK_MILLIS = 10;
const CHANGE = {
  event: 'lock', eventType: 'ACQUIRED', channel: 'orders', channelType: 'MESSAGE', lockName: 'order-4711', owner: 'bob', ttl: 30,
  fencingToken: 4503599627370497, publisher: 'bob', previousOwner: 'alice', cause: 'RELEASED', seq: 12, timestamp: 1700000000000,
};

const kind = process.argv[2];
if (!(kind in CLIENTS)) {
  finish({ error: 'expected: ws or socketio' }, 1);
} else if (!existsSync(PACKAGES)) {
  finish({ missing: 'npm packages (mvn -f src/test/peers/pom.xml package)' }, 0);
} else {
  await drive();
}

async function drive() {
  const server = fork(fileURLToPath(new URL('fanout-server.mjs', import.meta.url)), [kind]);
  const url = await new Promise((resolve, reject) => {
    server.once('message', resolve);
    server.once('exit', code => reject(new Error(`the server ended with ${code}`)));
  });
  process.on('exit', () => server.kill());
  const serverEnded = new Promise(resolve => server.once('exit', resolve));
  say({ ready: true, driver: kind, servers: [server.pid], url, client: CLIENTS[kind].sentence(), server: serverSentence() });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'quit') break;
    say(await answer(line, url, server.pid));
  }
  server.kill();
  await serverEnded;
  process.exit(0);
}

function serverSentence() {
  return kind === 'ws'
    ? `ws ${packageVersion('ws')}, Node ${process.version}, one frame made once and written to each socket`
    : `Socket.IO ${packageVersion('socket.io')}, Node ${process.version}, defaults, io.emit`;
}

async function answer(line, url, serverPid) {
  try {
    return await measure(parse(line), url, serverPid);
  } catch (error) {
    return { error: String(error) };
  }
}

/** `fanout subscribers=1000 rounds=50` → numbers by name. */
function parse(line) {
  const [window, ...words] = line.trim().split(/\s+/);
  if (window !== 'fanout') throw new Error(`unknown window: ${window}`);
  const values = { subscribers: 1000, rounds: 50 };
  for (const word of words) {
    const [name, value] = word.split('=');
    if (!(name in values) || !(Number(value) > 0)) throw new Error(`unknown: ${word}`);
    values[name] = Number(value);
  }
  return values;
}

async function measure({ subscribers, rounds }, url, serverPid) {
  let missing = 0;
  let allServed = () => {};
  const served = () => {
    missing -= 1;
    if (missing === 0) allServed();
  };
  const connections = [];
  for (let i = 0; i < subscribers; i += CONNECTS_AT_ONCE) {
    const some = Array.from({ length: Math.min(CONNECTS_AT_ONCE, subscribers - i) }, () => CLIENTS[kind].connect(url, served));
    connections.push(...(await Promise.all(some)));
  }
  const publisher = await CLIENTS[kind].connect(url, () => {});
  const clientCpu = cpuMillis(process.pid);
  const serverCpu = cpuMillis(serverPid);
  const began = process.hrtime.bigint();
  const micros = [];
  for (let round = 0; round < rounds; round++) {
    micros.push(await oneRound());
  }
  const seconds = Number((microsSince(began) / 1e6).toFixed(3));
  const figures = {
    ops: rounds, seconds, p50Micros: percentile(micros, 50), p99Micros: percentile(micros, 99),
    clientCpuMillis: cpuMillis(process.pid) - clientCpu, serverCpuMillis: cpuMillis(serverPid) - serverCpu, errors: 0,
  };
  publisher.close();
  connections.forEach(connection => connection.close());
  return figures;

  function oneRound() {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`${missing} subscribers without the change`)), ROUND_MS_MAX);
      missing = subscribers;
      const start = process.hrtime.bigint();
      allServed = () => {
        clearTimeout(limit);
        resolve(microsSince(start));
      };
      publisher.publish(CHANGE);
    });
  }
}

function microsSince(start) {
  return Number(process.hrtime.bigint() - start) / 1e3;
}

function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}

/** User and system time of a process. */
function cpuMillis(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MILLIS;
}

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function finish(answer, code) {
  process.exitCode = code;
  say(answer);
}
