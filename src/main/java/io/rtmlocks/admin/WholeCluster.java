// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.TableView;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardMap;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What any node shows of the whole cluster: it asks all, and puts together what they say. Where two claim to lead a shard, the
 * later term counts. Who did not answer is named in {@code silentNodes}.
 */
final class WholeCluster {

    private final AdminSettings settings;
    private final NodeBus bus;
    private final Nodes nodes;
    private final ShardMap map;

    WholeCluster(AdminSettings settings, NodeBus bus, Nodes nodes) {
        this.settings = settings;
        this.bus = bus;
        this.nodes = nodes;
        this.map = new ShardMap(settings.shards());
    }

    Future<JsonObject> nodes() {
        return nodes.askAll(new Question(Question.Kind.NODE, new JsonObject())).map(answers -> {
            JsonArray all = new JsonArray();
            answers.byAddress().forEach((address, answer) -> all.add(node(address, answer)));
            answers.silent().forEach(address -> all.add(silent(address)));
            return new JsonObject()
                    .put("askedNode", settings.node())
                    .put("size", settings.size())
                    .put("majority", bus.nodes().isMajority())
                    .put("nodes", all);
        });
    }

    private static JsonObject node(String address, JsonObject answer) {
        String why = answer.getString("whyNotReady");
        List<JsonObject> shards = Json.list(answer, "shards");
        return named(address)
                .put("answers", true)
                .put("ready", why.isEmpty())
                .put("why", why)
                .put("clientsUrl", answer.getString("clientsUrl"))
                .put("managementUrl", answer.getString("managementUrl"))
                .put("leads", shards.stream().filter(WholeCluster::leads).count())
                .put("replicas", shards.size());
    }

    private static JsonObject silent(String address) {
        return named(address)
                .put("answers", false)
                .put("ready", false)
                .put("why", "it did not answer in time: it is stopped, overloaded or cut off");
    }

    private static JsonObject named(String address) {
        return new JsonObject()
                .put("node", Nodes.nameOf(address))
                .put("incarnation", Nodes.incarnationOf(address))
                .put("address", address);
    }

    private static boolean leads(JsonObject ofShard) {
        return ofShard.getInteger("term") > 0;
    }

    Future<JsonObject> shards() {
        return nodes.askAll(new Question(Question.Kind.NODE, new JsonObject())).map(answers -> {
            Map<Integer, List<JsonObject>> byShard = new HashMap<>();
            answers.byAddress()
                    .forEach((address, answer) -> Json.objects(answer, "shards")
                            .forEach(replica -> byShard.computeIfAbsent(
                                            replica.getInteger("shard"), number -> new ArrayList<>())
                                    .add(replica.put("node", Nodes.nameOf(address)))));
            JsonArray shards = new JsonArray();
            for (int number = 0; number < settings.shards(); number++) {
                shards.add(shard(number, byShard.getOrDefault(number, List.of())));
            }
            return withSilent(answers, new JsonObject().put("shards", shards));
        });
    }

    private static JsonObject shard(int number, List<JsonObject> replicas) {
        JsonObject leader = latest(replicas.stream());
        long committed = replicas.stream()
                .mapToLong(each -> each.getLong("lastIndex"))
                .max()
                .orElse(0);
        JsonArray all = new JsonArray();
        for (JsonObject each : replicas) {
            all.add(new JsonObject()
                    .put("node", each.getString("node"))
                    .put("votes", each.getBoolean("votes"))
                    .put("lag", committed - each.getLong("lastIndex")));
        }
        return new JsonObject()
                .put("shard", number)
                .put("leader", leader.getString("node", ""))
                .put("term", leader.getInteger("term", 0))
                .put("channels", leader.getInteger("channels", 0))
                .put("sessions", leader.getInteger("sessions", 0))
                .put("replicas", all);
    }

    /** The one that leads, an empty object for none. */
    private static JsonObject latest(Stream<JsonObject> answers) {
        return answers.filter(each -> each.containsKey("term") && leads(each))
                .max(Comparator.comparing(each -> each.getInteger("term")))
                .orElseGet(JsonObject::new);
    }

    private static JsonObject withSilent(Nodes.Answers answers, JsonObject body) {
        return body.put("silentNodes", new JsonArray(answers.silentNames()));
    }

    Future<JsonObject> channels(TableView.Wanted wanted) {
        return listed(Question.Kind.CHANNELS, "channels", wanted);
    }

    Future<JsonObject> locks(TableView.Wanted wanted) {
        return listed(Question.Kind.LOCKS, "locks", wanted);
    }

