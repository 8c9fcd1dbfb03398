// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may log in, for how long, and what they may do, over the wire (PROTOCOL.md §2, §4). */
class TokenTest {

    private static final String SECRET = "a secret that is long enough to sign";

    /** Longer ago than any leeway. */
    private static final int LONG_AGO = -60;

    /** Expired, but within the leeway of five seconds: good for three to four seconds. */
    private static final int NEARLY_OVER = -1;

    private final RunningNode node = RunningNode.unhurried(
            "auth.mode",
            "jwt",
            "auth.hmacSecret",
            SECRET,
            "session.heartbeatMs",
            "100",
            "session.offlineAfterMs",
            "5000");

    @AfterEach
    void stop() {
        node.close();
    }

    private String token(String userId, int seconds, String... allow) {
        TokenDraft draft = new TokenDraft(userId, Instant.now().plusSeconds(seconds));
        return (allow.length == 0 ? draft : draft.allow(List.of(allow))).sign(TokenKey.ofSecret(SECRET));
    }

    private TestClient login(String userId, String token) {
        TestClient client = node.connect();
        client.welcome = client.succeed("login", "userId", userId, "token", token);
        client.resumeToken = client.welcome.getString("resumeToken");
        return client;
    }

    @Test
    void loginWithoutAGoodToken_isRefused_andClosed4401() {
        Object[][] rows = {{-10005, null}, {-10005, "x"}, {-10005, token("bob", 60)}, {-10009, token("alice", LONG_AGO)}
        };
        for (Object[] row : rows) {
            TestClient client = node.connect();
            JsonObject request = client.request("login", "userId", "alice");
            JsonObject reply = client.refused((int) row[0], row[1] == null ? request : request.put("token", row[1]));
            assertThat(reply.getString("operation")).isEqualTo("RTMLoginOperation");
            assertThat(client.closeCode()).isEqualTo(4401);
        }
        login("alice", token("alice", 60)).sync();
    }

    /** The end of the token is no will to leave: the session can be resumed with a new one, and has kept its locks. */
    @Test
    void tokenThatExpires_closes4401_andANewOneResumes() {
        TestClient alice = login("alice", token("alice", NEARLY_OVER));
        alice.lock("acquireLock", "l", "create", true);
        assertThat(alice.closeCode()).isEqualTo(4401);
        TestClient unproven = node.connect();
        unproven.refused(-10005, "login", "userId", "alice", "resumeToken", alice.resumeToken);
        TestClient back = node.connect();
        JsonObject reply =
                back.succeed("login", "userId", "alice", "token", token("alice", 60), "resumeToken", alice.resumeToken);
        assertThat(reply.getJsonArray("held")).hasSize(1);
    }

    @Test
    void renewedToken_givesItsTimeAndRights() {
        TestClient alice = login("alice", token("alice", NEARLY_OVER, "*=get"));
        alice.refused(-14010, alice.lockRequest("setLock", "l"));
        alice.refused(-10005, "renewToken");
        alice.refused(-10005, "renewToken", "token", token("bob", 60));
        alice.refused(-10009, "renewToken", "token", token("alice", LONG_AGO));
        alice.refused(-14010, alice.lockRequest("setLock", "l"));
        alice.succeed("renewToken", "token", token("alice", 60, "*=set"));
        alice.lock("setLock", "l");
        alice.refused(-14010, "getLock", "channel", "c");
        alice.heartbeat(45);
        alice.sync();
    }

    @Test
    void tokenThatWillExpire_isSaidHalfAMinuteBefore() {
        TestClient alice = login("alice", token("alice", 28));
        JsonObject event = alice.sessionEvent("TOKEN_WILL_EXPIRE");
        long leftAtLogin = event.getLong("expiresAt") - alice.welcome.getLong("timestamp");
        long leftWhenSaid = event.getLong("expiresAt") - event.getLong("timestamp");
        assertThat(leftAtLogin).isGreaterThan(30_000);
        assertThat(leftWhenSaid).isLessThanOrEqualTo(30_000);
    }

