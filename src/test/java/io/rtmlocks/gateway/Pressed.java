// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;

/**
 * What somebody was told who pressed a limit.
 *
 * @param served how often it got what it asked for
 * @param refusals the different words with which it was refused: code and cause, status, or how it was turned away
 * @param end how its connection ended, {@link #STAYS} while it is there
 */
record Pressed(int served, Set<String> refusals, String end) {

    static final String STAYS = "stays";

    /** What a client made of requests that it sends and does not wait for. */
    static final class Burst {
        private final TestClient client;
        private final Set<Long> ids = new HashSet<>();
        private long last;

        Burst(TestClient client) {
            this.client = client;
        }

        TestClient client() {
            return client;
        }

        void send(JsonObject request) {
            ids.add(client.send(request));
        }

        /**
         * When it is answered, all before has been refused that will be.
         *
         * @param op that is decided where the others are, here or in the shard, and counts for none of the limits
         */
        void sendLast(String op) {
            last = client.send(op, "channel", "c");
        }

        private boolean isOver() {
            return client.isClosed() || client.received().stream().anyMatch(frame -> isOf(last, frame));
        }

        private static boolean isOf(long id, JsonObject frame) {
            return Long.valueOf(id).equals(frame.getLong("id"));
        }
    }

    /** Waits until all is answered that will be, or the connections have ended. */
    static Pressed by(Burst... bursts) {
        Awaitility.await().until(() -> Arrays.stream(bursts).allMatch(Burst::isOver));
        Set<String> refusals = new TreeSet<>();
        int served = 0;
        String end = STAYS;
        for (Burst burst : bursts) {
            List<JsonObject> refused = burst.client.received().stream()
                    .filter(frame -> burst.ids.contains(frame.getLong("id")) && frame.getInteger("errorCode") != 0)
                    .toList();
            refused.forEach(frame -> refusals.add(word(frame)));
            served += burst.ids.size() - refused.size();
            end = burst.client.isClosed() ? "close " + burst.client.closeCode() : end;
        }
        return new Pressed(served, refusals, end);
    }

    private static String word(JsonObject refusal) {
        String cause = refusal.getJsonObject("detail", new JsonObject()).getString("cause", "");
        return (refusal.getInteger("errorCode") + " " + cause).strip();
    }
}
