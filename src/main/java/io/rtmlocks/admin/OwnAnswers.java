// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Described;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.lock.TableView;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardVerticle;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** What this node answers to a {@link Question}: of itself, and of the shards it hosts, each asked on its own context. */
final class OwnAnswers {
    private final AdminNode node;
    private final NodeBus bus;
    private final ActionLog actions;

    OwnAnswers(AdminNode node, NodeBus bus, ActionLog actions) {
        this.node = node;
        this.bus = bus;
        this.actions = actions;
    }

    Future<JsonObject> answer(Question question) {
        return switch (question.kind()) {
            case NODE -> ofNode();
            case CHANNELS -> listed(view -> view.channels(question.wanted()));
            case LOCKS -> listed(view -> view.locks(question.wanted()));
            case LOCK -> shard(question, shard -> Future.succeededFuture(ofLock(shard, question)));
            case ACTIONS -> Future.succeededFuture(new JsonObject().put("actions", actions.all()));
            case REVOKE ->
                act(
                        question,
                        caller -> new Command.RevokeLock(
                                caller,
                                question.channel(),
                                question.lockName(),
                                question.with().getString("owner")));
            case REMOVE ->
                act(question, caller -> new Command.RemoveLock(caller, question.channel(), question.lockName()));
            case DISCONNECT ->
                node.disconnect(theseOf(question.with())).map(count -> new JsonObject().put("disconnected", count));
            case DRAIN -> {
                node.drain();
                yield Future.succeededFuture(new JsonObject());
            }
        };
    }

    private Future<JsonObject> ofNode() {
        return all(shard -> Future.succeededFuture(standing(shard)))
                .map(shards -> new JsonObject()
                        .put("clientsUrl", node.clientsUrl())
                        .put("managementUrl", node.managementUrl())
                        .put("whyNotReady", node.whyNotReady())
                        .put("shards", shards));
    }

    private static JsonObject standing(ShardVerticle shard) {
        return new JsonObject()
                .put("shard", shard.shard())
                .put("term", shard.leadingTerm())
                .put("votes", shard.votes())
                .put("lastIndex", shard.lastIndex())
                .put("channels", shard.view().channels())
                .put("sessions", shard.view().sessions());
    }

    private Future<JsonObject> listed(Function<TableView, List<? extends Described>> list) {
        return all(shard -> Future.succeededFuture(new JsonObject()
                        .put("shard", shard.shard())
                        .put("term", shard.leadingTerm())
                        .put(
                                "entries",
                                shard.leadingTerm() == 0 ? new JsonArray() : Json.of(list.apply(shard.view())))))
                .map(shards -> new JsonObject().put("shards", shards));
    }

    private Future<JsonArray> all(Function<ShardVerticle, Future<JsonObject>> question) {
        return Future.all(bus.askEachShard(shard -> true, question))
                .map(answers -> answers.list().stream().collect(Json.toArray()));
    }

    private static JsonObject ofLock(ShardVerticle shard, Question question) {
        JsonObject answer = new JsonObject()
                .put("shard", shard.shard())
                .put("term", shard.leadingTerm())
                .put("history", Json.of(shard.history().of(question.channel(), question.lockName())));
        TableView.LockDetail lock = shard.view().lock(question.channel(), question.lockName(), shard.nowMillis());
        return shard.leadingTerm() == 0 || lock == null ? answer : answer.put("lock", Json.of(lock));
    }

    private Future<JsonObject> shard(Question question, Function<ShardVerticle, Future<JsonObject>> action) {
        List<Future<JsonObject>> answers = bus.askEachShard(shard -> shard == question.shard(), action);
        return answers.isEmpty() ? Future.succeededFuture(new JsonObject()) : answers.get(0);
    }

    private Future<JsonObject> act(Question question, Function<Caller, Command.Request> request) {
        String session = "admin." + UUID.randomUUID();
        return shard(question, shard -> shard.administer(session, request).map(OwnAnswers::ofAction));
    }

    private static JsonObject ofAction(Answer answer) {
        Rejection rejection = answer.rejection();
        return rejection == null
                ? Json.of(answer).put("status", 200)
                : new JsonObject()
                        .put("status", rejection.kind() == Rejection.Kind.NO_SUCH_LOCK ? 404 : 409)
                        .put("error", rejection.reason());
    }

    /** @return true for the user's sessions, or for the one of this id */
    private static BiPredicate<String, String> theseOf(JsonObject with) {
        return (userId, sessionId) ->
                userId.equals(with.getString("userId")) || sessionId.equals(with.getString("sessionId"));
    }
}
