// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.rtmlocks.Config;
import io.rtmlocks.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What users notice of somebody who presses a limit ten times as hard as is allowed: the time of their requests in quiet
 * windows against windows under each {@link Offender}, in turn, on a node with its default limits. All share this process and
 * its cores, so what the offender itself needs of them counts as well.
 *
 * <pre>mvn -q -DskipTests package
 * java -cp target/rtm-locks.jar:target/test-classes io.rtmlocks.bench.NeighbourReading [rounds] [seconds of a window] [offender]</pre>
 */
public final class NeighbourReading {

    private static final int USERS = 8;

    /** Each user is a little below the rate that is allowed. */
    private static final int BETWEEN_PAIRS_MILLIS = 125;

    private static final int WARM_UP_SECONDS = 8;
    private static final int CALM_MILLIS = 300;

    private final Vertx serverVertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    private final Vertx userVertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    private final Vertx offenderVertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    private final List<NeighbourUser> users = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        Offender[] offenders = arguments.length > 2
                ? new Offender[] {Offender.valueOf(arguments[2].toUpperCase(Locale.ROOT))}
                : Offender.values();
        new NeighbourReading().run(rounds, seconds, offenders);
    }

    private void run(int rounds, int seconds, Offender... offenders) throws Exception {
        Node node = await(Node.start(serverVertx, Config.of(Map.of("http.port", "0", "management.port", "0"))));
        WebSocketConnectOptions place = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(node.httpPort())
                .setURI("/rtm");
        WebSocketClient webSockets = userVertx.createWebSocketClient();
        for (int i = 0; i < USERS; i++) {
            NeighbourUser user = new NeighbourUser(await(webSockets.connect(place)), i);
            users.add(user);
            await(userVertx.timer(BETWEEN_PAIRS_MILLIS / USERS, TimeUnit.MILLISECONDS));
            userVertx.setPeriodic(BETWEEN_PAIRS_MILLIS, id -> user.pair());
        }
        letPass(TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS));
        System.out.printf(
                "%-16s %8s %8s %6s %8s %8s %6s %9s %7s%n",
                "offender", "p50 us", "pressed", "ratio", "p99 us", "pressed", "ratio", "asked", "ended");
        for (Offender offender : offenders) {
            compare(offender, place, rounds, TimeUnit.SECONDS.toMillis(seconds));
        }
        users.forEach(NeighbourUser::expectNoFailure);
        await(offenderVertx.close());
        await(userVertx.close());
        await(serverVertx.close());
    }

    private void compare(Offender offender, WebSocketConnectOptions place, int rounds, long millis) throws Exception {
        WebSocketClient webSockets =
                offenderVertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(Integer.MAX_VALUE));
        Histogram quiet = new Histogram(3);
        Histogram pressed = new Histogram(3);
        Pressing pressing = new Pressing(offenderVertx, webSockets, place, offender);
        for (int round = 0; round <= rounds; round++) {
            boolean isWarmUp = round == 0;
            measure(isWarmUp ? new Histogram(3) : quiet, millis);
            await(pressing.begin());
            measure(isWarmUp ? new Histogram(3) : pressed, millis);
            await(pressing.end());
            letPass(CALM_MILLIS);
        }
        System.out.printf(
                "%-16s %8d %8d %6.2f %8d %8d %6.2f %9d %7d%n",
                offender.text(),
                micros(quiet, 50),
                micros(pressed, 50),
                (double) micros(pressed, 50) / micros(quiet, 50),
                micros(quiet, 99),
                micros(pressed, 99),
                (double) micros(pressed, 99) / micros(quiet, 99),
                pressing.asked(),
                pressing.ended());
        await(webSockets.close());
    }

    private void measure(Histogram into, long millis) throws Exception {
        users.forEach(NeighbourUser::forget);
        letPass(millis);
        users.forEach(user -> user.addTo(into));
    }

    private static long micros(Histogram histogram, double percentile) {
        return TimeUnit.NANOSECONDS.toMicros(histogram.getValueAtPercentile(percentile));
    }

    private void letPass(long millis) throws Exception {
        await(userVertx.timer(millis, TimeUnit.MILLISECONDS));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
