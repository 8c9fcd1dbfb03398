// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.ops;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rtmlocks.telemetry.Meters;
import io.rtmlocks.telemetry.Metric;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The management port, for those who run the node and never for clients. It answers {@code GET} and {@code HEAD} on
 *
 * <pre>
 * /health/live     200 as long as all event loops turn, else 503 or no answer: start the process anew
 * /health/started  200 once the node has served, else 503: until then do not count on the others
 * /health/ready    200 when the node serves clients now, else 503 and why: send clients elsewhere
 * /metrics         everything that is registered, as Prometheus reads it
 * </pre>
 *
 * and hands what is below a mounted path to whoever was mounted there, whatever the method.
 *
 * Deploying it fails with a {@link java.net.BindException} when the port cannot be used.
 */
public final class ManagementVerticle extends VerticleBase {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** So long may one task of an event loop take; what takes longer will hardly ever end. */
    private static final long STUCK_MILLIS = 10_000;

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final String host;
    private final int wantedPort;
    private final long stuckMillis;
    private final Readiness readiness;
    private final PrometheusMeterRegistry metrics;
    private final Map<String, Handler<HttpServerRequest>> mounted = new LinkedHashMap<>();
    private final Timer eventLoopLag;
    private final Meters.Reading eventLoopStuck;
    private Supplier<Future<?>> refresh = Future::succeededFuture;
    private @Nullable EventLoops loops;
    private Future<ProcessMetrics> processMetrics = Future.failedFuture("not started");
    private boolean started;
    private @Nullable HttpServer server;

    /**
     * Does not listen yet.
     *
     * @param port 0 for any that is free
     * @param metrics gets the metrics of the process as well; stays the caller's to close
     */
    public ManagementVerticle(String host, int port, Readiness readiness, PrometheusMeterRegistry metrics) {
        this(host, port, readiness, metrics, STUCK_MILLIS);
    }

    /** @param stuckMillis after which an event loop that does not turn counts as stuck */
    ManagementVerticle(String host, int port, Readiness readiness, PrometheusMeterRegistry metrics, long stuckMillis) {
        this.stuckMillis = stuckMillis;
        this.host = host;
        this.wantedPort = port;
        this.readiness = readiness;
        this.metrics = metrics;
        Meters meters = new Meters(metrics);
        eventLoopLag = meters.histogram(Metric.EVENT_LOOP_LAG);
        eventLoopStuck = meters.reading(Metric.EVENT_LOOP_STUCK);
    }

    /**
     * Hands every request for this path, and for those below it, to this handler; on the context of this verticle. To be
     * called before it is deployed.
     *
     * @param path such as {@code /admin}
     */
    public ManagementVerticle mount(String path, Handler<HttpServerRequest> handler) {
        mounted.put(path, handler);
        return this;
    }

    /** @param action brings up to date, before they are told, the metrics that have to be; called on the context of this verticle */
    public ManagementVerticle refreshBy(Supplier<Future<?>> action) {
        refresh = action;
        return this;
    }

    /** The port it listens on. Known once it is deployed, to any thread that saw the deployment complete. */
    public int port() {
        return Objects.requireNonNull(server, "not deployed").actualPort();
    }

    @Override
    public Future<?> start() {
        loops = new EventLoops(
                ((VertxInternal) vertx).eventLoopGroup(),
                System::nanoTime,
                lagNanos -> eventLoopLag.record(lagNanos, TimeUnit.NANOSECONDS));
        look(loops);
        HttpServerOptions options =
                new HttpServerOptions().setHost(host).setPort(wantedPort).setHttp2ClearTextEnabled(false);
        return vertx.createHttpServer(options)
                .requestHandler(this::onRequest)
                .listen()
                .onSuccess(listening -> {
                    server = listening;
                    processMetrics = vertx.executeBlocking(() -> ProcessMetrics.bindTo(metrics));
                });
    }

    /** Not a periodic timer: that would make up for the looks a process missed while it was stopped. */
    private void look(EventLoops watched) {
        watched.look();
        eventLoopStuck.set(TimeUnit.MILLISECONDS.toSeconds(watched.stuckMillis()));
        vertx.setTimer(EventLoops.LOOK_MILLIS, id -> look(watched));
    }

    @Override
    public Future<?> stop() {
        return processMetrics.onSuccess(ProcessMetrics::close).otherwiseEmpty();
    }

    private void onRequest(HttpServerRequest request) {
        for (Map.Entry<String, Handler<HttpServerRequest>> each : mounted.entrySet()) {
            if (isBelow(request.path(), each.getKey())) {
                each.getValue().handle(request);
                return;
            }
        }
        onOwn(request);
    }

    private static boolean isBelow(@Nullable String path, String top) {
        return path != null && (path.equals(top) || path.startsWith(top + "/"));
    }

    private void onOwn(HttpServerRequest request) {
        if (!READING.contains(request.method())) {
            request.response().putHeader("allow", "GET, HEAD");
            answer(request, 405, "refused", "only GET and HEAD are answered here");
            return;
        }
        switch (request.path()) {
            case "/health/live" -> live(request);
            case "/health/ready" -> ready(request);
            case "/health/started" -> started(request);
            case "/metrics" -> scrape(request);
            default -> answer(request, 404, "unknown", "ask /health/live, /health/started, /health/ready or /metrics");
        }
    }

    private void live(HttpServerRequest request) {
        long millis = Objects.requireNonNull(loops).stuckMillis();
        if (millis < stuckMillis) {
            answer(request, 200, "live", "");
        } else {
            answer(
                    request,
                    503,
                    "stuck",
                    "an event loop has not turned for " + TimeUnit.MILLISECONDS.toSeconds(millis) + " s");
        }
    }

    private void ready(HttpServerRequest request) {
        Readiness.State state = state();
        answer(request, state.serves() ? 200 : 503, state.serves() ? "ready" : "not ready", state.why());
    }

    private void started(HttpServerRequest request) {
        Readiness.State state = state();
        answer(request, started ? 200 : 503, started ? "started" : "starting", started ? "" : state.why());
    }

    private Readiness.State state() {
        Readiness.State state = readiness.state();
        started |= state.serves();
        return state;
    }

    /** Away from the event loop: collecting them can take longer than a client should wait. */
    private void scrape(HttpServerRequest request) {
        refresh.get()
                .compose(done -> processMetrics)
                .compose(bound -> vertx.executeBlocking(() -> metrics.scrape(), false))
                .onSuccess(text -> end(request, 200, METRICS_TYPE, text))
                .onFailure(failure -> answer(request, 500, "failed", failure.toString()));
    }

    private static void answer(HttpServerRequest request, int httpStatus, String status, String why) {
        JsonObject body = new JsonObject().put("status", status);
        if (!why.isEmpty()) {
            body.put("reason", why);
        }
        end(request, httpStatus, "application/json", body.encode());
    }

    private static void end(HttpServerRequest request, int httpStatus, String type, String body) {
        Buffer bytes = Buffer.buffer(body);
        HttpServerResponse response = request.response()
                .setStatusCode(httpStatus)
                .putHeader("content-type", type)
                .putHeader("content-length", String.valueOf(bytes.length()))
                .putHeader("cache-control", "no-store");
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(bytes);
        }
    }
}
