// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/** What identifies a channel: its type and its name. */
public record ChannelKey(ChannelType type, String name) {}
