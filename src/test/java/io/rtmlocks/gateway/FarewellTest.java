// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.Delivery;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A page that goes while its session is only just coming back: what it held is released when the shards know its connection. Until then the
 * session may have come back at another node, with the same token, and hold on to it.
 */
class FarewellTest {

    /** Epochs of the second login are later. */
    private static final long SECOND_LOGIN = 2 << 20;

    private final LoneGateway gateway = new LoneGateway(10_000, 10_000);

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void farewellBeforeTheShardKnowsTheConnection_waitsForThat(int code) {
        TestClient alice = gateway.login("alice");
        alice.send("acquireLock", "channel", "c", "lockName", "l");
        alice.sync();
        alice.cut();
        try (RawClient back = RawClient.upgraded(gateway.port())) {
            JsonObject login = alice.request("login", "userId", "alice", "resumeToken", alice.resumeToken);
            back.write(RawClient.text(login.encode()));
            back.write(RawClient.frame(0x88, (byte) (code >> 8), (byte) code));
            Command.SessionOffline ended = heard(Command.SessionOffline.class, each -> each.epoch() > SECOND_LOGIN);

            assertThat(gateway.heard()).noneMatch(Command.SessionGone.class::isInstance);
            gateway.deliver(
                    1,
                    new Delivery.Resumed(
                            LoneGateway.SHARD, alice.sessionId, ended.epoch(), true, 0, List.of(), List.of()));
            assertThat(heard(Command.SessionGone.class, each -> true).epoch()).isEqualTo(ended.epoch());
        }
    }

    /** @return the first command of this type that fits, when it has come */
    private <T extends Command> T heard(Class<T> type, Predicate<T> fits) {
        return Awaitility.await()
                .until(
                        () -> gateway.heard().stream()
                                .filter(type::isInstance)
                                .map(type::cast)
                                .filter(fits)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }
}
