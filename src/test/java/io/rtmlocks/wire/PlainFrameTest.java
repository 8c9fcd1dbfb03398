// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read the short way is read as it would be the long way, and most requests are. */
class PlainFrameTest {

    private static final int ROUNDS = 200_000;
    private static final List<String> REQUESTS = List.of(
            "{\"id\":7,\"op\":\"acquireLock\",\"channel\":\"room\",\"lockName\":\"seat 12\",\"retry\":true,\"timeoutMs\":5000}",
            "{\"op\": \"setLock\", \"id\": 1, \"channel\": \"a\", \"channelType\": 2, \"lockName\": \"l\", \"ttl\": 10}",
            "{\"op\":\"heartbeat\",\"n\":0}",
            "{\"id\":1,\"op\":\"login\",\"userId\":\"ann\",\"token\":\"e.y.J\",\"withLock\":false}");

    /** Pieces that make or break a text. */
    private static final List<String> PIECES = List.of(
            "\"",
            "\\",
            ":",
            ",",
            "{",
            "}",
            "[",
            "]",
            " ",
            "\t",
            "0",
            "9",
            "-",
            ".",
            "e",
            "true",
            "false",
            "null",
            "\u00e9",
            "\u0000",
            "\"id\":1",
            ",\"n\":007",
            "999999999999999999",
            "1234567890123456789",
            "\"data\":[]",
            "\\u0061",
            "\ud800",
            "x");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void a_usual_request_is_plain(int which) {
        assertThat(PlainFrame.read(REQUESTS.get(which), new EnumMap<>(Field.class)))
                .isTrue();
    }

    @Test
    void whatever_is_plain_means_the_same_the_long_way() {
        SplittableRandom random = new SplittableRandom(3);
        int plain = 0;
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder(REQUESTS.get(i % REQUESTS.size()));
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                int from = random.nextInt(text.length());
                int to = Math.min(text.length(), from + random.nextInt(3));
                text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
            }
            Map<Field, Object> slots = new EnumMap<>(Field.class);
            if (PlainFrame.read(text.toString(), slots)) {
                plain++;
                Map<Field, Object> expected = new EnumMap<>(Field.class);
                assertThat(FrameReader.readAny(text.toString(), expected))
                        .as("%s", text)
                        .isNull();
                assertThat(slots).as("%s", text).isEqualTo(expected);
            }
        }
        assertThat(plain).isBetween(ROUNDS / 4, ROUNDS * 9 / 10);
    }
}
