// SPDX-License-Identifier: Apache-2.0

/**
 * A WebSocket whose cable can be pulled. The client notices nothing: its socket still says OPEN, and silence follows.
 * The service sees a connection that broke. While the plug is out, new connections fail.
 * `onConnect` is told the URL of each attempt.
 */
export function createPlug(Native, onConnect) {
  const sockets = new Set();
  let pulled = false;

  class PluggedSocket extends Native {
    #cut = false;

    constructor(url, protocols) {
      super(url, protocols);
      sockets.add(this);
      onConnect(url);
      super.addEventListener("close", () => sockets.delete(this));
      if (pulled) super.close();
    }

    #unlessCut = (listener) => (event) => this.#cut || listener(event);
    set onopen(listener) {
      super.onopen = this.#unlessCut(listener);
    }
    set onmessage(listener) {
      super.onmessage = this.#unlessCut(listener);
    }
    set onclose(listener) {
      this.ended = listener;
      super.onclose = this.#unlessCut(listener);
    }
    get readyState() {
      return this.#cut ? Native.OPEN : super.readyState;
    }
    send(text) {
      if (!this.#cut) super.send(text);
    }

    cut() {
      this.#cut = true;
      super.close(4000, "the plug was pulled");
    }
  }

  let silent = [];
  const end = (socket, code, reason) => socket.ended?.({ code, reason });
  return {
    WebSocket: PluggedSocket,
    pulled: () => pulled,
    pull() {
      pulled = true;
      silent = [...sockets];
      for (const socket of silent) socket.cut();
    },
    putBack() {
      pulled = false;
      for (const socket of silent) end(socket, 1006, "the network is back");
    },
    /** As a node does that drains: the client is to go on at another one, at once. */
    sendAway() {
      for (const socket of sockets) end(socket, 1001, "to another node");
    },
  };
}
