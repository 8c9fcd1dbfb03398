// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.rtmlocks.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Round trips over the event bus between two processes, one after the other: what any answer that needs another node must take at
 * least. Speaks like a driver of a peer, and takes every window for one of round trips.
 */
final class BusDriver {
    /** Only what is to be read: logs go to the standard error. */
    private static final PrintStream OUT = System.out;

    private static final String ADDRESS = "echo";
    private static final Buffer MESSAGE = Buffer.buffer(new byte[100]);

    private final Vertx vertx;

    private BusDriver(Vertx vertx) {
        this.vertx = vertx;
    }

    /** @param arguments none, or the number of the member and all ports */
    public static void main(String[] arguments) throws Exception {
        System.setOut(System.err);
        if (arguments.length > 0) {
            echo(Stream.of(arguments).map(Integer::valueOf).toList());
            return;
        }
        List<Integer> ports = FreePorts.some(2);
        Program other = new Program.Test(
                "echo",
                BusDriver.class,
                List.of("1", ports.get(0).toString(), ports.get(1).toString()));
        Future<Vertx> first = new BareCluster(ports).join(0);
        try (Servers servers = other.launch();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            BusDriver driver = new BusDriver(
                    first.toCompletionStage().toCompletableFuture().join());
            OUT.println(new JsonObject().put("ready", true).put("servers", servers.pids()));
            for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
                OUT.println(driver.window(seconds(line), servers));
            }
        }
        System.exit(0);
    }

    private static void echo(List<Integer> numbers) {
        new BareCluster(numbers.subList(1, 3))
                .join(numbers.get(0))
                .onSuccess(vertx -> vertx.eventBus()
                        .<Buffer>consumer(ADDRESS, message -> message.reply(message.body()))
                        .completion()
                        .onSuccess(v -> OUT.println("ready bus://127.0.0.1:1/")));
    }

    private static double seconds(String line) {
        return Arrays.stream(line.split(" "))
                .filter(word -> word.startsWith("seconds="))
                .mapToDouble(word -> Double.parseDouble(word.substring("seconds=".length())))
                .findFirst()
                .orElseThrow();
    }

    private JsonObject window(double seconds, Servers servers) throws IOException {
        long serverMillis = Proc.cpuMillis(servers.pids());
        long clientMillis = Proc.ownCpuMillis();
        Promise<Outcome> done = Promise.promise();
        long until = System.nanoTime() + (long) (seconds * 1e9);
        vertx.getOrCreateContext().runOnContext(v -> roundTrip(new Outcome(), until, done));
        Outcome outcome =
                done.future().toCompletionStage().toCompletableFuture().join();
        Map<Measure, Double> values =
                outcome.values(Proc.cpuMillis(servers.pids()) - serverMillis, Proc.ownCpuMillis() - clientMillis);
        double ops = values.get(Measure.OPS_PER_SECOND);
        return new JsonObject()
                .put("ops", ops)
                .put("seconds", 1)
                .put("p50Micros", values.get(Measure.P50_MICROS))
                .put("p99Micros", values.get(Measure.P99_MICROS))
                .put("serverCpuMillis", values.get(Measure.SERVER_CPU_MICROS) * ops / 1e3)
                .put("clientCpuMillis", values.get(Measure.CLIENT_CPU_MICROS) * ops / 1e3);
    }

    private void roundTrip(Outcome outcome, long untilNanos, Promise<Outcome> done) {
        long began = System.nanoTime();
        vertx.eventBus().request(ADDRESS, MESSAGE).onFailure(done::tryFail).onSuccess(reply -> {
            long now = System.nanoTime();
            outcome.done(now - began);
            if (now < untilNanos) {
                roundTrip(outcome, untilNanos, done);
            } else {
                outcome.end();
                done.tryComplete(outcome);
            }
        });
    }
}
