// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

/** A call that is refused or failed: its HTTP status, and a sentence that says what to do. */
final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    AdminException(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    static AdminException bad(String sentence) {
        return new AdminException(400, sentence);
    }

    int status() {
        return status;
    }
}
