// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The description of the protocol: its messages with their schemas and examples, and the scenarios that play them. */
final class AsyncApi {
    static final Path FILE = Path.of("src/docs/asyncapi.yaml");

    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setBaseUri("app://rtm-locks")
            .setDraft(Draft.DRAFT7)
            .setOutputFormat(OutputFormat.Basic);

    private final String text;
    private final JsonObject document;
    private final Map<String, Validator> validators = new HashMap<>();

    /** @param name unlike that of any other example */
    record Example(String message, String name, JsonObject payload) {}

    /** @param settings of the node, by key */
    record Scenario(String name, JsonObject settings, JsonObject tokens, List<String> steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    AsyncApi(String yaml) {
        text = yaml;
        Map<String, Object> tree = new Yaml().load(yaml);
        document = new JsonObject(new JsonObject(tree).encode());
    }

    static AsyncApi read() {
        try {
            return new AsyncApi(Files.readString(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it is written. */
    String text() {
        return text;
    }

    JsonObject document() {
        return document;
    }

    JsonObject messages() {
        return document.getJsonObject("components").getJsonObject("messages");
    }

    /** All examples of a message. */
    List<Example> examples(String message) {
        List<Example> all = new ArrayList<>();
        for (Object each : messages().getJsonObject(message).getJsonArray("examples", new JsonArray())) {
            JsonObject example = (JsonObject) each;
            all.add(new Example(message, example.getString("name"), example.getJsonObject("payload")));
        }
        return all;
    }

    /** Every example, by name. */
    Map<String, Example> examples() {
        Map<String, Example> all = new HashMap<>();
        for (String message : messages().fieldNames()) {
            for (Example example : examples(message)) {
                if (all.put(example.name, example) != null) {
                    throw new IllegalStateException("two examples are called " + example.name);
                }
            }
        }
        return all;
    }

    List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>();
        for (Map.Entry<String, Object> each : document.getJsonObject("x-scenarios")) {
            JsonObject scenario = (JsonObject) each.getValue();
            List<String> steps = scenario.getJsonArray("steps").stream()
                    .map(String.class::cast)
                    .toList();
            all.add(new Scenario(
                    each.getKey(),
                    scenario.getJsonObject("settings", new JsonObject()),
                    scenario.getJsonObject("tokens", new JsonObject()),
                    steps));
        }
        return all;
    }

    /** What is wrong with a frame as this message; a field that the schema does not name is wrong too. */
    List<String> faults(String message, JsonObject frame) {
        OutputUnit result = validators.computeIfAbsent(message, this::validator).validate(frame);
        if (Boolean.TRUE.equals(result.getValid())) {
            return List.of();
        }
        return result.getErrors().stream()
                .map(unit -> unit.getInstanceLocation() + ": " + unit.getError())
                .toList();
    }

    private Validator validator(String message) {
        Object payload = messages().getJsonObject(message).getValue("payload");
        return Validator.create(JsonSchema.of((JsonObject) closed(payload)), OPTIONS);
    }

    /** The schema without references, each object in it closed to fields that it does not name. */
    private Object closed(Object schema) {
        if (schema instanceof JsonArray list) {
            JsonArray all = new JsonArray();
            list.forEach(each -> all.add(closed(each)));
            return all;
        }
        if (!(schema instanceof JsonObject object)) {
            return schema;
        }
        if (object.containsKey("$ref")) {
            return closed(at(object.getString("$ref")));
        }
        JsonObject all = new JsonObject();
        object.forEach(each -> all.put(each.getKey(), closed(each.getValue())));
        if (object.containsKey("properties") && !object.containsKey("additionalProperties")) {
            all.put("additionalProperties", false);
        }
        return all;
    }

    /** What a reference within the document points at. */
    Object at(String reference) {
        Object found = document;
        for (String part : reference.substring("#/".length()).split("/")) {
            found = found instanceof JsonObject object ? object.getValue(part) : null;
            if (found == null) {
                throw new IllegalStateException(reference + " points at nothing");
            }
        }
        return found;
    }
}
