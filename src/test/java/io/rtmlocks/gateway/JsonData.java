// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The {@code data} of storage writes. */
final class JsonData {

    private JsonData() {}

    /** Keys and values in turn. */
    static JsonArray of(String... keysAndValues) {
        JsonArray data = new JsonArray();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            data.add(new JsonObject().put("key", keysAndValues[i]).put("value", keysAndValues[i + 1]));
        }
        return data;
    }

    /** One item with the revision that it must have. */
    static JsonArray item(String key, String value, long revision) {
        JsonArray data = of(key, value);
        data.getJsonObject(0).put("revision", revision);
        return data;
    }
}
