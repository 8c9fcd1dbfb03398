// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Described;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever is written is JSON in ASCII, and says what was to be said. */
class JsonTextTest {

    @Test
    void members_of_all_kinds() {
        Described inner = out -> out.number("n", -1);
        Map<String, Described> map = new LinkedHashMap<>();
        map.put("a\"b", inner);
        map.put("{", out -> {});
        String text = JsonText.of(out -> out.text("t", "x{")
                .number("max", Long.MAX_VALUE)
                .flag("yes", true)
                .object("o", inner)
                .list("none", List.of())
                .list("two", List.of(inner, inner))
                .map("m", map)
                .flag("no", false));
        assertThat(text)
                .isEqualTo("{\"t\":\"x{\",\"max\":9223372036854775807,\"yes\":true,\"o\":{\"n\":-1},\"none\":[],"
                        + "\"two\":[{\"n\":-1},{\"n\":-1}],\"m\":{\"a\\\"b\":{\"n\":-1},\"{\":{}},\"no\":false}");
    }

    @Test
    void any_text_comes_back() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder chars = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                chars.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0xd800)));
            }
            String value = chars.toString();
            String text = JsonText.of(out -> out.text("k", value));
            assertThat(text).matches("[ -~]*");
            assertThat(new JsonObject(text).getString("k")).isEqualTo(value);
        }
    }
}
