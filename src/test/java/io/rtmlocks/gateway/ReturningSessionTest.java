// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.shard.Delivery;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session whose shards have not said yet what it holds and waits for. */
class ReturningSessionTest {

    /** Epochs of the second login are later. */
    private static final long SECOND_LOGIN = 2 << 20;

    private final LoneGateway gateway = new LoneGateway(10_000, 10_000);

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** It may have come back at another node meanwhile, with the same token, and hold on to what it has. */
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
            gateway.deliver(1, 0, resumed(alice, ended.epoch(), List.of()));
            assertThat(heard(Command.SessionGone.class, each -> true).epoch()).isEqualTo(ended.epoch());
        }
    }

    /** Else a page that does not ask again, since it was loaded anew, would wait, and own the lock, without knowing. */
    @Test
    void waitThatIsAskedAgainByTheGateway_isInTheReply() {
        TestClient alice = gateway.login("alice");
        long waits = alice.send("acquireLock", "channel", "c", "lockName", "l", "retry", true);
        alice.sync();
        TestClient back = gateway.connect();
        long login = back.send("login", "userId", "alice", "resumeToken", alice.resumeToken);
        long epoch = heard(Command.SessionOnline.class, each -> each.epoch() > SECOND_LOGIN)
                .epoch();
        gateway.deliver(1, 0, resumed(alice, epoch, List.of()));
        Awaitility.await()
                .until(() -> gateway.heard().stream()
                                .filter(each -> each instanceof Command.SessionOnline online && online.epoch() == epoch)
                                .count()
                        == 2);
        LockView.Waiting place = new LockView.Waiting(LoneGateway.CHANNEL, "l", waits, 1);
        gateway.deliver(1, 1, resumed(alice, epoch, List.of(place)));

        assertThat(back.reply(login).getJsonArray("waiting").getJsonObject(0).getLong("requestId"))
                .isEqualTo(waits);
    }

    private static Delivery.Resumed resumed(TestClient client, long epoch, List<LockView.Waiting> waiting) {
        return new Delivery.Resumed(LoneGateway.SHARD, client.sessionId, epoch, true, 0, List.of(), waiting);
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
