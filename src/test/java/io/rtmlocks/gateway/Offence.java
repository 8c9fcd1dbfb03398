// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static io.rtmlocks.gateway.Presses.asks;
import static io.rtmlocks.gateway.Presses.asksForSize;
import static io.rtmlocks.gateway.Presses.asksInTwoTabs;
import static io.rtmlocks.gateway.Presses.asksShard;
import static io.rtmlocks.gateway.Presses.crowdAsks;
import static io.rtmlocks.gateway.Presses.whileBusy;

import io.rtmlocks.telemetry.Limit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every limit that a client can press: how it is pressed when it is {@link #BOUND}, or that in other units, and what the
 * protocol says of who goes beyond it: a refusal, and in the end, for some, the end of the connection.
 */
enum Offence {
    ACQUIRES(
            Limit.ACQUIRE_PER_SECOND,
            Kind.RATE,
            asks((client, i) -> client.lockRequest("acquireLock", "l", "create", true)),
            refused("-10021", "close 4429"),
            "limits.acquirePerSecond",
            "20"),
    OTHER_OPERATIONS(
            Limit.OPS_PER_SECOND,
            Kind.RATE,
            asks((client, i) -> client.lockRequest("setLock", "l", "ifExists", "keep")),
            refused("-10021", "close 4429"),
            "limits.opsPerSecond",
            "20"),
    BYTES(
            Limit.BYTES_PER_SECOND,
            Kind.RATE,
            asks((client, i) -> Presses.ping(client, 988)),
            refused("-10021 TOO_MANY_BYTES", "close 4429"),
            "limits.bytesPerSecond",
            "20000"),
    REQUESTS_UNDER_WAY(
            Limit.IN_FLIGHT_PER_SESSION,
            Kind.AMOUNT,
            whileBusy(200, asks((client, i) -> client.lockRequest("acquireLock", "busy" + i, "retry", true))),
            refused("-10021 TOO_MANY_IN_FLIGHT", "close 4429"),
            "limits.inFlightPerSession",
            "20"),
    FRAME(
            Limit.FRAME_BYTES,
            Kind.SIZE,
            asksForSize(100, Presses::ping),
            ended("close 1009"),
            "http.frameBytesMax",
            "2000"),
    FRAGMENTS(Limit.FRAME_BYTES, Kind.SIZE, Presses::fragments, ended("close 1009", "end")),
    NOISE(Limit.BAD_FRAMES, Kind.AMOUNT, Presses::noise, ended("close 4400"), "limits.badFramesPerMinute", "21"),
    SUBSCRIPTIONS(
            Limit.SUBSCRIPTIONS_PER_SESSION,
            Kind.AMOUNT,
            asks((client, i) -> client.request("subscribe", "channel", "c" + i)),
            refused("-14001 TOO_MANY_SUBSCRIPTIONS"),
            "limits.subscriptionsPerSession",
            "20"),
    SUBSCRIPTIONS_OF_A_USER(
            Limit.SUBSCRIPTIONS_PER_USER,
            Kind.AMOUNT,
            asksInTwoTabs((client, i) -> client.request("subscribe", "channel", "c" + i)),
            refused("-14001 TOO_MANY_SUBSCRIPTIONS"),
            "limits.subscriptionsPerUser",
            "20"),
    LOCKS(
            Limit.LOCKS_PER_CHANNEL,
            Kind.AMOUNT,
            asksShard((client, i) -> client.lockRequest("setLock", "l" + i)),
            refused("-14001 TOO_MANY_LOCKS"),
            "limits.locksPerChannel",
            "20"),
    LOCKS_OF_A_USER(
            Limit.LOCKS_PER_USER,
            Kind.AMOUNT,
            asksInTwoTabs((client, i) -> client.lockRequest("acquireLock", "l" + i, "create", true)),
            refused("-14001 TOO_MANY_HELD"),
            "limits.locksPerUser",
            "20"),
    WAITERS(
            Limit.WAITERS_PER_LOCK,
            Kind.AMOUNT,
            whileBusy(1, crowdAsks((client, i) -> client.lockRequest("acquireLock", "busy0", "retry", true))),
            refused("-14007 QUEUE_FULL"),
            "limits.waitersPerLock",
            "20"),
    WAITS_OF_A_USER(
            Limit.WAITERS_PER_USER,
            Kind.AMOUNT,
            whileBusy(200, asksInTwoTabs((client, i) -> client.lockRequest("acquireLock", "busy" + i, "retry", true))),
            refused("-14007 TOO_MANY_WAITS"),
            "limits.waitersPerUser",
            "20"),
    CHANNELS(
            Limit.CHANNELS_PER_SHARD,
            Kind.AMOUNT,
            asksShard((client, i) -> client.request("setLock", "channel", "c" + i, "lockName", "l")),
            refused("-14001 TOO_MANY_CHANNELS"),
            "limits.channelsPerShard",
            "21"),
    STORAGE(
            Limit.METADATA_BYTES,
            Kind.SIZE,
            asksForSize(
                    50,
                    (client, bytes) -> client.request(
                            "setChannelMetadata", "channel", "c", "data", JsonData.of("k", "x".repeat(bytes - 1)))),
            refused("-12012"),
            "limits.metadataBytes",
            "1000"),
    CONNECTIONS(
            Limit.CONNECTIONS,
            Kind.AMOUNT,
            Presses::connections,
            turnedAway("close 1013", "end"),
            "limits.connections",
            "21"),
    CONNECTIONS_OF_AN_ADDRESS(
            Limit.CONNECTIONS_PER_ADDRESS,
            Kind.AMOUNT,
            Presses::connections,
            turnedAway("429", "end"),
            "limits.connectionsPerAddress",
            "21"),
    HANDSHAKES(
            Limit.HANDSHAKES_PER_SECOND,
            Kind.RATE,
            Presses::connections,
            turnedAway("503", "end"),
            "limits.handshakesPerSecond",
            "21"),
    HANDSHAKES_OF_AN_ADDRESS(
            Limit.HANDSHAKES_PER_ADDRESS,
            Kind.RATE,
            Presses::connections,
            turnedAway("429", "end"),
            "limits.handshakesPerSecondPerAddress",
            "21"),
    HEAD(null, Kind.SIZE, Presses::head, turnedAway("431"), "limits.headBytes", "1240");

    /** What each limit is set to, in its unit, beside what the neighbour takes of it. */
    static final int BOUND = 20;

    static final int HEAD_UNIT = 62;

    /** What stands in a head beside the header that is made long. */
    static final int HEAD_REST = 240;

    /** What the limit counts. */
    enum Kind {
        /** Things in a second; more is allowed as time goes by. */
        RATE,
        /** Things at a time. */
        AMOUNT,
        /** The size of one thing, which is served or not. */
        SIZE
    }

    /**
     * What becomes of somebody who asks for more.
     *
     * @param refusals the words of it, beyond the limit or far beyond
     * @param end how the connection is beyond the limit
     * @param endsFar how it can be far beyond
     */
    record Beyond(Set<String> refusals, String end, Set<String> endsFar) {}

    private static Beyond refused(String refusal, String endFar) {
        return new Beyond(Set.of(refusal), Pressed.STAYS, Set.of(endFar));
    }

    private static Beyond refused(String refusal) {
        return refused(refusal, Pressed.STAYS);
    }

    /** @param orElse how it may seem to somebody who goes on sending, whose connection is cut in the end */
    private static Beyond ended(String end, String... orElse) {
        Set<String> ends = new HashSet<>(Set.of(orElse));
        ends.add(end);
        return new Beyond(Set.of(), end, ends);
    }

    private static Beyond turnedAway(String... refusals) {
        return new Beyond(Set.of(refusals), Pressed.STAYS, Set.of(Pressed.STAYS));
    }

    final @Nullable Limit limit;
    final Kind kind;
    final Presses.Press press;
    final Beyond beyond;
    private final String[] settings;

    Offence(@Nullable Limit limit, Kind kind, Presses.Press press, Beyond beyond, String... settings) {
        this.limit = limit;
        this.kind = kind;
        this.press = press;
        this.beyond = beyond;
        this.settings = settings;
    }

    /** How many things are asked at this amount. */
    int asked(int amount) {
        return kind == Kind.SIZE ? 1 : amount;
    }

    /** How many are served at least of more than {@link #BOUND}. */
    int servedMin() {
        return kind == Kind.SIZE ? 0 : BOUND;
    }

    /** How many are served at most within that time. */
    long servedMax(long elapsedNanos) {
        long refilled = 1 + (BOUND + 1) * elapsedNanos / 1_000_000_000;
        return servedMin() + (kind == Kind.RATE ? refilled : 0);
    }

    /** A node on which this limit is low, and every other out of reach. */
    RunningNode node() {
        String[] all = {
            "cluster.shards",
            "1",
            "limits.locksPerChannel",
            "1000",
            "limits.subscriptionsPerSession",
            "1000",
            "limits.refusalsInARow",
            "5"
        };
        String[] both = Arrays.copyOf(all, all.length + settings.length);
        System.arraycopy(settings, 0, both, all.length, settings.length);
        return RunningNode.unhurried(both);
    }
}
