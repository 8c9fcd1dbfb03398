// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.wire.CloseCode;
import io.rtmlocks.wire.ErrorCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The description of the protocol is true: its examples happen on a real node, and it leaves out nothing that can. */
class AsyncApiTest {

    private static final AsyncApi API = AsyncApi.read();
    private static final Path SOURCES = Path.of("src/main/java");

    /** Words of events as the sources write them. */
    private static final Pattern EVENT_WORD = Pattern.compile("\\.text\\(\"(event|eventType|type)\", \"(\\w+)\"");

    static List<AsyncApi.Scenario> scenarios() {
        return API.scenarios();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void scenario_happens_as_it_is_described(AsyncApi.Scenario scenario) {
        Replay replay = new Replay(API, scenario);

        assertThat(replay.run()).isEmpty();
        assertThat(replay.played()).containsAll(named(scenario));
    }

    @Test
    void every_example_is_part_of_a_scenario() {
        Set<String> named =
                API.scenarios().stream().flatMap(each -> named(each).stream()).collect(Collectors.toSet());

        assertThat(named).isEqualTo(API.examples().keySet());
    }

    /** The examples that the steps of a scenario name. */
    private static Set<String> named(AsyncApi.Scenario scenario) {
        return scenario.steps().stream()
                .map(step -> step.substring(step.lastIndexOf(' ') + 1))
                .filter(API.examples()::containsKey)
                .collect(Collectors.toSet());
    }

    @Test
    void every_message_has_an_example_that_fits_it() {
        for (String message : API.messages().fieldNames()) {
            assertThat(API.examples(message)).as(message).isNotEmpty();
            for (AsyncApi.Example example : API.examples(message)) {
                assertThat(API.faults(message, example.payload()))
                        .as(example.name())
                        .isEmpty();
            }
        }
    }

    @Test
    void every_message_is_one_of_the_channel_and_of_an_operation() {
        JsonObject channel = API.document().getJsonObject("channels").getJsonObject("rtm");
        Set<String> used = new HashSet<>();
        JsonObject operations = API.document().getJsonObject("operations");
        for (String name : operations.fieldNames()) {
            JsonObject operation = operations.getJsonObject(name);
            Stream.of(operation, operation.getJsonObject("reply", new JsonObject()))
                    .flatMap(side -> side.getJsonArray("messages", new JsonArray()).stream())
                    .map(reference -> ((JsonObject) reference).getString("$ref"))
                    .forEach(reference -> {
                        assertThat(API.at(reference)).isNotNull();
                        used.add(reference.substring(reference.lastIndexOf('/') + 1));
                    });
        }

        assertThat(used).isEqualTo(API.messages().fieldNames());
        assertThat(channel.getJsonObject("messages").fieldNames()).isEqualTo(used);
    }

    @Test
    void every_operation_is_described() {
        Set<String> described = API.messages().fieldNames().stream()
                .map(message -> property(message, "op").getString("const"))
                .filter(op -> op != null)
                .collect(Collectors.toSet());

        assertThat(described).isEqualTo(textsOf(Operation.values(), Operation::op));
        Set<String> failing = textsOf(Operation.values(), Operation::failureName);
        failing.add("RTMOperation");
        assertThat(allowed("failure", "operation")).isEqualTo(failing);
    }

    /** Each code has an example, which has therefore been seen to happen. */
    @Test
    void every_error_and_close_code_has_an_example() {
        assertThat(allowed("failure", "errorCode"))
                .isEqualTo(shown("failure", "errorCode"))
                .isEqualTo(textsOf(ErrorCode.values(), code -> String.valueOf(code.number())));
        assertThat(allowed("closed", "code"))
                .isEqualTo(shown("closed", "code"))
                .isEqualTo(textsOf(CloseCode.values(), code -> String.valueOf(code.number())));
    }

    @Test
    void every_cause_is_described() {
        Set<String> causes = textsOf(Rejection.Cause.values(), Enum::name);
        causes.addAll(Causes.ofTheGateway());
        JsonObject detail = (JsonObject) API.at("#/components/schemas/Detail");

        assertThat(texts(detail.getJsonObject("properties")
                        .getJsonObject("cause")
                        .getJsonArray("enum")))
                .isEqualTo(causes);
        assertThat(allowed("lockChange", "cause")).isEqualTo(textsOf(LockEvent.Cause.values(), Enum::name));
    }

    /** Nobody hears of a wait that ended because its session did. */
    @Test
    void every_cause_that_a_client_hears_of_has_an_example() {
        Set<String> shown = API.examples("failure").stream()
                .map(example -> example.payload()
                        .getJsonObject("detail", new JsonObject())
                        .getString("cause"))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        Set<String> causes = textsOf(Rejection.Cause.values(), Enum::name);
        causes.addAll(Causes.ofTheGateway());
        causes.removeAll(Set.of("LOGOUT", "OFFLINE"));

        assertThat(shown).isEqualTo(causes);
        assertThat(shown("heartbeat", "quorum")).isEqualTo(Set.of("true", "false"));
    }

    @Test
    void every_event_is_described() throws IOException {
        Set<String> written = textsOf(LockEvent.Type.values(), Enum::name);
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                EVENT_WORD
                        .matcher(Files.readString(file))
                        .results()
                        .map(word -> word.group(2))
                        .forEach(written::add);
            }
        }
        written.add("UPDATE");
        Set<String> described = API.messages().fieldNames().stream()
                .filter(message -> !property(message, "event").isEmpty())
                .flatMap(message ->
                        Stream.of("event", "eventType", "type").flatMap(field -> allowed(message, field).stream()))
                .collect(Collectors.toSet());