    /** One more is asked for than is shown, to know whether there is more. */
    private Future<JsonObject> listed(Question.Kind kind, String name, TableView.Wanted wanted) {
        TableView.Wanted oneMore = new TableView.Wanted(
                wanted.channel(), wanted.text(), wanted.heldOnly(), wanted.after(), wanted.entriesMax() + 1);
        return nodes.askAll(Question.of(kind, oneMore)).map(answers -> {
            Map<Integer, JsonObject> leading = new HashMap<>();
            answers.byAddress().values().stream()
                    .flatMap(answer -> Json.objects(answer, "shards"))
                    .filter(WholeCluster::leads)
                    .forEach(each -> leading.merge(
                            each.getInteger("shard"), each, (one, other) -> latest(Stream.of(one, other))));
            List<JsonObject> all = leading.values().stream()
                    .flatMap(shard -> Json.objects(shard, "entries"))
                    .sorted(Comparator.comparing(Question::place))
                    .toList();
            int shown = Math.min(all.size(), wanted.entriesMax());
            JsonObject body = new JsonObject()
                    .put(name, all.subList(0, shown).stream().collect(Json.toArray()))
                    .put("shardsWithoutLeader", settings.shards() - leading.size());
            return withSilent(answers, all.size() > shown ? body.put("next", cursor(all.get(shown - 1))) : body);
        });
    }

    /** Where to go on; no name has a slash in it. */
    private static String cursor(JsonObject entry) {
        return entry.getString("channel")
                + '/'
                + entry.getString("channelType")
                + '/'
                + entry.getString("lockName", "");
    }

    Future<JsonObject> lock(ChannelKey channel, String lockName) {
        return askOfLock(channel, lockName).map(answers -> {
            JsonObject leader = latest(answers.byAddress().values().stream());
            JsonObject lock = leader.getJsonObject("lock");
            List<JsonObject> history = LockPast.merged(answers.byAddress().values());
            if (leader.isEmpty() && history.isEmpty()) {
                throw new AdminException(503, "no leader of the lock's shard answered: try again in a few seconds");
            }
            if (lock == null && history.isEmpty()) {
                throw new AdminException(404, "there is no lock '" + lockName + "' in the channel");
            }
            JsonObject body = new JsonObject()
                    .put("channel", channel.name())
                    .put("channelType", channel.type().name())
                    .put("lockName", lockName)
                    .put("history", history.stream().collect(Json.toArray()))
                    .put("holds", LockPast.holds(history));
            if (lock != null) {
                body.put("lock", withNames(lock));
            }
            return withSilent(answers, body);
        });
    }

    private Future<Nodes.Answers> askOfLock(ChannelKey channel, String lockName) {
        return nodes.askAll(Question.ofLock(Question.Kind.LOCK, map.shardOf(channel), channel, lockName));
    }

    private static JsonObject withNames(JsonObject lock) {
        Stream.concat(Stream.ofNullable(lock.getJsonObject("heldBy")), Json.objects(lock, "queue"))
                .forEach(party -> party.put("node", Nodes.nameOf(party.getString("node"))));
        return lock;
    }

    /**
     * To the one leader only: done twice it could hit the next owner.
     *
     * @param more fields of the question
     */
    Future<JsonObject> act(Question.Kind kind, ChannelKey channel, String lockName, JsonObject more) {
        return askOfLock(channel, lockName)
                .compose(answers -> answers.byAddress().entrySet().stream()
                        .filter(each -> each.getValue().getInteger("term", 0) > 0)
                        .max(Comparator.comparing(each -> each.getValue().getInteger("term")))
                        .map(leader -> nodes.order(leader.getKey(), action(kind, channel, lockName, more)))
                        .orElseGet(() -> Future.failedFuture(new AdminException(
                                503, "no leader of the lock's shard answered: nothing happened, try again"))))
                .map(WholeCluster::result);
    }

    private Question action(Question.Kind kind, ChannelKey channel, String lockName, JsonObject more) {
        Question question = Question.ofLock(kind, map.shardOf(channel), channel, lockName);
        question.with().mergeIn(more);
        return question;
    }

    private static JsonObject result(JsonObject answer) {
        int status = (Integer) answer.remove("status");
        if (status != 200) {
            throw new AdminException(status, answer.getString("error"));
        }
        return answer;
    }

    /** @param these a {@code userId} or a {@code sessionId} */
    Future<JsonObject> disconnect(JsonObject these) {
        return nodes.askAll(new Question(Question.Kind.DISCONNECT, these))
                .map(answers -> withSilent(
                        answers,
                        new JsonObject()
                                .put(
                                        "disconnected",
                                        answers.byAddress().values().stream()
                                                .mapToInt(answer -> answer.getInteger("disconnected"))
                                                .sum())));
    }

    Future<JsonObject> drain(String name) {
        return bus.nodes().addresses().stream()
                .filter(address -> Nodes.nameOf(address).equals(name))
                .findFirst()
                .map(address -> nodes.order(address, new Question(Question.Kind.DRAIN, new JsonObject())))
                .orElseGet(() -> Future.failedFuture(new AdminException(404, "there is no such node now")))
                .map(done -> new JsonObject().put("node", name).put("draining", true));
    }

    Future<JsonObject> actions() {
        return nodes.askAll(new Question(Question.Kind.ACTIONS, new JsonObject()))
                .map(answers -> withSilent(
                        answers,
                        new JsonObject()
                                .put(
                                        "actions",
                                        answers.byAddress().values().stream()
                                                .flatMap(answer -> Json.objects(answer, "actions"))
                                                .sorted(Comparator.comparing(
                                                        (JsonObject action) -> -action.getLong("timestamp")))
                                                .limit(ActionLog.KEPT_MAX)
                                                .collect(Json.toArray()))));
    }
}
