// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/** The two kinds of channel. Channels of different type are different channels, whatever their name (PROTOCOL.md §3). */
public enum ChannelType {
    MESSAGE,
    STREAM
}
