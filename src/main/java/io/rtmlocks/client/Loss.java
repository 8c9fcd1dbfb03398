// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

/**
 * A lock is not ours any more, or will not surely be for long.
 *
 * @param reason for a person
 * @param leftMillis how long it surely is still ours, 0 when it is not
 */
public record Loss(String reason, long leftMillis) {}
