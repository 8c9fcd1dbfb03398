// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

/** The service said no, and would say it again. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean isLogin;

    RefusedException(boolean isLogin, String reason) {
        super(reason, null, false, false);
        this.isLogin = isLogin;
    }

    /** Whether it was the login that was refused, not the lock. */
    public boolean isLogin() {
        return isLogin;
    }
}
