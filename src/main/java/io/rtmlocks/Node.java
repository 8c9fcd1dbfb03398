// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rtmlocks.gateway.Authenticator;
import io.rtmlocks.gateway.GatewayCounts;
import io.rtmlocks.gateway.GatewaySettings;
import io.rtmlocks.gateway.GatewayVerticle;
import io.rtmlocks.gateway.JwtAuthenticator;
import io.rtmlocks.gateway.OpenDoor;
import io.rtmlocks.ops.ManagementVerticle;
import io.rtmlocks.ops.Readiness;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardClock;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.shard.ShardVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** One node that serves: its shards, and the gateway in front of them. */
public final class Node {

    private static final long PAUSE_MILLIS = 3_000;
    private static final int TAKEN_WITHIN_MILLIS = 3_000;
    private static final int ANSWER_WITHIN_MILLIS = 5_000;
    private static final int SECRET_BYTES = 32;

    private final GatewayVerticle gateway;
    private final ManagementVerticle management;
    private volatile Readiness.State state = Readiness.State.not("starting");

    private Node(Vertx vertx, Config config, NodeBus bus) {
        Config.Management where = config.management();
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        gateway = new GatewayVerticle(settings(config), authenticator(vertx, config.auth()), bus);
        management = new ManagementVerticle(where.host(), where.port(), () -> state, metrics);
    }

    /** Starts a node; fails when one of its ports cannot be had. What had started by then ends with Vert.x. */
    public static Future<Node> start(Vertx vertx, Config config) {
        NodeBus bus = new NodeBus(vertx, config.node().name());
        Node node = new Node(vertx, config, bus);
        return vertx.deployVerticle(node.management)
                .compose(id -> vertx.deployVerticle(node.gateway))
                .compose(id -> Future.join(shards(vertx, config, bus)))
                .compose(deployed -> node.gateway.listen())
                .onSuccess(id -> node.state = Readiness.State.SERVING)
                .map(node);
    }

    private static List<Future<String>> shards(Vertx vertx, Config config, NodeBus bus) {
        List<Future<String>> deployed = new ArrayList<>();
        for (int shard = 0; shard < config.cluster().shards(); shard++) {
            ShardClock clock = ShardClock.system(PAUSE_MILLIS, config.session().offlineAfterMs());
            deployed.add(vertx.deployVerticle(
                    new ShardVerticle(shard, config.tableLimits(), clock, bus, ShardLog.Factory.LOCAL)));
        }
        return deployed;
    }

    private static Authenticator authenticator(Vertx vertx, Config.Auth auth) {
        return switch (auth.mode()) {
            case NONE -> new OpenDoor();
            case JWT -> new JwtAuthenticator(vertx, auth.hmacSecret(), InstantSource.system());
        };
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
                TAKEN_WITHIN_MILLIS,
                ANSWER_WITHIN_MILLIS,
                config.limits().acquirePerSecond(),
                config.limits().opsPerSecond(),
                config.limits().subscriptionsPerSession(),
                config.limits().inFlightPerSession(),
                config.limits().badFramesPerMinute(),
                config.limits().refusalsInARow(),
                config.limits().queuedBytesPerConnection(),
                config.limits().connections(),
                secret());
    }

    private static String secret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /** The port for clients. */
    public int httpPort() {
        return gateway.port();
    }

    /** The port for health and metrics. */
    public int managementPort() {
        return management.port();
    }

    /** What the front of this node keeps for its clients. */
    public Future<GatewayCounts> counts() {
        return gateway.counts();
    }

    /** Sends the clients to other nodes and stops serving; its health goes on being told. */
    public Future<Void> drain() {
        state = Readiness.State.not("draining");
        return gateway.drain();
    }
}
