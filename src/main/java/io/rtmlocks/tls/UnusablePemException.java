// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tls;

import java.nio.file.Path;

/** A PEM file cannot be used; the message says why, and what to do. */
public final class UnusablePemException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Path file;

    UnusablePemException(Path file, String why) {
        super(why);
        this.file = file;
    }

    /** The file at fault. */
    public Path file() {
        return file;
    }
}
