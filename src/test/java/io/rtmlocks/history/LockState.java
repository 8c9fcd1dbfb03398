// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import org.jspecify.annotations.Nullable;

/**
 * All that a lock is to its users, and what each request does to it: the specification a history is held against.
 *
 * @param owner empty when it is free
 * @param token of the latest grant, also when the lock is free or gone since; of an owner whose grant was not answered only
 *     a lower bound
 * @param exact whether the owner's token is known
 */
record LockState(boolean exists, String owner, long token, boolean exact) {

    static final LockState MISSING = new LockState(false, "", 0, true);

    private static final int EXISTS = -14004;
    private static final int NOT_THE_OWNER = -14006;
    private static final int BUSY = -14007;
    private static final int NO_SUCH_LOCK = -14008;
    private static final int GUARD_FAILED = -12008;

    /** The state after this request, this state when it changes nothing; null when the answer contradicts this state. */
    @Nullable
    LockState after(Op op) {
        return switch (op.kind()) {
            case SET -> afterSet(op.answer());
            case SET_OR_KEEP -> afterSetOrKeep(op.answer());
            case ACQUIRE -> afterAcquire(op, exists);
            case CREATE_AND_ACQUIRE -> afterAcquire(op, true);
            case RELEASE -> afterRelease(op);
            case REVOKE -> afterRevoke(op.answer());
            case REMOVE -> afterRemove(op.answer());
            case READ -> afterRead(op.answer());
            case GUARDED_WRITE -> afterWrite(op);
            case MAY_EXPIRE -> owner.equals(op.client()) ? freed() : this;
        };
    }

    private LockState created() {
        return new LockState(true, "", token, true);
    }

    private LockState freed() {
        return created();
    }

    private LockState gone() {
        return new LockState(false, "", token, true);
    }

    private @Nullable LockState when(boolean fits) {
        return fits ? this : null;
    }

    private @Nullable LockState afterSet(Answer answer) {
        return switch (answer.code()) {
            case 0 -> exists ? null : created();
            case EXISTS -> when(exists);
            case Answer.UNKNOWN -> exists ? this : created();
            default -> this;
        };
    }

    private LockState afterSetOrKeep(Answer answer) {
        boolean happened = answer.isSuccess() || answer.code() == Answer.UNKNOWN;
        return happened && !exists ? created() : this;
    }

    private @Nullable LockState afterAcquire(Op op, boolean possible) {
        String client = op.client();
        boolean grantable = possible && owner.isEmpty();
        return switch (op.answer().code()) {
            case 0 -> granted(client, grantable, op.answer().token());
            case BUSY -> when(!owner.isEmpty() && !owner.equals(client));
            case NO_SUCH_LOCK -> when(!exists);
            case Answer.UNKNOWN -> grantable ? new LockState(true, client, token, false) : this;
            default -> this;
        };
    }

    /** Its owner hears the same token again. */
    private @Nullable LockState granted(String client, boolean grantable, long granted) {
        if (owner.equals(client)) {
            return exact ? when(token == granted) : grantedTo(client, granted);
        }
        return grantable ? grantedTo(client, granted) : null;
    }

    private @Nullable LockState grantedTo(String client, long granted) {
        return granted > token ? new LockState(true, client, granted, true) : null;
    }

    private boolean isHeld(String client, long with) {
        return owner.equals(client) && (exact ? with == token : with > token);
    }

    private @Nullable LockState afterRelease(Op op) {
        boolean held = isHeld(op.client(), op.token());
        return switch (op.answer().code()) {
            case 0 -> held ? freed() : null;
            case NOT_THE_OWNER -> when(exists && (!held || !exact));
            case NO_SUCH_LOCK -> when(!exists);
            case Answer.UNKNOWN -> held ? freed() : this;
            default -> this;
        };
    }

    private @Nullable LockState afterRevoke(Answer answer) {
        return switch (answer.code()) {
            case 0 -> !owner.isEmpty() && owner.equals(answer.owner()) ? freed() : null;
            case NOT_THE_OWNER -> when(exists && owner.isEmpty());
            case NO_SUCH_LOCK -> when(!exists);
            case Answer.UNKNOWN -> owner.isEmpty() ? this : freed();
            default -> this;
        };
    }

    private @Nullable LockState afterRemove(Answer answer) {
        return switch (answer.code()) {
            case 0 -> exists ? gone() : null;
            case NO_SUCH_LOCK -> when(!exists);
            case Answer.UNKNOWN -> exists ? gone() : this;
            default -> this;
        };
    }

    private @Nullable LockState afterRead(Answer answer) {
        if (!answer.isSuccess()) {
            return this;
        }
        if (exists != answer.exists() || !owner.equals(answer.owner())) {
            return null;
        }
        return owner.isEmpty() || exact
                ? when(owner.isEmpty() || token == answer.token())
                : grantedTo(owner, answer.token());
    }

    private @Nullable LockState afterWrite(Op op) {
        boolean held = isHeld(op.client(), op.token());
        return switch (op.answer().code()) {
            case 0 -> when(held);
            case GUARD_FAILED -> when(!held || !exact);
            default -> this;
        };
    }
}