    @Test
    void tokenThatWillExpireSooner_isSaidAtOnce_afterTheReply() {
        TestClient alice = node.connect();
        alice.send("login", "userId", "alice", "token", token("alice", 20));
        assertThat(alice.next().getInteger("errorCode")).isZero();
        assertThat(alice.next().getString("type")).isEqualTo("TOKEN_WILL_EXPIRE");
    }

    /** A client that answers each warning with a short token is not warned again at once. */
    @Test
    void renewalThatBringsLittle_isWarnedHalfway() {
        TestClient alice = login("alice", token("alice", 600));
        long renewed = alice.succeed("renewToken", "token", token("alice", 3)).getLong("timestamp");
        JsonObject event = alice.sessionEvent("TOKEN_WILL_EXPIRE");
        long expiresAt = event.getLong("expiresAt");
        assertThat(expiresAt - event.getLong("timestamp")).isLessThanOrEqualTo((expiresAt - renewed) / 2 + 1);
    }

    @Test
    void renewalInTime_keepsTheConnection_andNoneEndsIt_andTheSessionIsOffline() {
        TestClient bob = login("bob", token("bob", 600));
        TestClient alice = login("alice", token("alice", NEARLY_OVER));
        alice.sessionEvent("TOKEN_WILL_EXPIRE");
        alice.lock("acquireLock", "l", "create", true);
        alice.succeed("renewToken", "token", token("alice", NEARLY_OVER));
        assertThat(alice.closeCode()).isEqualTo(4401);
        bob.eventually("l", view -> !view.getBoolean("ownerOnline"));
        assertThat(bob.view("l").getString("owner")).as("its ttl runs").isEqualTo("alice");
    }

    @Test
    void renewalThatGivesLess_endsWhatItDoesNotGive() {
        TestClient bob = login("bob", token("bob", 600));
        bob.lock("acquireLock", "l", "create", true);
        TestClient alice = login("alice", token("alice", 600));
        alice.subscribe();
        long waits = alice.sendLock("acquireLock", "l", "retry", true);
        alice.succeed("renewToken", "token", token("alice", 600, "*=release"));
        TestClient.refusal(-14010, alice.reply(waits));
        bob.lock("releaseLock", "l");
        bob.lock("removeLock", "l");
        alice.sync();
        assertThat(alice.received()).noneMatch(frame -> "REMOVED".equals(frame.getString("eventType")));
    }

    /** What is held stays held: to take it away is for those who may revoke. */
    @Test
    void loginThatResumesWithLess_endsTheWaitsItDoesNotGive_andKeepsWhatIsHeld() {
        TestClient bob = login("bob", token("bob", 600));
        bob.lock("acquireLock", "l", "create", true);
        bob.lock("acquireLock", "allowed", "create", true);
        TestClient alice = login("alice", token("alice", 600));
        alice.lock("acquireLock", "hers", "create", true);
        long ends = alice.sendLock("acquireLock", "l", "retry", true);
        long goesOn = alice.sendLock("acquireLock", "allowed", "retry", true);
        bob.eventually("allowed", view -> view.getInteger("waiters") == 1);
        alice.cut();

        TestClient again = node.connect();
        again.continueIdsOf(alice);
        JsonObject reply = again.succeed(
                "login",
                "userId",
                "alice",
                "token",
                token("alice", 600, "c/allowed=acquire"),
                "resumeToken",
                alice.resumeToken);

        assertThat(reply.getBoolean("resumed")).isTrue();
        assertThat(reply.getJsonArray("held").getJsonObject(0).getString("lockName"))
                .isEqualTo("hers");
        assertThat(reply.getJsonArray("waiting")).hasSize(1);
        TestClient.refusal(-14010, again.reply(ends));
        bob.eventually("l", view -> view.getInteger("waiters") == 0);
        assertThat(bob.view("hers").getString("owner")).isEqualTo("alice");
        bob.lock("releaseLock", "allowed");
        assertThat(again.reply(goesOn).getInteger("errorCode")).isZero();
    }

    @Test
    void renewalRefused_doesNotLengthenTheTime() {
        TestClient alice = login("alice", token("alice", NEARLY_OVER));
        alice.refused(-10005, "renewToken", "token", "x");
        assertThat(alice.closeCode()).isEqualTo(4401);
    }

