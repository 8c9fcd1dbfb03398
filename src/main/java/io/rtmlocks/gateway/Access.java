// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.shard.Rights;

/**
 * What a login was granted.
 *
 * @param expiresAtUtcMillis when the connection needs a new token; {@link #NEVER} if it does not
 */
public record Access(Rights rights, long expiresAtUtcMillis) {
    public static final long NEVER = Long.MAX_VALUE;
}
