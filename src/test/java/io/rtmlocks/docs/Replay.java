// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.rtmlocks.gateway.TokenDraft;
import io.rtmlocks.gateway.TokenKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays one scenario of the description against a real node, step by step; the words of a step are those of {@link #play}.
 * Goes on after a step that fails, so that one run says all that is wrong.
 */
final class Replay {
    private static final Pattern STEP = Pattern.compile(
            "(?<who>\\S+) (?<verb>sends|asks|gets|connects|closes with|loses its connection|is closed with)(?: (?<what>.*))?");
    private static final Pattern TIMES = Pattern.compile("(\\d+) times (.*)");

    private final AsyncApi api;
    private final AsyncApi.Scenario scenario;
    private final Map<String, AsyncApi.Example> examples;
    private final Likeness likeness;
    private final Map<String, TestClient> clients = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> played = new LinkedHashSet<>();

    Replay(AsyncApi api, AsyncApi.Scenario scenario) {
        this.api = api;
        this.scenario = scenario;
        this.examples = api.examples();
        this.likeness = new Likeness(scenario.settings());
    }

    /** The examples that were sent, or were like what came. */
    Set<String> played() {
        return played;
    }

    /** @return one sentence for each thing that was not as it is described */
    List<String> run() {
        List<String> settings = new ArrayList<>();
        scenario.settings().forEach(each -> settings.addAll(List.of(each.getKey(), String.valueOf(each.getValue()))));
        try (RunningNode node = RunningNode.with(settings.toArray(String[]::new))) {
            scenario.tokens().forEach(each -> likeness.bind("token", each.getKey(), sign(each.getValue())));
            for (String step : scenario.steps()) {
                try {
                    play(node, step);
                } catch (AssertionError | RuntimeException e) {
                    problems.add("'" + step + "': " + e.getMessage());
                }
            }
            clients.forEach((who, client) -> client.received().forEach(frame -> checkLeftOver(who, frame)));
        }
        return problems;
    }

    private String sign(Object terms) {
        JsonObject token = (JsonObject) terms;
        Instant expires = Instant.now().plusSeconds(token.getLong("seconds"));
        List<String> allow = token.getJsonArray("allow", new JsonArray()).stream()
                .map(String::valueOf)
                .toList();
        String secret = scenario.settings().getString("auth.hmacSecret");
        TokenDraft draft = new TokenDraft(token.getString("user"), expires);
        return (allow.isEmpty() ? draft : draft.allow(allow)).sign(TokenKey.ofSecret(secret));
    }

    private void play(RunningNode node, String step) {
        switch (step) {
            case "the node drains" -> node.node().drain();
            case "the shards fall silent" -> Faults.silence(node.node());
            case "the shards lose their leaders" -> Faults.depose(node.node());
            default -> act(node, step);
        }
    }

    private void act(RunningNode node, String step) {
        Matcher words = STEP.matcher(step);
        if (!words.matches()) {
            throw new IllegalStateException("no such step");
        }
        String who = words.group("who");
        String what = words.group("what") == null ? "" : words.group("what");
        switch (words.group("verb")) {
            case "connects" ->
                clients.put(who, what.isEmpty() ? node.connect() : node.connectFrom(what.substring("from ".length())));
            case "sends" -> send(client(node, who), what);
            case "asks" -> client(node, who).succeed(likeness.substituted(new JsonObject(what)));
            case "gets" -> expect(client(node, who), what);
            case "closes with" -> client(node, who).close(Integer.parseInt(what));
            case "loses its connection" -> client(node, who).cut();
            case "is closed with" -> expectEnd(client(node, who), what);
            default -> throw new IllegalStateException("no such verb");
        }
    }

    private TestClient client(RunningNode node, String who) {
        return clients.computeIfAbsent(who, unknown -> node.connect());
    }

    private void send(TestClient client, String what) {
        Matcher times = TIMES.matcher(what);
        if (times.matches()) {
            for (int i = 0; i < Integer.parseInt(times.group(1)); i++) {
                send(client, times.group(2));
            }
        } else if (what.equals("binary")) {
            client.socket().writeBinaryMessage(Buffer.buffer("x"));
        } else if (what.matches("\\d+ bytes")) {
            client.sendText("x".repeat(Integer.parseInt(what.replaceAll("\\D", ""))));
        } else if (what.startsWith("{")) {
            client.sendText(likeness.substituted(new JsonObject(what)).encode());
        } else if (what.startsWith("text ")) {
            client.sendText(what.substring("text ".length()));
        } else {
            AsyncApi.Example example = example(what);
            problems.addAll(api.faults(example.message(), example.payload()).stream()
                    .map(fault -> what + " as " + example.message() + fault)
                    .toList());
            client.sendText(likeness.substituted(example.payload()).encode());
            played.add(what);
        }
    }

    private void expect(TestClient client, String name) {
        JsonObject payload = example(name).payload();
        JsonObject frame = client.take(name, likeness.sameKindAs(payload));
        compare(name, frame);
    }

    private void expectEnd(TestClient client, String name) {
        int code = client.closeCode();
        JsonObject end = new JsonObject().put("code", code);
        if (client.socket().closeReason() != null) {
            end.put("reason", client.socket().closeReason());
        }
        compare(name, end);
    }

    private void compare(String name, JsonObject actual) {
        AsyncApi.Example example = example(name);
        List<String> differences = new ArrayList<>(api.faults(example.message(), actual));
        likeness.compare(example.payload(), actual, differences);
        if (differences.isEmpty()) {
            played.add(name);
        } else {
            problems.add(name + " is " + actual.encode() + "\n      " + String.join("\n      ", differences));
        }
    }

    /** What a scenario does not wait for is described as well. */
    private void checkLeftOver(String who, JsonObject frame) {
        if (api.messages().fieldNames().stream()
                .allMatch(message -> !api.faults(message, frame).isEmpty())) {
            problems.add(who + " got what no message describes: " + frame.encode());
        }
    }

    private AsyncApi.Example example(String name) {
        AsyncApi.Example example = examples.get(name);
        if (example == null) {
            throw new IllegalStateException("there is no example " + name);
        }
        return example;
    }
}
