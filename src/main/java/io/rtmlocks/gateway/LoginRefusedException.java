// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.wire.ErrorCode;

/** A login that is not granted. Its message is a sentence for the person behind the client and tells no secret. */
public final class LoginRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** Carries no stack: a refusal is an answer, and anybody can cause it as often as they like. */
    LoginRefusedException(ErrorCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    /** {@link ErrorCode#TOKEN_INVALID}, or {@link ErrorCode#TOKEN_EXPIRED} for a token that was good once. */
    public ErrorCode code() {
        return code;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
