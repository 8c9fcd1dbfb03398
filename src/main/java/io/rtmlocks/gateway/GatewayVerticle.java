// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardMap;
import io.rtmlocks.shard.Sources;
import io.rtmlocks.shard.Steps;
import io.rtmlocks.telemetry.Limit;
import io.rtmlocks.telemetry.Meters;
import io.rtmlocks.tls.ReloadedCredentials;
import io.rtmlocks.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.net.ServerSSLOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Owns the sockets and sessions of this node, on one context: frames in, frames out. It knows no rule of locks.
 */
public final class GatewayVerticle extends VerticleBase implements ClientSocket.Owner {

    private static final String PATH = "/rtm";
    private static final String SUB_PROTOCOL = "rtm-locks.v1";
    private static final long PAUSE_MILLIS = 3_000;
    private static final long SWEEP_MILLIS = 250;
    private static final int CLOSE_WITHIN_SECONDS = 2;
    private static final int NOT_FOUND = 404;

    private final GatewaySettings settings;
    private final Authenticator authenticator;
    private final NodeBus bus;
    private final Sources sources;
    private final Origins origins;
    private final GatewayMeters meters;
    private final Set<ClientSocket> sockets = new LinkedHashSet<>();

    private Timers timers;
    private Flushes flushes;
    private Entrance entrance;
    private Sessions sessions;
    private Audience audience;
    private ShardSender shards;
    private Presence presence;
    private Requests requests;
    private Deliveries deliveries;
    private HttpServer server;
    private boolean draining;
    private DemoNodes demoNodes = DemoNodes.NONE;
    private @Nullable ReloadedCredentials credentials;

    @SuppressWarnings("NullAway.Init")
    public GatewayVerticle(
            GatewaySettings settings, Authenticator authenticator, NodeBus bus, Sources sources, Meters meters) {
        this.settings = settings;
        this.authenticator = authenticator;
        this.bus = bus;
        this.meters = new GatewayMeters(meters, sources.nanos());
        this.sources = sources;
        this.origins = new Origins(settings.allowedOrigins());
    }

    @Override
    public Future<?> start() {
        assemble();
        bus.gateway(context, deliveries);
        new Steps(vertx, sources.nanos()).every(SWEEP_MILLIS, this::sweep);
        return bus.open();
    }

    private void sweep() {
        requests.sweep();
        entrance.sweep();
        sockets.forEach(ClientSocket::reassure);
    }

    /** Begins to let clients in. */
    public Future<Void> listen() {
        Promise<Void> listening = Promise.promise();
        context.runOnContext(v -> listenHere().<Void>mapEmpty().onComplete(listening));
        return listening.future();
    }

    /** How many shards have no leader that could be reached; in a moment in which nothing else happens on its context. */
    public Future<Integer> unreachableShards() {
        Promise<Integer> counted = Promise.promise();
        context.runOnContext(v -> counted.complete(shards.unreachable()));
        return counted.future();
    }

    private void assemble() {
        timers = new Timers(vertx, sources.clock(PAUSE_MILLIS, settings.offlineAfterMs()), sources::monotonicMillis);
        flushes = new Flushes(end -> context.runOnContext(v -> end.run()));
        entrance = new Entrance(settings.doors(), timers, meters, context, sources::monotonicMillis);
        sessions = new Sessions(new ResumeTokens(settings.resumeSecret()), bus.address(), sources.random());
        shards = new ShardSender(bus, new ShardMap(settings.shards()), context, sessions, sources);
        audience = new Audience(shards, meters);
        shards.audience(audience);
        presence = new Presence(sessions, audience, shards, timers, settings);
        Login login = new Login(authenticator, sessions, presence, shards, bus, timers, settings, meters);
        requests = new Requests(login, audience, shards, timers, settings, meters);
        deliveries = new Deliveries(sessions, audience, login, presence, shards, bus, timers, meters);
    }

    /** Clients connect over TLS only. */
    public GatewayVerticle showing(ReloadedCredentials shown) {
        credentials = shown;
        return this;
    }

    /** The demo page may connect to these nodes as well. */
    public void offering(DemoNodes offered) {
        demoNodes = offered;
    }

    private Future<HttpServer> listenHere() {
        ReloadedCredentials shown = credentials;
        return shown == null
                ? listenWith(null)
                : shown.load(vertx).compose(this::listenWith).onSuccess(listening -> shown.watch(vertx, listening));
    }

