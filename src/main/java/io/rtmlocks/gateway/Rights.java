// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client may do, as its token says. Without such a claim everything; with one, what a line of it allows and nothing
 * else. A line is {@code PATTERN=OPS}:
 *
 * <ul>
 *   <li>PATTERN is {@code channel} or {@code channel/lock}, where {@code *} stands for any characters; {@code channel} is
 *       {@code channel/*}.
 *   <li>OPS are {@code *} or, separated by commas: subscribe, get, set, acquire, release, revoke, remove, storage.read,
 *       storage.write. Those about a channel as a whole (subscribe, get and storage) come only from a line for all its locks.
 * </ul>
 *
 * Immutable.
 */
public final class Rights {
    /** Everything on every channel. */
    public static final Rights ALL = new Rights(null);

    private final @Nullable List<Grant> grants;

    private Rights(@Nullable List<Grant> grants) {
        this.grants = grants;
    }

    /**
     * Only what these lines allow.
     *
     * @throws IllegalArgumentException saying which line is wrong, and how
     */
    public static Rights of(List<String> lines) {
        return new Rights(lines.stream().map(Grant::parse).toList());
    }

    /**
     * Whether the client may do this. Cancelling a wait goes with acquiring; leaving, renewing and unsubscribing are always
     * allowed.
     *
     * @param lockName not looked at for an operation on the channel as a whole
     */
    public boolean allows(Operation operation, String channel, String lockName) {
        if (grants == null) {
            return true;
        }
        return Right.neededFor(operation)
                .map(right -> grants.stream().anyMatch(grant -> grant.allows(right, channel, lockName)))
                .orElse(true);
    }
}
