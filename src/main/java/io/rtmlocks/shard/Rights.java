// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Operation;
import java.util.List;
import java.util.Objects;
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
    public static final Rights ALL = new Rights(null, List.of());

    /** Only what a client may always do. */
    static final Rights NONE = new Rights(List.of(), List.of());

    /** What a client is told for whatever it may not do, whether the thing exists or not. */
    public static final String REFUSAL = "your token does not give this right here";

    private final @Nullable List<String> lines;
    private final List<Grant> grants;

    private Rights(@Nullable List<String> lines, List<Grant> grants) {
        this.lines = lines;
        this.grants = grants;
    }

    /**
     * Only what these lines allow.
     *
     * @throws IllegalArgumentException saying which line is wrong, and how
     */
    public static Rights of(List<String> lines) {
        return new Rights(List.copyOf(lines), lines.stream().map(Grant::parse).toList());
    }

    /** The lines of which these rights are made; null for everything. */
    public @Nullable List<String> lines() {
        return lines;
    }

    /**
     * Whether the client may ask this. Setting the lock on the way to acquiring it takes the right to set it, too, and subscribing to
     * the storage that to read it.
     */
    public boolean allow(Command.Request request) {
        String channel = request.channel().name();
        boolean mayCreate = !(request instanceof Command.AcquireLock acquire)
                || !acquire.create()
                || allows(Operation.SET_LOCK, channel, request.lockName());
        boolean mayRead = !(request instanceof Command.Subscribe subscribe)
                || !subscribe.withStorage()
                || allows(Operation.GET_METADATA, channel, "");
        return mayCreate && mayRead && allows(request.operation(), channel, request.lockName());
    }

    /**
     * Whether the client may do this. Cancelling a wait goes with acquiring; leaving, renewing and unsubscribing are always
     * allowed.
     *
     * @param lockName not looked at for an operation on the channel as a whole
     */
    public boolean allows(Operation operation, String channel, String lockName) {
        if (lines == null) {
            return true;
        }
        return Right.neededFor(operation)
                .map(right -> grants.stream().anyMatch(grant -> grant.allows(right, channel, lockName)))
                .orElse(true);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Rights rights && Objects.equals(lines, rights.lines);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(lines);
    }

    @Override
    public String toString() {
        return lines == null ? "everything" : lines.toString();
    }
}
