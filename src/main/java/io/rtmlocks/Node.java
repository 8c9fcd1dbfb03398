// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.rtmlocks.admin.Admin;
import io.rtmlocks.admin.AdminNode;
import io.rtmlocks.admin.AdminSettings;
import io.rtmlocks.cluster.Charter;
import io.rtmlocks.cluster.Cluster;
import io.rtmlocks.cluster.ClusterSettings;
import io.rtmlocks.cluster.Member;
import io.rtmlocks.cluster.Membership;
import io.rtmlocks.cluster.Placement;
import io.rtmlocks.cluster.Shape;
import io.rtmlocks.gateway.Authenticator;
import io.rtmlocks.gateway.DemoNodes;
import io.rtmlocks.gateway.GatewayCounts;
import io.rtmlocks.gateway.GatewaySettings;
import io.rtmlocks.gateway.GatewayVerticle;
import io.rtmlocks.gateway.JwtAuthenticator;
import io.rtmlocks.gateway.OpenDoor;
import io.rtmlocks.ops.ManagementVerticle;
import io.rtmlocks.ops.Readiness;
import io.rtmlocks.raft.RaftLogs;
import io.rtmlocks.raft.RaftSettings;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.shard.ShardMeters;
import io.rtmlocks.shard.Sources;
import io.rtmlocks.shard.Steps;
import io.rtmlocks.telemetry.LogEvent;
import io.rtmlocks.telemetry.Meters;
import io.rtmlocks.telemetry.MetricsClock;
import io.rtmlocks.tls.Credentials;
import io.rtmlocks.tls.ReloadedCredentials;
import io.rtmlocks.tls.UnusablePemException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node that serves: the shards it hosts, and the gateway in front of them; alone, or one of a cluster. */
public final class Node {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final int TAKEN_WITHIN_MILLIS = 3_000;
    private static final int ANSWER_WITHIN_MILLIS = 5_000;
    private static final int HAND_OVER_WITHIN_MILLIS = 10_000;
    private static final int FAREWELL_MILLIS = 500;
    private static final int SPREAD_MILLIS = 5_000;
    private static final int READY_MILLIS = 250;
    private static final int PRESENT_MILLIS = 500;
    private static final int SECRET_BYTES = 32;

    private final Vertx vertx;
    private final NodeBus bus;
    private final Shards shards;
    private final GatewayVerticle gateway;
    private final ManagementVerticle management;
    private final NodeReadings readings;
    private final Config config;
    private final Admin admin;
    private volatile String clientsUrl = "";
    private volatile Readiness.State state = Readiness.State.not("starting");
    private volatile boolean draining;
    private @Nullable Cluster cluster;
    private @Nullable Leadership leadership;

