// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.wire.ErrorCode;

/** A login was refused. */
public final class LoginRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;

    public LoginRefusedException(ErrorCode code, String reason) {
        super(reason);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
