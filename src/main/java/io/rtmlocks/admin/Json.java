// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.lock.Described;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Stream;

/** Values that describe themselves, as JSON. */
final class Json implements Described.Fields {
    private final JsonObject out = new JsonObject();

    private Json() {}

    static JsonObject of(Described value) {
        Json json = new Json();
        value.describe(json);
        return json.out;
    }

    static JsonArray of(Collection<? extends Described> values) {
        return values.stream().map(Json::of).collect(toArray());
    }

    static Collector<Object, JsonArray, JsonArray> toArray() {
        return Collector.of(JsonArray::new, JsonArray::add, JsonArray::addAll);
    }

    /** The objects of an array that is there. */
    static Stream<JsonObject> objects(JsonObject in, String name) {
        return in.getJsonArray(name, new JsonArray()).stream().map(JsonObject.class::cast);
    }

    static List<JsonObject> list(JsonObject in, String name) {
        return objects(in, name).toList();
    }

    @Override
    public Described.Fields text(String name, String value) {
        out.put(name, value);
        return this;
    }

    @Override
    public Described.Fields number(String name, long value) {
        out.put(name, value);
        return this;
    }

    @Override
    public Described.Fields flag(String name, boolean value) {
        out.put(name, value);
        return this;
    }

    @Override
    public Described.Fields object(String name, Described value) {
        out.put(name, of(value));
        return this;
    }

    @Override
    public Described.Fields list(String name, Collection<? extends Described> values) {
        out.put(name, of(values));
        return this;
    }

    @Override
    public Described.Fields map(String name, Map<String, ? extends Described> values) {
        JsonObject entries = new JsonObject();
        values.forEach((key, value) -> entries.put(key, of(value)));
        out.put(name, entries);
        return this;
    }
}
