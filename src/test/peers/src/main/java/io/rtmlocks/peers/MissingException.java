// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

/** What a driver needs is not installed; the message is the name of the Debian package that has it. */
final class MissingException extends Exception {
    private static final long serialVersionUID = 1;

    MissingException(String debianPackage) {
        super(debianPackage);
    }
}
