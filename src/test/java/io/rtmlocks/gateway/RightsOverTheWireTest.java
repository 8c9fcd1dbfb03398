// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.shard.RightsMatrix;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every operation with every kind of line in the token, over the wire: let through exactly when the matrix says so. */
class RightsOverTheWireTest {
    private static final String SECRET = "a secret that is long enough to sign";
    private static final Set<Integer> FORBIDDEN = Set.of(-14010, -12020);

    @Test
    void requestIsLetThrough_exactlyWhenTheTokenGivesTheRight() {
        List<String> wrong = new ArrayList<>();
        try (RunningNode node = RunningNode.unhurried("auth.mode", "jwt", "auth.hmacSecret", SECRET)) {
            TestClient alice = node.connect();
            alice.succeed("login", "userId", "alice", "token", token(List.of()));
            for (RightsMatrix.Row row : RightsMatrix.rows()) {
                alice.succeed("renewToken", "token", token(row.lines()));
                JsonObject reply = alice.call(request(alice, row));
                if (FORBIDDEN.contains(reply.getInteger("errorCode")) == row.allowed()) {
                    wrong.add(row + ": " + reply.encode());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(RightsMatrix.rows()).hasSizeGreaterThan(400);
    }

    private static JsonObject request(TestClient client, RightsMatrix.Row row) {
        JsonObject request = client.request(row.operation().op(), "channel", "room");
        if (row.operation().isStorage()) {
            return request.put("data", JsonData.of("k", "v"));
        }
        return row.isOfLock() ? request.put("lockName", "door") : request;
    }

    private static String token(List<String> lines) {
        return new TokenDraft("alice", Instant.now().plusSeconds(600))
                .allow(lines)
                .sign(TokenKey.ofSecret(SECRET));
    }
}
