// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.shard.Rights;
import io.rtmlocks.wire.ErrorCode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A login is granted for a token that is good and the user's own; for any other it is refused, never broken. */
class AuthenticatorTest {
    private static final TokenKey KEY = TokenKey.ofSecret("a secret that is long enough to sign");
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000_000);

    private final Authenticator authenticator = new JwtAuthenticator(
            new TokenCheck(new TokenRules(Set.of(TokenAlgorithm.HS256), "", ""), () -> List.of(KEY)),
            InstantSource.fixed(NOW));

    @Test
    void open_door_lets_in_everybody_for_ever() {
        assertThat(new OpenDoor().authenticate("bob", null).result()).isEqualTo(new Access(Rights.ALL, Access.NEVER));
    }

    @Test
    void token_of_the_user_is_good_until_it_expires() {
        String token = new TokenDraft("bob", NOW.plusSeconds(60)).sign(KEY);

        Access access = authenticator.authenticate("bob", token).result();

        assertThat(access).isEqualTo(new Access(Rights.ALL, NOW.plusSeconds(60).toEpochMilli() + TokenCheck.LEEWAY_MS));
    }

    @Test
    void token_carries_its_rights() {
        List<String> lines = List.of("room=acquire");
        String token = new TokenDraft("bob", NOW.plusSeconds(60)).allow(lines).sign(KEY);

        assertThat(authenticator.authenticate("bob", token).result().rights()).isEqualTo(Rights.of(lines));
    }

    @Test
    void token_of_another_user_is_refused() {
        assertThat(refusal(new TokenDraft("alice", NOW.plusSeconds(60)).sign(KEY)))
                .isEqualTo(ErrorCode.TOKEN_INVALID);
    }

    @Test
    void no_token_and_an_old_one_are_refused_each_by_its_code() {
        assertThat(refusal(null)).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(refusal(new TokenDraft("bob", NOW.minusSeconds(60)).sign(KEY)))
                .isEqualTo(ErrorCode.TOKEN_EXPIRED);
    }

    private ErrorCode refusal(@Nullable String token) {
        return ((LoginRefusedException) authenticator.authenticate("bob", token).cause()).code();
    }
}
