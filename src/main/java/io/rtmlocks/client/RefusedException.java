// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

/** The service said no, and would say it again. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean isLogin;
    private final int code;

    RefusedException(boolean isLogin, int code, String reason) {
        super(reason, null, false, false);
        this.isLogin = isLogin;
        this.code = code;
    }

    /** Whether it was the login that was refused, not the lock. */
    public boolean isLogin() {
        return isLogin;
    }

    /** The error code of the answer or the close code of the connection; 0 for no answer, because the lock is not wanted any more. */
    public int code() {
        return code;
    }
}
