// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.KeyFile;
import io.rtmlocks.gateway.TokenCheck;
import io.rtmlocks.gateway.TokenKey;
import io.rtmlocks.gateway.TokenRules;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of login tokens that the settings name. */
final class LoginKeys {
    private final Config.Auth auth;
    private final List<TokenKey> secrets;
    private final @Nullable KeyFile file;

    /** @throws IllegalArgumentException when they cannot be used, which {@link ConfigRules} has refused before if a login is needed */
    LoginKeys(Config.Auth auth) {
        this.auth = auth;
        this.secrets = Stream.of(auth.hmacSecret(), auth.hmacSecretAlso())
                .filter(secret -> !secret.isEmpty())
                .map(TokenKey::ofSecret)
                .toList();
        this.file = auth.keysFile().isEmpty() ? null : KeyFile.read(Path.of(auth.keysFile()));
    }

    /** Those that count now. */
    List<TokenKey> all() {
        List<TokenKey> all = new ArrayList<>(secrets);
        if (file != null) {
            all.addAll(file.keys());
        }
        return all;
    }

    TokenCheck check() {
        return new TokenCheck(new TokenRules(auth.algorithms(), auth.issuer(), auth.audience()), this::all);
    }

    /** Takes over what changes in the file of keys, as long as this Vert.x lives. */
    void watch(Vertx vertx) {
        if (file != null) {
            file.watch(vertx);
        }
    }
}
