// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.tls.Credentials;
import io.rtmlocks.tls.SharedCredentials;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PfxOptions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How messages between nodes are sealed: TLS with a certificate on both ends, from the files that are configured or else made of the
 * secret; without a secret, not at all.
 *
 * <p>Who an end is is told by who vouches for it, never by its host name: every holder of such a certificate is a node, and all nodes
 * may do the same.
 */
final class BusSeal {

    private static final BusSeal NONE = new BusSeal(null, null);

    private final @Nullable PfxOptions shown;
    private final @Nullable PfxOptions trusted;

    private BusSeal(@Nullable PfxOptions shown, @Nullable PfxOptions trusted) {
        this.shown = shown;
        this.trusted = trusted;
    }

    static BusSeal of(ClusterSettings settings) {
        ClusterSettings.BusTls tls = settings.tls();
        if (tls != null) {
            return new BusSeal(tls.own().shown(), Credentials.trusted(tls.authorities()));
        }
        if (settings.secret().isEmpty()) {
            return NONE;
        }
        Credentials shared =
                SharedCredentials.of(ClusterKey.of(settings.cluster().name(), settings.secret(), "bus")
                        .bytes());
        return new BusSeal(shared.shown(), Credentials.trusted(shared.chain()));
    }

    void onto(EventBusOptions bus) {
        if (shown != null && trusted != null) {
            bus.setSsl(true)
                    .setKeyCertOptions(shown)
                    .setTrustOptions(trusted)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        }
    }
}
