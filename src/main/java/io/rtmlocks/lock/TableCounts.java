// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/** How much a table keeps: channels with anything in them, locks, those that have an owner, and waiters. */
public record TableCounts(int channels, int locks, int held, int waiters) {
    public static final TableCounts NONE = new TableCounts(0, 0, 0, 0);
}
