// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import io.rtmlocks.lock.Operation;
import io.rtmlocks.lock.Rejection;

/** Every error number that crosses the wire, and whether the same request may succeed later (PROTOCOL.md §4, §6). */
public enum ErrorCode {
    NOT_LOGGED_IN(-10002, false),
    TOKEN_INVALID(-10005, false),
    USER_ID_NOT_LEGAL(-10006, false),
    CHANNEL_NOT_LEGAL(-10008, false),
    TOKEN_EXPIRED(-10009, false),
    MALFORMED(-10014, false),
    ALREADY_LOGGED_IN(-10017, false),
    CHANNEL_TYPE_NOT_LEGAL(-10019, false),
    RATE_LIMITED(-10021, true),
    STORAGE_LOCK_GUARD(-12008, false),
    STORAGE_KEY_NOT_LEGAL(-12011, false),
    STORAGE_TOO_LARGE(-12012, false),
    STORAGE_DUPLICATE_KEY(-12013, false),
    STORAGE_OUTDATED_REVISION(-12014, false),
    STORAGE_OUTCOME_UNKNOWN(-12018, true),
    STORAGE_UNAVAILABLE(-12019, true),
    STORAGE_FORBIDDEN(-12020, false),
    FAILED(-14001, false),
    OUTCOME_UNKNOWN(-14002, true),
    ALREADY_WAITING(-14003, false),
    LOCK_EXISTS(-14004, false),
    LOCK_NAME_NOT_LEGAL(-14005, false),
    NOT_OWNER(-14006, false),
    NOT_ACQUIRED(-14007, true),
    NO_SUCH_LOCK(-14008, false),
    UNAVAILABLE(-14009, true),
    FORBIDDEN(-14010, false);

    private final int number;
    private final boolean retryable;

    ErrorCode(int number, boolean retryable) {
        this.number = number;
        this.retryable = retryable;
    }

    public int number() {
        return number;
    }

    public boolean retryable() {
        return retryable;
    }

    /** The same error as it is called for this operation: storage has numbers of its own for three of them. */
    public ErrorCode in(Operation operation) {
        if (!operation.isStorage()) {
            return this;
        }
        return switch (this) {
            case OUTCOME_UNKNOWN -> STORAGE_OUTCOME_UNKNOWN;
            case UNAVAILABLE -> STORAGE_UNAVAILABLE;
            case FORBIDDEN -> STORAGE_FORBIDDEN;
            default -> this;
        };
    }

    public static ErrorCode of(Rejection.Kind kind) {
        return switch (kind) {
            case FAILED -> FAILED;
            case ALREADY_WAITING -> ALREADY_WAITING;
            case LOCK_EXISTS -> LOCK_EXISTS;
            case NOT_OWNER -> NOT_OWNER;
            case NOT_ACQUIRED -> NOT_ACQUIRED;
            case NO_SUCH_LOCK -> NO_SUCH_LOCK;
            case ID_REUSED -> MALFORMED;
            case LOCK_GUARD -> STORAGE_LOCK_GUARD;
            case KEY_NOT_LEGAL -> STORAGE_KEY_NOT_LEGAL;
            case METADATA_TOO_LARGE -> STORAGE_TOO_LARGE;
            case DUPLICATE_KEY -> STORAGE_DUPLICATE_KEY;
            case OUTDATED_REVISION -> STORAGE_OUTDATED_REVISION;
        };
    }
}
