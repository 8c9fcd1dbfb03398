// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU time of processes, user and system together, as Linux tells it. */
final class CpuTime {
    /** Linux shows these times to programs in hundredths of a second on every machine. */
    private static final int TICK_MILLIS = 10;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private CpuTime() {}

    static long millis(List<Long> pids) {
        return pids.stream().mapToLong(CpuTime::millis).sum();
    }

    private static long millis(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The name before it may hold anything, blanks and brackets too.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * TICK_MILLIS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
