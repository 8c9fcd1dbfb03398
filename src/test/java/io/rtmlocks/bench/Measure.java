// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.Locale;

/** Everything a window can tell, with its unit. The names are those of the file of readings. */
enum Measure {
    OPS_PER_SECOND("/s"),
    P50_MICROS("µs p50"),
    P99_MICROS("µs p99"),
    SERVER_CPU_MICROS("µs server CPU/op"),
    CLIENT_CPU_MICROS("µs client CPU/op"),
    CPU_MICROS_HOLDING("µs server CPU/op while it holds"),
    READY_MILLIS("ms"),
    KIB_PER_CONNECTION("KiB/connection"),
    HEAP_KIB_PER_LOCK("KiB heap/lock"),
    RSS_KIB_PER_LOCK("KiB RSS/lock"),
    CPU_PERCENT_PER_NODE("% of a core"),
    NANOS_PER_OP("ns/op"),
    BYTES_PER_OP("bytes allocated/op"),
    /** Cores that others of this machine were busy with meanwhile. */
    FOREIGN_CORES("foreign cores");

    private final String unit;

    Measure(String unit) {
        this.unit = unit;
    }

    String shown(double value) {
        return String.format(
                Locale.ROOT, value >= 1000 ? "%,.0f %s" : value >= 100 ? "%.0f %s" : "%.2f %s", value, unit);
    }
}
