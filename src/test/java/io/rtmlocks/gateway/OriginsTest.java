// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page may connect when its scheme, host and port are those of this server or of a line of the list, and only then. */
class OriginsTest {
    private static final Origins LISTED =
            new Origins(List.of("https://shop.example", "http://other.example:8080", "https://[2001:db8::1]:8443"));

    @ParameterizedTest
    @CsvSource({
        "https://shop.example,              true",
        "https://shop.example:443,          true",
        "HTTPS://Shop.Example,              true",
        "http://other.example:8080,         true",
        "https://[2001:db8::1]:8443,        true",
        "http://shop.example,               false",
        "https://shop.example:8443,         false",
        "https://shop.example:80,           false",
        "https://shop.example.evil.example, false",
        "https://evil-shop.example,         false",
        "https://shop.examplex,             false",
        "https://www.shop.example,          false",
        "https://shop.example.,             false",
        "https://shop.example@evil.example, false",
        "https://evil.example#shop.example, false",
        "https://shop.example/,             false",
        "https://shop.example/page,         false",
        "https://shop.example evil,         false",
        "https:shop.example,                false",
        "wss://shop.example,                false",
        "shop.example,                      false",
        "http://other.example,              false",
        "https://other.example:8080,        false",
        "http://localhost,                  false",
        "null,                              false",
        "file://,                           false",
        "http://[,                          false",
        "'',                                false",
        "*,                                 false",
    })
    void page_of_another_origin_must_be_listed(String origin, boolean allowed) {
        assertThat(LISTED.allow(List.of(origin), "locks.example", false)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "http://locks.example:8080,  locks.example:8080, false, true",
        "http://LOCKS.example:8080,  locks.EXAMPLE:8080, false, true",
        "https://locks.example:8080, locks.example:8080, false, true",
        "https://locks.example,      locks.example,      true,  true",
        "https://locks.example,      locks.example:443,  true,  true",
        "http://locks.example,       locks.example,      true,  false",
        "http://locks.example,       locks.example:8080, false, false",
        "http://locks.example:81,    locks.example:8080, false, false",
        "http://locks.example:8080,  '',                 false, false",
        "http://locks.example:8080,  ,                   false, false",
        "http://[::1]:8080,          [::1]:8080,         false, true",
        "ftp://locks.example:8080,   locks.example:8080, false, false",
    })
    void page_of_this_server_may_connect_though_nothing_is_listed(
            String origin, String host, boolean isEncrypted, boolean allowed) {
        assertThat(new Origins(List.of()).allow(List.of(origin), host, isEncrypted))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000, true",
        "https://127.0.0.1, true",
        "http://[::1]:5173, true",
        "http://localhost.evil.example, false",
        "http://127.0.0.1.evil.example, false",
        "http://127.0.0.2, false",
        "null, false"
    })
    void word_loopback_stands_for_every_page_of_this_machine(String origin, boolean allowed) {
        assertThat(new Origins(List.of("loopback")).allow(List.of(origin), "locks.example", false))
                .isEqualTo(allowed);
    }

    @Test
    void client_without_an_origin_is_no_browser() {
        assertThat(LISTED.allow(List.of(), "locks.example", false)).isTrue();
    }

    @Test
    void two_origins_are_none() {
        assertThat(LISTED.allow(List.of("https://shop.example", "https://shop.example"), "locks.example", false))
                .isFalse();
    }
}
