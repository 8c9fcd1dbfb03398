// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

/**
 * How much a gateway keeps just now.
 *
 * @param sockets connections, logged in or not
 * @param sessions clients that are here or may come back
 * @param online those of them that are here
 * @param subscriptions channels seen, counted for each session
 * @param unanswered requests that have no answer yet, waits included
 * @param requests sent to a shard, and still watched for an answer
 */
public record GatewayCounts(int sockets, int sessions, int online, int subscriptions, int unanswered, int requests) {}