    @Test
    void whatTheTokenDoesNotAllow_is14010_orInStorage12020() {
        TestClient alice = login("alice", token("alice", 60, "c/mine=acquire,release"));
        for (String op : new String[] {"setLock", "revokeLock", "removeLock"}) {
            alice.refused(-14010, alice.lockRequest(op, "mine"));
        }
        alice.refused(-14010, alice.lockRequest("acquireLock", "other"));
        alice.refused(-14010, "getLock", "channel", "c");
        alice.refused(-14010, "subscribe", "channel", "c");
        alice.refused(-12020, "getChannelMetadata", "channel", "c");
        for (String op : new String[] {"set", "update", "remove"}) {
            alice.refused(-12020, op + "ChannelMetadata", "channel", "c", "data", JsonData.of("k", "v"));
        }
        alice.succeed("unsubscribe", "channel", "c");
        alice.sync();
    }

    /** Who may not know learns nothing: not from the code, not from the words, not from what is missing in them. */
    @Test
    void forbidden_looksTheSame_whetherTheLockExistsOrNot() {
        TestClient bob = login("bob", token("bob", 60));
        bob.lock("acquireLock", "held", "create", true);
        bob.lock("setLock", "free");
        TestClient alice = login("alice", token("alice", 60, "other=*"));
        for (String op :
                new String[] {"setLock", "acquireLock", "releaseLock", "revokeLock", "removeLock", "cancelAcquire"}) {
            assertThat(Stream.of("held", "free", "missing")
                            .map(name -> anonymous(alice.refused(-14010, alice.lockRequest(op, name))))
                            .distinct())
                    .as(op)
                    .hasSize(1);
        }
        assertThat(Stream.of("c", "empty")
                        .map(channel -> anonymous(alice.refused(-12020, "getChannelMetadata", "channel", channel)))
                        .distinct())
                .hasSize(1);
    }

    private static JsonObject anonymous(JsonObject reply) {
        reply.remove("id");
        reply.remove("timestamp");
        return reply;
    }

    /** … other parameters → right → existence. */
    @Test
    void rights_areCheckedAfterParametersAndBeforeExistence() {
        TestClient alice = login("alice", token("alice", 60, "c/mine=acquire"));
        alice.refused(-10014, alice.lockRequest("setLock", "l", "ttl", "x"));
        alice.refused(-14005, alice.lockRequest("setLock", "_"));
        alice.refused(-14010, alice.lockRequest("releaseLock", "missing"));
        alice.refused(-14008, alice.lockRequest("acquireLock", "mine"));
        alice.refused(-14010, alice.lockRequest("acquireLock", "mine", "create", true));
    }

    /** Keys change without a restart; who is there already stays. */
    @Test
    void keysOfAFileThatChanges_countSoonAfter(@TempDir Path directory) throws IOException {
        KeyPair former = KeyPairs.of("ES256");
        KeyPair next = KeyPairs.of("ES256");
        Path file = Files.writeString(directory.resolve("keys.pem"), KeyPairs.pem(former.getPublic()));
        try (RunningNode keyed =
                RunningNode.with("auth.mode", "jwt", "auth.algorithms", "ES256", "auth.keysFile", file.toString())) {
            TestClient alice = keyed.connect();
            alice.succeed("login", "userId", "alice", "token", signed(former));
            keyed.connect().refused(-10005, "login", "userId", "alice", "token", signed(next));
            Files.writeString(file, KeyPairs.pem(next.getPublic()));
            await().atMost(20, SECONDS)
                    .untilAsserted(() -> keyed.connect().succeed("login", "userId", "alice", "token", signed(next)));
            keyed.connect().refused(-10005, "login", "userId", "alice", "token", signed(former));
            alice.sync();
        }
    }

    private static String signed(KeyPair pair) {
        return new TokenDraft("alice", Instant.now().plusSeconds(60)).sign(TokenKey.of(null, pair.getPrivate()));
    }

    @Test
    void tokens_areNotLookedAtWhenNobodyNeedsOne() {
        try (RunningNode open = RunningNode.with()) {
            open.connect().succeed("login", "userId", "alice", "token", "anything");
            open.login("bob").succeed("renewToken", "token", "anything");
        }
    }
}
