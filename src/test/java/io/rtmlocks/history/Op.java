// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

/**
 * One request of one client for one lock, from the moment it was first sent until its answer was here; sent again under the
 * same id it is still the same request.
 *
 * @param client who asked; one session each
 * @param lock channel and name
 * @param token the fencing token that was sent along, or 0
 * @param returnedNanos {@link #NEVER} when the outcome stayed unknown
 */
public record Op(
        String client, String lock, Kind kind, long token, long invokedNanos, long returnedNanos, Answer answer) {

    public static final long NEVER = Long.MAX_VALUE;

    /** What was asked for. */
    public enum Kind {
        SET,
        /** {@code setLock} with {@code ifExists: "keep"}. */
        SET_OR_KEEP,
        ACQUIRE,
        /** {@code acquireLock} with {@code create}. */
        CREATE_AND_ACQUIRE,
        RELEASE,
        REVOKE,
        REMOVE,
        /** {@code getLock}, as far as it speaks of this lock. */
        READ,
        /** A write to storage that this lock guards. */
        GUARDED_WRITE,
        /** No request: from here on the client could not be sure that it is online, so it may lose the lock. */
        MAY_EXPIRE
    }

    boolean isUnknown() {
        return answer.code() == Answer.UNKNOWN;
    }

    boolean isGrant() {
        return (kind == Kind.ACQUIRE || kind == Kind.CREATE_AND_ACQUIRE) && answer.isSuccess();
    }

    /** Whether the same answer stands for a lock that was made as well as for one that was there. */
    boolean mayCreate() {
        return kind == Kind.SET_OR_KEEP && answer.isSuccess();
    }

    /** Whether it may have taken the lock from its owner, whoever that was. */
    boolean mayTakeAway() {
        return (kind == Kind.REVOKE || kind == Kind.REMOVE) && (answer.isSuccess() || isUnknown());
    }

    @Override
    public String toString() {
        return "%s %s %s token %d [%d..%s ms] -> %s"
                .formatted(
                        client,
                        kind,
                        lock,
                        token,
                        invokedNanos / 1_000_000,
                        returnedNanos == NEVER ? "" : returnedNanos / 1_000_000,
                        answer);
    }
}
