// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name that is not known is answered with the one that was most likely meant, and with none when nothing is near. */
class NearestTest {

    @ParameterizedTest
    @CsvSource({
        "http.prot, http.port",
        "http.allowed_origins, http.allowedOrigins",
        "auth.hmac-secret, auth.hmacSecret",
        "HTTP.PORT, http.port",
        "session.heartbeat, session.heartbeatMs"
    })
    void name_with_a_slip_is_recognised(String name, String meant) {
        assertThat(Nearest.hint(name, ConfigKey.paths())).isEqualTo(": did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({"x", "database.url", "mail.certificate"})
    void name_like_no_other_is_not_guessed(String name) {
        assertThat(Nearest.hint(name, ConfigKey.paths())).isEqualTo(": see all with `config default`");
    }
}
