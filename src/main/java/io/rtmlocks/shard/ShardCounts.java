// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.TableCounts;

/**
 * How much a shard keeps and has to do just now.
 *
 * @param leads whether its leader is here
 * @param table what it keeps; nothing where it is not led
 * @param askedCommands that the log has not been given yet
 */
public record ShardCounts(boolean leads, TableCounts table, int askedCommands, ShardLog.Standing log) {}
