// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What Linux knows of processes: used processor time and resident memory. A process that has ended has used nothing. */
final class Proc {
    /** What a tick of /proc is on every Linux of today. */
    private static final long MILLIS_PER_TICK = 10;

    private Proc() {}

    static long cpuMillis(Collection<Long> pids) throws IOException {
        long millis = 0;
        for (long pid : pids) {
            millis += cpuMillis(pid);
        }
        return millis;
    }

    static long ownCpuMillis() throws IOException {
        return cpuMillis(ProcessHandle.current().pid());
    }

    /** The same, and that of their children which have ended. */
    static long cpuMillisWithEnded(Collection<Long> pids) throws IOException {
        long millis = 0;
        for (long pid : pids) {
            millis += read(pid, 11, 12, 13, 14);
        }
        return millis;
    }

    private static long cpuMillis(long pid) throws IOException {
        return read(pid, 11, 12);
    }

    private static long read(long pid, int... fields) throws IOException {
        try {
            return cpuMillis(Files.readString(Path.of("/proc", String.valueOf(pid), "stat")), fields);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            if (ProcessHandle.of(pid).isEmpty()) {
                return 0;
            }
            throw e;
        }
    }

    /**
     * @param stat a line of /proc/PID/stat; the name in it may contain anything
     * @param fields which to add up, counted from the one after the name: utime is 11, stime 12, those of ended children 13 and 14
     */
    static long cpuMillis(String stat, int... fields) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return IntStream.of(fields)
                        .mapToLong(field -> Long.parseLong(afterName[field]))
                        .sum()
                * MILLIS_PER_TICK;
    }

    static long residentKib(Collection<Long> pids) throws IOException {
        long kib = 0;
        for (long pid : pids) {
            kib += residentKib(Files.readString(Path.of("/proc", String.valueOf(pid), "status")));
        }
        return kib;
    }

    static long residentKib(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** What all processors of the machine together were busy with since it started. */
    static long machineBusyMillis() throws IOException {
        return machineBusyMillis(Files.readString(Path.of("/proc/stat")));
    }

    /** User, nice, system, irq, softirq and steal; guests are in user already. */
    static long machineBusyMillis(String stat) {
        long[] ticks = Stream.of(stat.lines().findFirst().orElseThrow().split(" +"))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) * MILLIS_PER_TICK;
    }
}