        assertThat(described).isEqualTo(written);
    }

    /** What this test rests on can say no. */
    @Test
    void replay_finds_what_is_not_so() {
        String step = "      - alice gets loggedIn\n";
        assertThat(findings("userId: alice, sessionId", "userId: alic, sessionId", step))
                .anyMatch(problem -> problem.contains("/userId should be alic, is alice"));
        assertThat(findings("resumed: false, heartbeatMs: 5000, ", "resumed: false, ", step))
                .anyMatch(problem -> problem.contains("/heartbeatMs is not in the example"));
        assertThat(findings("resumed: {type: boolean}", "resumed: {type: string}", step))
                .anyMatch(problem -> problem.contains("resumed"));
        assertThat(findings("          node: {type: string, description: The node that answers.}\n", "", step))
                .anyMatch(problem -> problem.contains("node"));
        assertThat(findings("", "", "      - alice gets what is missing\n"))
                .anyMatch(problem -> problem.contains("no example"));
        assertThat(findings("", "", "      - alice dances\n")).anyMatch(problem -> problem.contains("no such step"));
        assertThat(findings("", "", step)).isEmpty();
    }

    /** What a login would be found guilty of if the description said something else. */
    private static List<String> findings(String inPlaceOf, String other, String step) {
        String yaml = API.text();
        assertThat(yaml).contains(inPlaceOf);
        AsyncApi changed = new AsyncApi((inPlaceOf.isEmpty() ? yaml : yaml.replace(inPlaceOf, other))
                .replaceFirst(
                        "(?s)x-scenarios:.*",
                        "x-scenarios:\n  login:\n    steps:\n      - alice sends login\n" + step));
        return new Replay(changed, changed.scenarios().get(0)).run();
    }

    private static JsonObject property(String message, String field) {
        return API.messages()
                .getJsonObject(message)
                .getJsonObject("payload")
                .getJsonObject("properties")
                .getJsonObject(field, new JsonObject());
    }

    /** The values that a field of a message may have. */
    private static Set<String> allowed(String message, String field) {
        JsonObject property = property(message, field);
        return property.containsKey("const")
                ? Set.of(property.getString("const"))
                : texts(property.getJsonArray("enum", new JsonArray()));
    }

    /** The values that a field has in the examples. */
    private static Set<String> shown(String message, String field) {
        return API.examples(message).stream()
                .map(example -> String.valueOf(example.payload().getValue(field)))
                .collect(Collectors.toSet());
    }

    private static Set<String> texts(JsonArray values) {
        return values.stream().map(String::valueOf).collect(Collectors.toSet());
    }

    private static <T> Set<String> textsOf(T[] values, Function<T, String> text) {
        return Arrays.stream(values).map(text).collect(Collectors.toCollection(TreeSet::new));
    }
}
