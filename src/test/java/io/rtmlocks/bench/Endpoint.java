// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

/** Where clients connect. */
record Endpoint(String host, int port, String path) {

    static Endpoint here(int port) {
        return new Endpoint("127.0.0.1", port, "/rtm");
    }
}
