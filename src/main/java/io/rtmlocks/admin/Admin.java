// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.Sources;
import io.rtmlocks.telemetry.LogEvent;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything below {@code /admin}, to be mounted on the management port. Any node shows and serves the whole cluster.
 *
 * <p>A refusal or failure is JSON with a sentence. A call is answered after some seconds at the latest, whatever the other nodes
 * do; what changes something is in the {@link ActionLog}.
 */
public final class Admin implements Handler<HttpServerRequest> {

    static final int CALLS_AT_ONCE_MAX = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Admin.class);
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Vertx vertx;
    private final Guard guard;
    private final ActionLog actions;
    private final Nodes nodes;
    private final WholeCluster cluster;
    private int calls;

    public Admin(Vertx vertx, AdminSettings settings, AdminNode node, NodeBus bus, Sources sources) {
        this.vertx = vertx;
        this.guard = new Guard(settings);
        this.actions = new ActionLog(settings.node(), sources.utcMillis());
        this.nodes = new Nodes(vertx, bus, new OwnAnswers(node, bus, actions));
        this.cluster = new WholeCluster(settings, bus, nodes);
    }

    /** Begins to answer the other nodes. */
    public Future<Void> open() {
        return nodes.open();
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.response()
                .putHeader("content-security-policy", POLICY)
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("referrer-policy", "no-referrer")
                .putHeader("cache-control", "no-store");
        try {
            if (request.path().startsWith(Route.ROOT)) {
                onCall(request);
            } else {
                guard.checkPage(request);
                AdminFiles.serve(request);
            }
        } catch (AdminException e) {
            refuse(request, e);
        }
    }

    private void onCall(HttpServerRequest request) {
        guard.checkPage(request);
        Route.Match match = Route.of(request.method(), request.path());
        String who = guard.checkCall(request, match.route());
        if (calls >= CALLS_AT_ONCE_MAX) {
            throw new AdminException(503, CALLS_AT_ONCE_MAX + " calls are under way, more are not taken: try again");
        }
        calls++;
        RequestBody.read(vertx, request)
                .map(body -> new Call(match.route(), match.places(), query(request), body))
                .compose(call -> call.route().changesState() ? act(call, who, from(request)) : look(call))
                .onComplete(done -> calls--)
                .onSuccess(answer -> end(request, 200, answer))
                .onFailure(failure -> refuse(request, known(failure)));
    }

    private static MultiMap query(HttpServerRequest request) {
        try {
            return request.params();
        } catch (IllegalArgumentException e) {
            throw AdminException.bad("the query is not well formed");
        }
    }

    private Future<JsonObject> look(Call call) {
        return switch (call.route()) {
            case NODES -> cluster.nodes();
            case SHARDS -> cluster.shards();
            case CHANNELS -> cluster.channels(call.wanted());
            case LOCKS -> cluster.locks(call.wanted());
            case LOCK -> cluster.lock(call.channel(), call.lockName());
            case ACTIONS -> cluster.actions();
            default -> throw new IllegalArgumentException(call.route() + " changes something");
        };
    }

    private Future<JsonObject> act(Call call, String who, String from) {
        String what = call.route().name().toLowerCase(Locale.ROOT);
        Future<JsonObject> acted = order(call);
        String target = call.target();
        return acted.onSuccess(answer -> actions.add(who, from, what, target, "done"))
                .onFailure(failure -> actions.add(
                        who, from, what, target, String.valueOf(known(failure).getMessage())));
    }

    private Future<JsonObject> order(Call call) {
        return switch (call.route()) {
            case REVOKE -> {
                call.allowInBody("owner");
                String owner = call.named("owner");
                JsonObject more = owner == null ? new JsonObject() : new JsonObject().put("owner", owner);
                yield cluster.act(Question.Kind.REVOKE, call.channel(), call.lockName(), more);
            }
            case REMOVE -> {
                call.allowInBody();
                yield cluster.act(Question.Kind.REMOVE, call.channel(), call.lockName(), new JsonObject());
            }
            case DISCONNECT -> {
                call.allowInBody("userId", "sessionId");
                if ((call.named("userId") == null) == (call.named("sessionId") == null)) {
                    throw AdminException.bad("name either a userId or a sessionId");
                }
                yield cluster.disconnect(call.body());
            }
            case DRAIN -> {
                call.allowInBody();
                yield cluster.drain(call.node());
            }
            default -> throw new IllegalArgumentException(call.route() + " changes nothing");
        };
    }

    private static String from(HttpServerRequest request) {
        return request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
    }

    private static AdminException known(Throwable failure) {
        if (failure instanceof AdminException known) {
            return known;
        }
        LogEvent.ADMINISTRATION_FAILED.on(LOG).setCause(failure).log();
        return new AdminException(500, "this should not happen: the log of the node says more");
    }

    private static void refuse(HttpServerRequest request, AdminException failure) {
        if (failure.status() == 401) {
            request.response().putHeader("www-authenticate", "Bearer");
        }
        end(request, failure.status(), new JsonObject().put("error", failure.getMessage()));
    }

    private static void end(HttpServerRequest request, int status, JsonObject body) {
        HttpServerResponse response = request.response();
        if (!response.ended() && !response.closed()) {
            Buffer bytes = body.toBuffer();
            response.setStatusCode(status)
                    .putHeader("content-type", "application/json")
                    .end(bytes);
        }
    }
}
