// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.Authenticator;
import io.rtmlocks.gateway.GatewaySettings;
import io.rtmlocks.gateway.GatewayVerticle;
import io.rtmlocks.gateway.OpenDoor;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardClock;
import io.rtmlocks.shard.ShardVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** One node that serves: its shards, and the gateway in front of them. */
public final class Node {

    private static final long PAUSE_MILLIS = 1_000;
    private static final int ANSWER_WITHIN_MILLIS = 5_000;

    private final GatewayVerticle gateway;

    private Node(GatewayVerticle gateway) {
        this.gateway = gateway;
    }

    /** Starts a node; fails when its port cannot be had. */
    public static Future<Node> start(Vertx vertx, Config config) {
        NodeBus bus = new NodeBus(vertx, config.node().name());
        GatewayVerticle gateway = new GatewayVerticle(settings(config), authenticator(), bus);
        return Future.join(shards(vertx, config, bus))
                .compose(v -> vertx.deployVerticle(gateway))
                .map(id -> new Node(gateway));
    }

    private static List<Future<String>> shards(Vertx vertx, Config config, NodeBus bus) {
        List<Future<String>> deployed = new ArrayList<>();
        for (int shard = 0; shard < config.cluster().shards(); shard++) {
            ShardClock clock = ShardClock.system(PAUSE_MILLIS, config.session().offlineAfterMs());
            deployed.add(vertx.deployVerticle(new ShardVerticle(shard, config.tableLimits(), clock, bus)));
        }
        return deployed;
    }

    private static Authenticator authenticator() {
        return new OpenDoor();
    }

    private static GatewaySettings settings(Config config) {
        return new GatewaySettings(
                config.node().name(),
                config.http().host(),
                config.http().port(),
                config.http().allowedOrigins(),
                config.cluster().shards(),
                config.http().frameBytesMax(),
                config.session().heartbeatMs(),
                config.session().offlineAfterMs(),
                config.session().leaveGraceMs(),
                config.session().rememberedMs(),
                config.session().loginWithinMs(),
                ANSWER_WITHIN_MILLIS,
                config.limits().acquirePerSecond(),
                config.limits().opsPerSecond(),
                config.limits().subscriptionsPerSession(),
                config.limits().inFlightPerSession(),
                config.limits().badFramesPerMinute(),
                config.limits().refusalsPerMinute(),
                config.limits().queuedBytesPerConnection(),
                config.limits().connections());
    }

    /** The port for clients. */
    public int httpPort() {
        return gateway.port();
    }

    /** Sends the clients to other nodes and stops serving. */
    public Future<Void> drain() {
        return gateway.drain();
    }
}
