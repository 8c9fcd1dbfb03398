// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.util.Locale;

/** What one window came to. */
record Figures(
        long operations,
        double seconds,
        double p50Micros,
        double p99Micros,
        long clientCpuMillis,
        long serverCpuMillis,
        long errors) {

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"ops\":%d,\"seconds\":%.3f,\"p50Micros\":%.1f,\"p99Micros\":%.1f,"
                        + "\"clientCpuMillis\":%d,\"serverCpuMillis\":%d,\"errors\":%d}",
                operations,
                seconds,
                p50Micros,
                p99Micros,
                clientCpuMillis,
                serverCpuMillis,
                errors);
    }
}
