// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.shard.NodeBus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks the nodes that are there, this one among them; each has so much time and no more. */
final class Nodes {

    /** Longer than a healthy node takes, and short enough for a person to wait. */
    private static final long LOOK_MILLIS = 2_000;

    /** Actions go through the log of a shard. */
    private static final long ACT_MILLIS = 5_000;

    private static final String FAILURE = "failure";

    private final Vertx vertx;
    private final NodeBus bus;
    private final OwnAnswers own;

    Nodes(Vertx vertx, NodeBus bus, OwnAnswers own) {
        this.vertx = vertx;
        this.bus = bus;
        this.own = own;
    }

    /**
     * What was answered.
     *
     * @param byAddress by those who answered
     * @param silent the addresses of the others
     */
    record Answers(Map<String, JsonObject> byAddress, List<String> silent) {
        List<String> silentNames() {
            return silent.stream().map(Nodes::nameOf).sorted().toList();
        }
    }

    /** Begins to answer. */
    Future<Void> open() {
        return vertx.eventBus()
                .<JsonObject>consumer(answering(bus.address()), this::onQuestion)
                .completion();
    }

    private void onQuestion(Message<JsonObject> message) {
        try {
            own.answer(Question.decode(message.body()))
                    .onSuccess(message::reply)
                    .onFailure(failure -> message.reply(failed(String.valueOf(failure.getMessage()))));
        } catch (RuntimeException e) {
            message.reply(failed("the nodes do not understand each other: are they of the same version?"));
        }
    }

    private static JsonObject failed(String why) {
        return new JsonObject().put(FAILURE, why);
    }

    Future<Answers> askAll(Question question) {
        Map<String, JsonObject> heard = new TreeMap<>();
        List<String> silent = new ArrayList<>();
        List<Future<JsonObject>> asked = new ArrayList<>();
        for (String address : bus.nodes().addresses()) {
            asked.add(ask(address, question, LOOK_MILLIS)
                    .onSuccess(answer -> heard.put(address, answer))
                    .onFailure(failure -> silent.add(address)));
        }
        return Future.join(asked).<Answers>mapEmpty().otherwiseEmpty().map(done -> new Answers(heard, silent));
    }

    /** Has a node do something. */
    Future<JsonObject> order(String address, Question question) {
        return ask(address, question, ACT_MILLIS);
    }

    private Future<JsonObject> ask(String address, Question question, long withinMillis) {
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(withinMillis);
        return vertx.eventBus()
                .<JsonObject>request(answering(address), question.encode(), options)
                .map(Message::body)
                .recover(failure -> Future.failedFuture(new AdminException(
                        504, "node " + nameOf(address) + " did not answer in time: it may have happened")))
                .compose(answer -> answer.containsKey(FAILURE)
                        ? Future.failedFuture(new AdminException(503, answer.getString(FAILURE)))
                        : Future.succeededFuture(answer));
    }

    private static String answering(String address) {
        return "admin." + address;
    }

    /** The name of the node with this address, which is {@code node.NAME.INCARNATION}; empty for none. */
    static String nameOf(String address) {
        int end = address.lastIndexOf('.');
        int start = address.indexOf('.') + 1;
        return end < start ? "" : address.substring(start, end);
    }

    static String incarnationOf(String address) {
        return address.substring(address.lastIndexOf('.') + 1);
    }
}
