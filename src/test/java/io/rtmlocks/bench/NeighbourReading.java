// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What users notice of somebody who presses a limit ten times as hard as is allowed: the time of their requests in quiet
 * windows against windows under each {@link Offender}, in turn, on a node with its default limits, which is a process of its
 * own. And what the node keeps of it all: its heap after the last of them, beyond that after the first.
 *
 * <p>All share the machine's cores, so what an offender needs of them itself counts as the node's. Of one who only connects it
 * can be told apart: there are windows as well in which it does the same to {@link Nobody}, a process that serves nobody, and
 * {@code elsewhere} is the time then. Pressed against quiet is what users notice; pressed against elsewhere is what the node has
 * to do with it. An offender is at work for a while before anything counts, as the code it presses is compiled in that time.
 *
 * <pre>mvn -q -DskipTests package
 * java -cp target/rtm-locks.jar:target/test-classes io.rtmlocks.bench.NeighbourReading \
 *     [rounds] [seconds of a window] [offender] [jar]</pre>
 *
 * <p>What stands in the environment with {@code RTM_} goes to the node; {@code jar} is the one it is started from.
 */
public final class NeighbourReading {

    private static final int USERS = 8;

    /** Each user is a little below the rate that is allowed. */
    private static final int BETWEEN_PAIRS_MILLIS = 125;

    private static final int WARM_UP_SECONDS = 8;
    private static final int PRESSED_WARM_UP_SECONDS = 15;
    private static final int CALM_MILLIS = 300;
    private static final double MICROS_PER_MILLI = 1_000;

    private final Vertx userVertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    private final Vertx offenderVertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));

    /** Kept here: a client that nobody refers to is closed by the collector. */
    private final WebSocketClient userSockets = userVertx.createWebSocketClient();

    private final List<NeighbourUser> users = new ArrayList<>();
    private final Servers node;
    private final Servers nobody;

    /** What was seen in windows of one kind. */
    private static final class Seen {
        private final Histogram times = new Histogram(3);
        private long nodeCpuMillis;
        private long asked;
        private int windows;
        private long liveHeapKib;

        long micros(double percentile) {
            return TimeUnit.NANOSECONDS.toMicros(times.getValueAtPercentile(percentile));
        }

        double nodeCpuMillisAWindow() {
            return (double) nodeCpuMillis / windows;
        }
    }

    private NeighbourReading(String classPath) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of("RTM_HTTP_PORT", "0", "RTM_MANAGEMENT_PORT", "0"));
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("RTM_")) {
                settings.put(name, value);
            }
        });
        node = Servers.start(List.of(new Program.Command(
                Program.javaWords(List.of("-cp", classPath, "io.rtmlocks.Main", "serve")), settings)));
        nobody = Servers.start(new Program.Test("nobody", Nobody.class, List.of()).commands());
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        Offender[] offenders = arguments.length > 2
                ? new Offender[] {Offender.valueOf(arguments[2].toUpperCase(Locale.ROOT))}
                : Offender.values();
        String classPath = arguments.length > 3 ? arguments[3] : System.getProperty("java.class.path");
        new NeighbourReading(classPath).run(rounds, seconds, offenders);
    }

    private void run(int rounds, int seconds, Offender... offenders) throws Exception {
        try (node;
                nobody) {
            enter(place(node));
            letPass(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS));
            System.out.printf(
                    "%-16s %8s %8s %9s %6s %6s %8s %8s %9s %6s %6s %9s %7s %12s %12s%n",
                    "offender",
                    "p50 us",
                    "pressed",
                    "elsewhere",
                    "/quiet",
                    "/else",
                    "p99 us",
                    "pressed",
                    "elsewhere",
                    "/quiet",
                    "/else",
                    "asked",
                    "ended",
                    "node us/ask",
                    "heap +KiB");
            for (Offender offender : offenders) {
                compare(offender, rounds, TimeUnit.SECONDS.toMillis(seconds));
            }
            users.forEach(NeighbourUser::expectNoFailure);
            await(offenderVertx.close());
            await(userVertx.close());
        }
    }

    private static WebSocketConnectOptions place(Servers servers) {
        int port = servers.endpoints().get(0).port();
        return new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/rtm");
    }

    private void enter(WebSocketConnectOptions place) throws Exception {
        for (int i = 0; i < USERS; i++) {
            NeighbourUser user = new NeighbourUser(await(userSockets.connect(place)), i);
            users.add(user);
            await(userVertx.timer(BETWEEN_PAIRS_MILLIS / USERS, TimeUnit.MILLISECONDS));
            userVertx.setPeriodic(BETWEEN_PAIRS_MILLIS, id -> user.pair());
        }
    }

    private void compare(Offender offender, int rounds, long millis) throws Exception {
        WebSocketClient webSockets =
                offenderVertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(Integer.MAX_VALUE));
        Pressing pressing = new Pressing(offenderVertx, webSockets, place(node), offender);
        Pressing control = new Pressing(offenderVertx, webSockets, place(nobody), offender);
        pressed(new Seen(), pressing, TimeUnit.SECONDS.toMillis(PRESSED_WARM_UP_SECONDS));
        Seen quiet = new Seen();
        Seen pressed = new Seen();
        Seen elsewhere = new Seen();
        quiet.liveHeapKib = node.liveHeapKib();
        for (int round = 0; round < rounds; round++) {
            measure(quiet, pressing, millis);
            pressed(pressed, pressing, millis);
            if (offender.isStranger()) {
                pressed(elsewhere, control, millis);
            }
        }
        pressed.liveHeapKib = node.liveHeapKib();
        report(offender, quiet, pressed, elsewhere, pressing.ended());
        await(webSockets.close());
    }

    private void pressed(Seen seen, Pressing pressing, long millis) throws Exception {
        await(pressing.begin());
        measure(seen, pressing, millis);
        await(pressing.end());
        letPass(CALM_MILLIS);
    }

    private static void report(Offender offender, Seen quiet, Seen pressed, Seen elsewhere, long ended) {
        System.out.printf(
                "%-16s %s %s %9d %7d %12.1f %,12d%n",
                offender.text(),
                times(50, quiet, pressed, elsewhere),
                times(99, quiet, pressed, elsewhere),
                pressed.asked,
                ended,
                MICROS_PER_MILLI
                        * (pressed.nodeCpuMillisAWindow() - quiet.nodeCpuMillisAWindow())
                        * pressed.windows
                        / pressed.asked,
                pressed.liveHeapKib - quiet.liveHeapKib);
    }

    private static String times(double percentile, Seen quiet, Seen pressed, Seen elsewhere) {
        double micros = pressed.micros(percentile);
        boolean isKnown = elsewhere.windows > 0;
        return String.format(
                "%8d %8.0f %9s %6.2f %6s",
                quiet.micros(percentile),
                micros,
                isKnown ? elsewhere.micros(percentile) : "-",
                micros / quiet.micros(percentile),
                isKnown ? String.format("%.2f", micros / elsewhere.micros(percentile)) : "-");
    }

    private void measure(Seen seen, Pressing pressing, long millis) throws Exception {
        users.forEach(NeighbourUser::forget);
        long cpuMillis = Proc.cpuMillis(node.pids());
        long asked = pressing.asked();
        letPass(millis);
        seen.nodeCpuMillis += Proc.cpuMillis(node.pids()) - cpuMillis;
        seen.asked += pressing.asked() - asked;
        seen.windows++;
        users.forEach(user -> user.addTo(seen.times));
    }

    private void letPass(long millis) throws Exception {
        await(userVertx.timer(millis, TimeUnit.MILLISECONDS));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
