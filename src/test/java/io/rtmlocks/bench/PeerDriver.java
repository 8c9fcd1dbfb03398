// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process that drives a foreign peer with its usual client, and starts its servers (src/test/peers/README.md). A line in is a
 * window, a line of JSON out what it measured.
 */
final class PeerDriver implements AutoCloseable {
    private static final int ANSWER_SECONDS_MAX = 180;
    private static final int END_SECONDS_MAX = 20;

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;

    /** What it said of itself when it was ready. */
    final JsonObject about;

    /** @throws NotPresentException when there is no such driver, or no such server, on this machine */
    PeerDriver(List<String> words) throws IOException {
        process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        try {
            about = check(readLine());
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** There is nothing to measure. */
    static final class NotPresentException extends IOException {
        NotPresentException(String what) {
            super(what);
        }
    }

    static JsonObject check(@Nullable String line) throws IOException {
        if (line == null) {
            throw new NotPresentException("no driver");
        }
        JsonObject said = new JsonObject(line);
        if (said.containsKey("missing")) {
            throw new NotPresentException(said.getString("missing"));
        }
        for (String bad : List.of("error", "unsupported")) {
            if (said.containsKey(bad)) {
                throw new IOException(said.getString(bad));
            }
        }
        return said;
    }

    private @Nullable String readLine() throws IOException {
        try {
            return CompletableFuture.supplyAsync(() -> {
                        try {
                            return out.readLine();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("no answer of the driver", e);
        }
    }

    Map<Measure, Double> window(String words, double seconds) throws IOException {
        in.write(words + " seconds=" + Math.max(1, Math.round(seconds)) + '\n');
        in.flush();
        return values(check(readLine()));
    }

    static Map<Measure, Double> values(JsonObject said) throws IOException {
        if (said.getLong("errors", 0L) != 0) {
            throw new IOException(said.getLong("errors") + " errors");
        }
        double ops = said.getDouble("ops");
        if (ops == 0) {
            throw new IOException("nothing was done in this window");
        }
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        values.put(Measure.OPS_PER_SECOND, ops / said.getDouble("seconds"));
        values.put(Measure.P50_MICROS, said.getDouble("p50Micros"));
        values.put(Measure.P99_MICROS, said.getDouble("p99Micros"));
        values.put(Measure.SERVER_CPU_MICROS, said.getDouble("serverCpuMillis") * 1e3 / ops);
        values.put(Measure.CLIENT_CPU_MICROS, said.getDouble("clientCpuMillis") * 1e3 / ops);
        return values;
    }

    /** Ends it, and with it the servers it started. */
    @Override
    public void close() {
        try {
            in.write("quit\n");
            in.close();
            process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException e) {
            // It has ended already.
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** @param name of a peer with a client in Java; with -3 for three servers */
    static List<String> java(String name) {
        List<String> words = new ArrayList<>(List.of("-jar", "src/test/peers/target/peers.jar"));
        words.add(name.replace("-3", ""));
        if (name.endsWith("-3")) {
            words.add("nodes=3");
        }
        return Program.javaWords(words);
    }

    /** One of those written for Node. */
    static List<String> node(String name) {
        return List.of("node", "src/test/peers/fanout.mjs", name);
    }
}