    private Future<HttpServer> listenWith(@Nullable ServerSSLOptions tls) {
        HttpServerOptions options = new HttpServerOptions()
                .setWebSocketSubProtocols(List.of(SUB_PROTOCOL))
                .setMaxWebSocketFrameSize(settings.frameBytesMax())
                .setMaxWebSocketMessageSize(settings.frameBytesMax())
                .setWebSocketClosingTimeout(CLOSE_WITHIN_SECONDS)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(settings.doors().headBytes())
                .setMaxHeaderSize(settings.doors().headBytes())
                .setTcpNoDelay(true)
                .setSsl(tls != null);
        if (tls != null) {
            options.setKeyCertOptions(tls.getKeyCertOptions())
                    .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols());
        }
        server = entrance.watch(vertx.createHttpServer(options), WebFiles.router(vertx, demoNodes))
                .webSocketHandshakeHandler(this::onHandshake)
                .webSocketHandler(this::onWebSocket);
        return server.listen(settings.port(), settings.host());
    }

    /** The port it listens on, once it has started. */
    public int port() {
        return server.actualPort();
    }

    private void onHandshake(ServerWebSocketHandshake handshake) {
        int refusal = refusal(handshake);
        if (refusal == 0) {
            handshake.accept();
        } else {
            handshake.reject(refusal);
        }
    }

    /** @return 0, or the HTTP status */
    private int refusal(ServerWebSocketHandshake handshake) {
        if (!handshake.path().equals(PATH)) {
            return NOT_FOUND;
        }
        return entrance.refusal(handshake);
    }

    private boolean isFromAllowedPage(ServerWebSocket webSocket) {
        String host = webSocket.headers().get(HttpHeaders.HOST);
        return origins.allow(webSocket.headers().getAll(HttpHeaders.ORIGIN), host, webSocket.isSsl());
    }

    private void onWebSocket(ServerWebSocket webSocket) {
        entrance.onWebSocket(webSocket);
        ClientSocket socket = new ClientSocket(webSocket, settings, timers, flushes, meters, this);
        sockets.add(socket);
        meters.opened();
        socket.open();
        if (!isFromAllowedPage(webSocket)) {
            socket.close(CloseCode.ORIGIN_REFUSED);
        } else if (draining) {
            socket.close(CloseCode.DRAINING);
        } else if (sockets.size() > settings.connections()) {
            meters.refused(Limit.CONNECTIONS);
            socket.close(CloseCode.OVERLOADED);
        }
    }

    @Override
    public void onText(ClientSocket socket, String text) {
        requests.onText(socket, text);
    }

    @Override
    public boolean isVouchedFor(Session session) {
        return bus.nodes().isMajority() && shards.vouchFor(session);
    }

    @Override
    public void onSilent(ClientSocket socket) {
        Session session = socket.session();
        if (session != null) {
            presence.onSilent(session);
        }
    }

    @Override
    public void onHeardAgain(ClientSocket socket) {
        Session session = socket.session();
        if (session != null) {
            presence.onHeardAgain(session);
        }
    }

    @Override
    public void onDrained(ClientSocket socket) {
        Session session = socket.session();
        if (session != null) {
            audience.onDrained(session);
        }
    }

    @Override
    public void onEnd(ClientSocket socket, ClientSocket.End end) {
        sockets.remove(socket);
        Session session = socket.session();
        if (session != null && session.socket == socket) {
            presence.onEnd(session, end);
        }
    }

    /** What it keeps, in a moment in which nothing else happens on its context. */
    public Future<GatewayCounts> counts() {
        Promise<GatewayCounts> counted = Promise.promise();
        context.runOnContext(v -> counted.complete(new GatewayCounts(
                sockets.size(),
                sessions.size(),
                sessions.online(),
                audience.size(),
                sessions.unanswered(),
                requests.watched())));
        return counted.future();
    }

    /**
     * Ends sessions as if they had logged out; their clients may log in anew.
     *
     * @param which told the user and the session of each that is here
     * @return how many there were
     */
    public Future<Integer> disconnect(BiPredicate<String, String> which) {
        Promise<Integer> ended = Promise.promise();
        context.runOnContext(v -> {
            List<Session> all = sessions.all().stream()
                    .filter(session -> !session.isUnsettled() && which.test(session.userId, session.id))
                    .toList();
            all.forEach(session -> presence.disconnect(session, CloseCode.DONE));
            ended.complete(all.size());
        });
        return ended.future();
    }

    /** Sends every client to another node; new ones are turned away. */
    public Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(v -> {
            sendAllAway();
            server.shutdown().onComplete(drained);
        });
        return drained.future();
    }

    private void sendAllAway() {
        draining = true;
        new ArrayList<>(sockets).forEach(socket -> socket.close(CloseCode.DRAINING));
    }

    /** A server that is left to close its sockets says 1000, and takes its clients' answer for their leaving on purpose. */
    @Override
    public Future<?> stop() {
        sendAllAway();
        return Future.succeededFuture();
    }
}
