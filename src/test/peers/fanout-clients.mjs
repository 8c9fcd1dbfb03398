// SPDX-License-Identifier: Apache-2.0
/** The usual Node client of each fan-out peer, as `{ publish(change), close() }`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Where the build puts the npm packages; what is there is found by {@link npm}. */
export const PACKAGES = fileURLToPath(new URL('target/node/node_modules/', import.meta.url));

/** Like `require`, for the packages of the build. */
export const npm = createRequire(`${PACKAGES}../none.js`);

/** The version of an installed package. */
export function packageVersion(name) {
  return JSON.parse(readFileSync(`${PACKAGES}${name}/package.json`, 'utf8')).version;
}

/** By kind: `connect(url, onChange)` promises a connection that is ready to be sent to. */
export const CLIENTS = {
  ws: { connect: connectWs, sentence: () => `ws ${packageVersion('ws')}` },
  socketio: { connect: connectSocketIo, sentence: () => `socket.io-client ${packageVersion('socket.io-client')}, transport websocket` },
};

function connectWs(url, onChange) {
  const { WebSocket } = npm('ws');
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on('error', reject);
    socket.on('message', onChange);
    socket.on('open', () => resolve({ publish: change => socket.send(JSON.stringify(change)), close: () => socket.terminate() }));
  });
}

function connectSocketIo(url, onChange) {
  const { io } = npm('socket.io-client');
  return new Promise((resolve, reject) => {
    const socket = io(new URL(url).origin.replace('ws:', 'http:'), { transports: ['websocket'], forceNew: true, reconnection: false });
    socket.on('connect_error', reject);
    socket.on('change', onChange);
    socket.on('connect', () => resolve({ publish: change => socket.emit('change', change), close: () => socket.disconnect() }));
  });
}
