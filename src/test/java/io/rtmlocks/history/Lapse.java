// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

/** From here on a client could not be sure any more that its locks had not expired. */
public record Lapse(String client, long fromNanos) {}
