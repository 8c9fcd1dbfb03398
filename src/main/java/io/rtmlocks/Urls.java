// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

/** Addresses as a person or a program on this machine would open them. */
final class Urls {
    private Urls() {}

    /** The root of what listens on this host and port, with a slash at its end. */
    static String of(String host, int port) {
        return of("http", host, port);
    }

    /** The same, of the port for clients. */
    static String of(Config.Http http, int port) {
        return of(http.tls().isSet() ? "https" : "http", http.host(), port);
    }

    private static String of(String scheme, String host, int port) {
        String reachable = ConfigRules.isEveryInterface(host) ? "localhost" : host;
        return scheme + "://" + (reachable.contains(":") ? '[' + reachable + ']' : reachable) + ':' + port + '/';
    }
}
