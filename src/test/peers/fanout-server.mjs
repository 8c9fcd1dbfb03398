// SPDX-License-Identifier: Apache-2.0
/** The server of a fan-out peer: sends each change that anybody sends to everybody. Tells its parent its URL, and ends with it. */
import { createServer } from 'node:http';
import { npm } from './fanout-clients.mjs';

const SERVERS = { ws: serveWs, socketio: serveSocketIo };

const http = createServer();
const path = SERVERS[process.argv[2]](http);
http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send(`ws://127.0.0.1:${http.address().port}${path}`));
process.on('disconnect', () => process.exit(0));

/** As bare as `ws` can be: the frame is made once, and its bytes are written to every socket. */
function serveWs(server) {
  const { WebSocketServer, Sender } = npm('ws');
  const clients = new Set();
  new WebSocketServer({ server }).on('connection', (client, request) => {
    clients.add(request.socket);
    client.on('close', () => clients.delete(request.socket));
    client.on('message', text => {
      const frame = Buffer.concat(Sender.frame(text, { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false }));
      for (const socket of clients) socket.write(frame);
    });
  });
  return '/';
}

function serveSocketIo(server) {
  const { Server } = npm('socket.io');
  const io = new Server(server);
  io.on('connection', socket => socket.on('change', change => io.emit('change', change)));
  return '/socket.io/?EIO=4&transport=websocket';
}
