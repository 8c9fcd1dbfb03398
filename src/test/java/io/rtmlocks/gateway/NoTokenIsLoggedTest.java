// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whatever a client does with tokens, good and bad, the log tells none of them, even when it tells everything else. */
class NoTokenIsLoggedTest {
    private static final String SECRET = "a secret that is long enough to sign";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Level level;

    @BeforeEach
    void listen() {
        level = root.getLevel();
        root.setLevel(Level.DEBUG);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stop() {
        root.setLevel(level);
        root.detachAppender(log);
    }

    @Test
    void loginsAndRenewals_leaveNoTokenInTheLog() {
        String good = token("alice", 60);
        String renewed = token("alice", 90);
        String others = token("bob", 60);
        String old = token("alice", -60);
        List<String> secret = new ArrayList<>(List.of(good, renewed, others, old, SECRET));
        try (RunningNode node = RunningNode.with("auth.mode", "jwt", "auth.hmacSecret", SECRET)) {
            for (String bad : List.of(others, old, good + "x", "x." + good)) {
                node.connect().send("login", "userId", "alice", "token", bad);
            }
            TestClient alice = node.connect();
            alice.welcome = alice.succeed("login", "userId", "alice", "token", good);
            secret.add(alice.welcome.getString("resumeToken"));
            alice.call("renewToken", "token", others);
            alice.succeed("renewToken", "token", renewed);
            alice.sendText("{\"id\":9,\"op\":\"renewToken\",\"token\":\"" + good);
            alice.cut();
            TestClient back = node.connect();
            back.succeed("login", "userId", "alice", "token", good, "resumeToken", secret.get(secret.size() - 1));
        }

        assertThat(log.list).as("the log was on").anyMatch(event -> event.getLevel() == Level.DEBUG);
        assertThat(told(secret)).isEmpty();
        root.debug("a slip: {}", good);
        assertThat(told(secret)).as("it would be found").hasSize(1);
    }

    /** What the log tells of these, or of their signatures alone. */
    private List<String> told(List<String> secret) {
        List<String> signatures = secret.stream()
                .map(token -> token.substring(token.lastIndexOf('.') + 1))
                .toList();
        return List.copyOf(log.list).stream()
                .map(event -> event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                .filter(text -> signatures.stream().anyMatch(text::contains))
                .toList();
    }

    private static String token(String userId, int seconds) {
        return new TokenDraft(userId, Instant.now().plusSeconds(seconds)).sign(TokenKey.ofSecret(SECRET));
    }
}
