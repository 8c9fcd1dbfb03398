// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Decides who may log in. */
public interface Authenticator {
    Future<Access> authenticate(String userId, @Nullable String token);
}
