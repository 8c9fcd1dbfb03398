// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/** What identifies a channel: its type and its name. */
public record ChannelKey(ChannelType type, String name) {

    // By hand, because every request looks channels up more than once, and what a record makes of itself is slow until
    // it is compiled. The hash is the same in every process, and with it the order of maps: a seed is always the same
    // run.

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelKey key && type == key.type && name.equals(key.name);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + type.name().hashCode();
    }
}
