// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Frames that are almost requests: sound ones of which words, numbers, brackets or bytes were changed. The seed says which. */
final class MalformedFrames {

    private static final List<String> SOUND = List.of(
            "{\"id\":7,\"op\":\"login\",\"userId\":\"eve\",\"token\":\"x\",\"resumeToken\":\"y\"}",
            "{\"id\":7,\"op\":\"subscribe\",\"channel\":\"f\",\"channelType\":1,\"withLock\":true,\"withQueue\":true}",
            "{\"id\":7,\"op\":\"setLock\",\"channel\":\"f\",\"channelType\":\"STREAM\",\"lockName\":\"l\",\"ttl\":30}",
            "{\"id\":7,\"op\":\"acquireLock\",\"channel\":\"f\",\"lockName\":\"l\",\"retry\":true,\"timeoutMs\":1,\"create\":true}",
            "{\"id\":7,\"op\":\"releaseLock\",\"channel\":\"f\",\"lockName\":\"l\",\"fencingToken\":9007199254740991}",
            "{\"id\":7,\"op\":\"revokeLock\",\"channel\":\"f\",\"lockName\":\"l\",\"owner\":\"eve\"}",
            "{\"id\":7,\"op\":\"getLock\",\"channel\":\"f\",\"withQueue\":false}",
            "{\"id\":7,\"op\":\"setChannelMetadata\",\"channel\":\"f\",\"data\":[{\"key\":\"k\",\"value\":\"v\",\"revision\":-1}],"
                    + "\"majorRevision\":0,\"lockName\":\"l\",\"fencingToken\":1}",
            "{\"op\":\"heartbeat\",\"n\":3}",
            "{\"id\":7,\"op\":\"ping\",\"x\":{\"y\":[1,2.5e3,null,\"\\u00e9\"]}}");
    private static final List<String> SPLINTERS = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            ":",
            ",",
            "null",
            "true",
            "-",
            "1e999",
            "9".repeat(40),
            "\\ud800",
            "\u0000",
            "{\"a\":",
            "[[[[[[[[[[",
            "\"op\":\"logon\"",
            "-9223372036854775808",
            "\ud83d",
            "x".repeat(200),
            "\"id\":0",
            "\"data\":");

    private final SplittableRandom random;

    MalformedFrames(long seed) {
        this.random = new SplittableRandom(seed);
    }

    String text() {
        StringBuilder text = new StringBuilder(any(SOUND));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, any(SPLINTERS));
                case 2 -> text.replace(from, to, any(SPLINTERS));
                case 3 -> text.insert(from, text.substring(from, to));
                default -> text.replace(from, to, String.valueOf((char) random.nextInt(Character.MAX_VALUE)));
            }
        }
        return text.toString();
    }

    /** WebSocket frames with bits turned, ends cut off and lengths that lie. */
    byte[] bytes() {
        byte[] payload = text().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(125, payload.length);
        byte[] frame = new byte[6 + length];
        frame[0] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0x81);
        frame[1] = (byte) (0x80 | length);
        for (int i = 0; i < 4; i++) {
            frame[2 + i] = (byte) random.nextInt();
        }
        for (int i = 0; i < length; i++) {
            frame[6 + i] = (byte) (payload[i] ^ frame[2 + i % 4]);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length + 1)) : frame;
    }

    private String any(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
