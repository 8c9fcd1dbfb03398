// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

/** How a login ended. */
public enum LoginResult {
    /** A session began. */
    NEW,
    /** A session goes on. */
    RESUMED,
    /** The token is not good. */
    REFUSED,
    /** Nobody could tell in time what the session holds. */
    FAILED
}
