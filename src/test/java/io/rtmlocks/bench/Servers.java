// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Processes that serve. Fails with their last words when one of them does not become ready. */
final class Servers implements AutoCloseable {
    private static final int READY_SECONDS_MAX = 90;
    private static final int END_SECONDS_MAX = 10;

    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final Thread atEnd = new Thread(this::kill, "kill servers");
    private final List<Path> logs = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private long readyNanos;

    private Servers() {
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    static Servers start(List<Program.Command> commands) throws IOException {
        Servers servers = new Servers();
        long began = System.nanoTime();
        try {
            for (Program.Command command : commands) {
                servers.start(command);
            }
            for (int i = 0; i < commands.size(); i++) {
                servers.endpoints.add(servers.awaitReady(i));
            }
        } catch (IOException | RuntimeException e) {
            servers.close();
            throw e;
        }
        servers.readyNanos = System.nanoTime() - began;
        return servers;
    }

    private void start(Program.Command command) throws IOException {
        Path log = Files.createTempFile("bench", ".log");
        ProcessBuilder builder = new ProcessBuilder(command.words()).redirectError(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("RTM_"));
        builder.environment().putAll(command.environment());
        logs.add(log);
        processes.add(builder.start());
    }

    private Endpoint awaitReady(int number) throws IOException {
        BufferedReader out = processes.get(number).inputReader(StandardCharsets.UTF_8);
        List<String> said = new CopyOnWriteArrayList<>();
        try {
            return CompletableFuture.supplyAsync(() -> readyLine(out, said))
                    .thenApply(Servers::endpoint)
                    .get(READY_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException(
                    "not ready: " + e + "\n" + String.join("\n", said) + "\n" + Files.readString(logs.get(number)), e);
        }
    }

    /** @param said what came before it: a server may log where it says so */
    static String readyLine(BufferedReader out, List<String> said) {
        return out.lines()
                .peek(said::add)
                .filter(line -> line.startsWith("ready "))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("it ended"));
    }

    /** @param line {@code ready URL …} */
    static Endpoint endpoint(String line) {
        return Endpoint.here(URI.create(line.split(" ")[1]).getPort());
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    List<Long> pids() {
        return processes.stream().map(Process::pid).toList();
    }

    /** From the start of the first process until the last was ready. */
    double readyMillis() {
        return readyNanos / 1e6;
    }

    /** A full collection in each, so that memory is what is in use. */
    void collectGarbage() throws IOException, InterruptedException {
        for (long pid : pids()) {
            jcmd(pid, "GC.run");
        }
    }

    /** Bytes in use on the heaps, in KiB; after a full collection. */
    long liveHeapKib() throws IOException, InterruptedException {
        collectGarbage();
        long kib = 0;
        for (long pid : pids()) {
            kib += usedKib(jcmd(pid, "GC.heap_info"));
        }
        return kib;
    }

    /** @param heapInfo what {@code jcmd PID GC.heap_info} prints, of the collector G1 */
    static long usedKib(String heapInfo) {
        return heapInfo.lines()
                .filter(line -> line.contains("garbage-first heap"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*used (\\d+)K.*", "$1")))
                .findFirst()
                .orElseThrow();
    }

    private static String jcmd(long pid, String what) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(java.toString(), String.valueOf(pid), what)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
        return said;
    }

    private void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(atEnd);
        for (Process process : processes) {
            process.onExit().orTimeout(END_SECONDS_MAX, TimeUnit.SECONDS).join();
        }
        for (Path log : logs) {
            log.toFile().delete();
        }
    }
}
