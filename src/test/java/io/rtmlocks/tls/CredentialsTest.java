// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate is taken while it is valid, and only then. */
class CredentialsTest {

    @TempDir
    private Path directory;

    @Test
    void valid_certificate_isTaken() throws Exception {
        assertThat(new Certificates(directory, "valid").credentials().chain()).hasSize(1);
    }

    @Test
    void expired_certificate_isRefused() throws Exception {
        Certificates expired = new Certificates(directory, "expired", "-3d", 2);

        assertThatThrownBy(expired::credentials)
                .isInstanceOf(UnusablePemException.class)
                .hasMessageContaining("its certificate expired at");
    }

    @Test
    void certificate_that_is_not_valid_yet_isRefused() throws Exception {
        Certificates early = new Certificates(directory, "early", "+3d", 2);

        assertThatThrownBy(early::credentials)
                .isInstanceOf(UnusablePemException.class)
                .hasMessageContaining("its certificate is not valid before");
    }
}