    private Node(Vertx vertx, Config config, Member self) {
        this.vertx = vertx;
        this.config = config;
        Config.Management where = config.management();
        MetricsClock metricsClock = new MetricsClock();
        PrometheusMeterRegistry metrics =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), metricsClock);
        new Steps(vertx, Sources.SYSTEM.nanos()).every(MetricsClock.PERIOD_MILLIS, metricsClock::tick);
        Meters meters = new Meters(metrics);
        bus = new NodeBus(vertx, self.id());
        shards = new Shards(vertx, config, bus, new ShardMeters(meters, Sources.SYSTEM.nanos()));
        gateway = new GatewayVerticle(
                gatewaySettings(config), authenticator(vertx, config.auth()), bus, Sources.SYSTEM, meters);
        Config.Pair tls = config.http().tls();
        if (tls.isSet()) {
            gateway.showing(
                    new ReloadedCredentials(Path.of(tls.certificate()), Path.of(tls.key()), InstantSource.system()));
        }
        management = new ManagementVerticle(where.host(), where.port(), () -> state, metrics)
                .refreshBy(this::refreshReadings);
        readings = new NodeReadings(meters, config, bus, gateway, shards);
        admin = new Admin(vertx, adminSettings(config), new Administered(), bus, Sources.SYSTEM);
        management.mount("/admin", admin);
    }

    /** Starts a node whose demo page is told of no other. */
    public static Future<Node> start(VertxOptions options, Config config) {
        return start(options, config, DemoNodes.NONE);
    }

    /**
     * Starts a node, and for a cluster waits until it serves. Fails when one of its ports cannot be had.
     *
     * @param options of the {@link Vertx} that it lives in, and ends with
     * @param demoNodes what its demo page is told, if it is one of several
     */
    public static Future<Node> start(VertxOptions options, Config config, DemoNodes demoNodes) {
        Member self = new Member(config.node().name(), UUID.randomUUID().toString());
        if (config.cluster().members().isEmpty()) {
            Vertx vertx = Vertx.vertx(options);
            return orClosed(vertx, start(vertx, config));
        }
        try {
            return Membership.join(settings(config, self), options)
                    .compose(joined -> orClosed(joined.vertx(), startMember(joined, config, self, demoNodes)));
        } catch (UnusablePemException e) {
            return Future.failedFuture(e);
        }
    }

    /** A node that could not start leaves nothing behind. What belongs to its contexts would never be heard of again. */
    private static Future<Node> orClosed(Vertx vertx, Future<Node> starting) {
        Promise<Node> started = Promise.promise();
        starting.onSuccess(started::complete)
                .onFailure(failure -> vertx.close().onComplete(closed -> started.fail(failure)));
        return started.future();
    }

    /** Starts a node that is alone. What had started when it fails ends with Vert.x. */
    public static Future<Node> start(Vertx vertx, Config config) {
        Node node = new Node(
                vertx,
                config,
                new Member(config.node().name(), UUID.randomUUID().toString()));
        return node.open()
                .compose(id -> node.shards.host(
                        IntStream.range(0, config.cluster().shards()), shard -> true, ShardLog.Factory.LOCAL))
                .compose(hosted -> node.listen())
                .onSuccess(id -> node.state = Readiness.State.SERVING)
                .map(node);
    }

    private Future<?> refreshReadings() {
        return readings.refresh(state, cluster);
    }

    private Future<String> open() {
        return vertx.deployVerticle(management)
                .compose(id -> vertx.deployVerticle(gateway))
                .compose(id -> admin.open().map(id));
    }

    private Future<Void> listen() {
        return gateway.listen().onSuccess(v -> clientsUrl = Urls.of(config.http(), gateway.port()));
    }

    private static Future<Node> startMember(Membership.Joined joined, Config config, Member self, DemoNodes demoNodes) {
        Node node = new Node(joined.vertx(), config, self);
        node.gateway.offering(demoNodes);
        Promise<Node> ready = Promise.promise();
        Cluster cluster = new Cluster(
                self,
                config.cluster().size(),
                config.cluster().shards(),
                joined.membership(),
                node.bus,
                (charter, begun) -> node.hostBy(charter, begun, self));
        node.cluster = cluster;
        node.leadership = new Leadership(node.vertx, node.bus, cluster);
        return node.open()
                .compose(id -> node.vertx.deployVerticle(cluster))
                .compose(id -> node.listen())
                .compose(id -> {
                    node.watchOver(cluster, self, ready);
                    return ready.future();
                });
    }

    private void hostBy(Charter charter, BitSet begun, Member self) {
        Cluster among = Objects.requireNonNull(cluster);
        RaftLogs logs = new RaftLogs(
                charter.id(),
                self.name(),
                self.incarnation(),
                charter::foundersOf,
                among::addressOf,
                RaftSettings.STANDARD,
                bus,
                Sources.SYSTEM);
        Placement placement = Leadership.placement(charter);
        begun.stream().forEach(shard -> bus.liveBy(shard, charter.id()));
        shards.host(begun.stream(), shard -> placement.of(shard).contains(self.name()), logs)
                .onFailure(failure ->
                        LogEvent.SHARDS_NOT_HOSTED.on(LOG).setCause(failure).log());
    }

    /** Keeps the replicas informed of who is there, leaders where they belong, and says whether the node serves. */
    private void watchOver(Cluster among, Member self, Promise<Node> ready) {
        ClusterReadiness readiness = new ClusterReadiness(self);
        Steps steps = new Steps(vertx, Sources.SYSTEM.nanos());
        steps.every(PRESENT_MILLIS, () -> bus.onEachShard(shard -> shard.onPresent(among.incarnations())));
        steps.every(READY_MILLIS, () -> {
            gateway.unreachableShards().onSuccess(unreachable -> {
                if (!draining) {
                    state = among.isNamesake()
                            ? Readiness.State.not("another node has the same node.name")
                            : readiness.judge(
                                    new ClusterReadiness.Seen(
                                            bus.nodes().isMajority(),
                                            among.charters().values(),
                                            bus.isRooted(),
                                            unreachable),
                                    READY_MILLIS);
                }
                if (state.serves()) {
                    ready.tryComplete(this);
                }
            });
        });
        steps.every(SPREAD_MILLIS, Objects.requireNonNull(leadership)::step);
    }

    private static ClusterSettings settings(Config config, Member self) throws UnusablePemException {
        Config.Cluster cluster = config.cluster();
        return new ClusterSettings(
                self,
                cluster.host(),
                cluster.port(),
                cluster.busPort(),
                cluster.members(),
                new Shape(cluster.name(), cluster.size(), cluster.shards()),
                cluster.secret(),
                cluster.tls().isSet() ? busTls(cluster) : null);
    }

    private static ClusterSettings.BusTls busTls(Config.Cluster cluster) throws UnusablePemException {
        Config.Pair own = cluster.tls();
        return new ClusterSettings.BusTls(
                Credentials.read(Path.of(own.certificate()), Path.of(own.key())),
                Credentials.authorities(Path.of(cluster.tlsAuthority())));
    }

    private static Authenticator authenticator(Vertx vertx, Config.Auth auth) {
        return switch (auth.mode()) {
            case NONE -> new OpenDoor();
            case JWT -> {
                LoginKeys keys = new LoginKeys(auth);
                keys.watch(vertx);
                yield new JwtAuthenticator(keys.check(), InstantSource.system());
            }
        };
    }

    private static AdminSettings adminSettings(Config config) {
        return new AdminSettings(
                config.node().name(),
                config.cluster().size(),
                config.cluster().shards(),
                ConfigRules.isLoopback(config.management().host()),
                config.management().token());
    }

    private static GatewaySettings gatewaySettings(Config config) {
        return new GatewaySettings(
                config.node().name(),
                config.http().host(),
                config.http().port(),
                config.http().allowedOrigins(),
                config.cluster().shards(),
                config.http().frameBytesMax(),
                config.limits().metadataBytes(),
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
                config.limits().subscriptionsPerUser(),
                config.limits().bytesPerSecond(),
                doors(config.limits()),
                secret(config.cluster()));
    }

    private static GatewaySettings.Doors doors(Config.Limits limits) {
        return new GatewaySettings.Doors(
                limits.connections(),
                limits.connectionsPerAddress(),
                limits.handshakesPerSecond(),
                limits.handshakesPerSecondPerAddress(),
                limits.handshakeWithinMs(),
                limits.headBytes());
    }

    /** A node that is alone signs for itself, and no longer than it lives. */
    private static String secret(Config.Cluster cluster) {
        if (!cluster.members().isEmpty()) {
            return "rtm-locks resume " + cluster.secret();
        }
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

    /** Where other nodes reach this one over the event bus. */
    public String busAddress() {
        return bus.address();
    }

    /** What the front of this node keeps for its clients. */
    public Future<GatewayCounts> counts() {
        return gateway.counts();
    }

    public Vertx vertx() {
        return vertx;
    }

    /**
     * Hands over what this node leads, sends the clients to other nodes and stops serving; its health goes on being told. From then
     * on it leads nothing that another node could. Fails when at the end it does.
     */
    public Future<Void> drain() {
        draining = true;
        state = Readiness.State.not("draining");
        Leadership own = leadership;
        if (own == null) {
            return gateway.drain();
        }
        return own.giveUp(HAND_OVER_WITHIN_MILLIS)
                .transform(any -> gateway.drain())
                .compose(v -> vertx.timer(FAREWELL_MILLIS, TimeUnit.MILLISECONDS))
                .compose(v -> own.giveUp(FAREWELL_MILLIS));
    }

    /** This node for those who administer it. */
    private final class Administered implements AdminNode {
        @Override
        public String clientsUrl() {
            return clientsUrl;
        }

        @Override
        public String managementUrl() {
            return Urls.of(config.management().host(), management.port());
        }

        @Override
        public String whyNotReady() {
            return state.why();
        }

        @Override
        public Future<Integer> disconnect(BiPredicate<String, String> which) {
            return gateway.disconnect(which);
        }

        @Override
        public Future<Void> drain() {
            return Node.this.drain();
        }
    }
}
