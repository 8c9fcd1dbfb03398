// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

/** The lock is ours. */
public record Grant(long fencingToken, int ttlSeconds) {}
