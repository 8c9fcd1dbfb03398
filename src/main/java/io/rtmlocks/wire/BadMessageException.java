// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

/** Bytes from another node that are no message of a version known here. The receiver drops the message and counts it. */
public final class BadMessageException extends Exception {

    private static final long serialVersionUID = 1;

    public BadMessageException(String reason) {
        super(reason);
    }
}
