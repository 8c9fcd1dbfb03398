// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

/** A promise was broken: which, and how. */
final class Broken extends AssertionError {

    private static final long serialVersionUID = 1;
    private final String promise;

    Broken(String promise, String message) {
        super(promise + ": " + message);
        this.promise = promise;
    }

    String promise() {
        return promise;
    }
}
