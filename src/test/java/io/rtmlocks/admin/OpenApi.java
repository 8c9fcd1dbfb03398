// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** The description of the administration's API: which calls there are, and what each answers. */
final class OpenApi {
    static final Path FILE = Path.of("src/docs/admin-openapi.yaml");

    private static final String ROOT = "/admin/api/v1";
    private static final List<String> METHODS = List.of("get", "post", "put", "delete");
    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setBaseUri("app://rtm-locks")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);

    private final JsonObject document;

    OpenApi() {
        try {
            Map<String, Object> tree = new Yaml().load(Files.readString(FILE));
            document = new JsonObject(new JsonObject(tree).encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Such as {@code GET /admin/api/v1/nodes}. */
    Set<String> calls() {
        Set<String> calls = new TreeSet<>();
        for (String path : document.getJsonObject("paths").fieldNames()) {
            METHODS.stream()
                    .filter(document.getJsonObject("paths").getJsonObject(path)::containsKey)
                    .forEach(method -> calls.add(method.toUpperCase(java.util.Locale.ROOT) + " " + ROOT + path));
        }
        return calls;
    }

    /** Fails when this is not what the call answers with this status. */
    void check(Route route, int status, JsonObject body) {
        OutputUnit result =
                validator(status == 200 ? ofSuccess(route) : "Error").validate(body);
        assertThat(result.getValid())
                .as("%s answered %s %s: %s", route, status, body.encode(), result.getErrors())
                .isTrue();
    }

    boolean fits(String schema, JsonObject body) {
        return validator(schema).validate(body).getValid();
    }

    private String ofSuccess(Route route) {
        String[] call = route.documented().split(" ");
        String reference = document.getJsonObject("paths")
                .getJsonObject(call[1].substring(ROOT.length()))
                .getJsonObject(call[0].toLowerCase(java.util.Locale.ROOT))
                .getJsonObject("responses")
                .getJsonObject("200")
                .getJsonObject("content")
                .getJsonObject("application/json")
                .getJsonObject("schema")
                .getString("$ref");
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    private Validator validator(String schema) {
        JsonObject whole = new JsonObject()
                .put("$ref", "#/components/schemas/" + schema)
                .put("components", document.getJsonObject("components").copy());
        return Validator.create(JsonSchema.of(whole), OPTIONS);
    }
}
