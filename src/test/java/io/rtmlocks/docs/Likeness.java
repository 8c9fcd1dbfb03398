// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * When a frame is like an example. Every field is there and has the value of the example, except for:
 *
 * <ul>
 *   <li>times, which are whole numbers;
 *   <li>what the node makes up (tokens, session ids, numbers of heartbeats): where the example says the same twice the node
 *       must, and a request says what the node said.
 * </ul>
 */
final class Likeness {
    private static final Set<String> TIMES = Set.of("timestamp", "since", "updated", "waitedMs", "acked", "expiresAt");
    private static final Set<String> MADE_UP = Set.of("fencingToken", "sessionId", "resumeToken", "n", "token");
    private static final Map<String, String> CONFIGURED =
            Map.of("heartbeatMs", "session.heartbeatMs", "offlineAfterMs", "session.offlineAfterMs");

    private final JsonObject settings;

    /** Field and value in the examples → value of this run, and the reverse. */
    private final Map<List<Object>, Object> actuals = new HashMap<>();

    private final Map<List<Object>, Object> examples = new HashMap<>();

    Likeness(JsonObject settings) {
        this.settings = settings;
    }

    /** From here on the value of the example stands for this one. */
    void bind(String field, Object example, Object actual) {
        actuals.put(List.of(field, example), actual);
        examples.put(List.of(field, actual), example);
    }

    /** The request with what the node has made up in this run. */
    JsonObject substituted(JsonObject request) {
        JsonObject copy = new JsonObject();
        request.forEach(each -> copy.put(
                each.getKey(), actuals.getOrDefault(List.of(each.getKey(), each.getValue()), each.getValue())));
        return copy;
    }

    /** The same reply or kind of event; a heartbeat that vouches and one that does not are two kinds. */
    Predicate<JsonObject> sameKindAs(JsonObject example) {
        return frame -> List.of("id", "event", "eventType", "type", "quorum").stream()
                .allMatch(field -> Objects.equals(example.getValue(field), frame.getValue(field)));
    }

    /** @param differences gets a line for each */
    void compare(JsonObject example, JsonObject actual, List<String> differences) {
        compare("", example, actual, differences);
    }

    private void compare(String path, Object example, Object actual, List<String> differences) {
        String field = path.substring(path.lastIndexOf('/') + 1);
        if (example instanceof JsonObject one && actual instanceof JsonObject other) {
            fields(path, one, other, differences);
        } else if (example instanceof JsonArray one
                && actual instanceof JsonArray other
                && one.size() == other.size()) {
            for (int i = 0; i < one.size(); i++) {
                compare(path + "/" + i, one.getValue(i), other.getValue(i), differences);
            }
        } else if (!isLike(field, example, actual)) {
            differences.add(path + " should be " + example + ", is " + actual);
        }
    }

    private void fields(String path, JsonObject example, JsonObject actual, List<String> differences) {
        example.forEach(each ->
                compare(path + "/" + each.getKey(), each.getValue(), actual.getValue(each.getKey()), differences));
        actual.fieldNames().stream()
                .filter(name -> !example.containsKey(name))
                .forEach(name -> differences.add(path + "/" + name + " is not in the example"));
    }

    private boolean isLike(String field, Object example, Object actual) {
        if (TIMES.contains(field)) {
            return actual instanceof Number;
        }
        if (CONFIGURED.containsKey(field) && settings.containsKey(CONFIGURED.get(field))) {
            return isSame(settings.getValue(CONFIGURED.get(field)), actual);
        }
        boolean isMadeUp = MADE_UP.contains(field) && actual != null && !isSame(0, example);
        return isMadeUp ? isBound(field, example, actual) : isSame(example, actual);
    }

    private boolean isBound(String field, Object example, Object actual) {
        Object expected = actuals.get(List.of(field, example));
        Object described = examples.get(List.of(field, actual));
        if (expected == null && described == null) {
            bind(field, example, actual);
            return true;
        }
        return actual.equals(expected) && example.equals(described);
    }

    private static boolean isSame(Object one, Object other) {
        return one instanceof Number a && other instanceof Number b
                ? a.doubleValue() == b.doubleValue()
                : Objects.equals(one, other);
    }
}
