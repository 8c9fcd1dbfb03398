// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.util.Set;

/** Addresses as a person or a program on this machine would open them. */
final class Urls {
    private static final Set<String> EVERY_INTERFACE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    private Urls() {}

    /** The root of what listens on this host and port, with a slash at its end. */
    static String of(String host, int port) {
        String reachable = EVERY_INTERFACE.contains(host) ? "localhost" : host;
        return "http://" + (reachable.contains(":") ? '[' + reachable + ']' : reachable) + ':' + port + '/';
    }
}
