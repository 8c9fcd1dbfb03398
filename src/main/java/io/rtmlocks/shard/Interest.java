// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.ChannelKey;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which gateways have subscribers for which streams of a shard's channels. Soft state: a new leader learns it anew. */
final class Interest {

    private final Map<ChannelKey, Map<Delivery.Stream, Set<String>>> byChannel = new HashMap<>();

    void add(ChannelKey channel, Delivery.Stream stream, String gateway) {
        byChannel
                .computeIfAbsent(channel, key -> new EnumMap<>(Delivery.Stream.class))
                .computeIfAbsent(stream, key -> new LinkedHashSet<>(2))
                .add(gateway);
    }

    /** The gateway has no subscriber of the channel any more. */
    void remove(ChannelKey channel, String gateway) {
        Map<Delivery.Stream, Set<String>> streams = byChannel.getOrDefault(channel, Map.of());
        streams.values().forEach(gateways -> gateways.remove(gateway));
        if (streams.values().stream().allMatch(Set::isEmpty)) {
            byChannel.remove(channel);
        }
    }

    /** Gateways that are gone tell nobody any more; who comes back begins anew. */
    void keepOnly(Set<String> gateways) {
        byChannel.values().forEach(streams -> streams.values().forEach(of -> of.retainAll(gateways)));
        byChannel.values().removeIf(streams -> streams.values().stream().allMatch(Set::isEmpty));
    }

    Set<String> of(ChannelKey channel, Delivery.Stream stream) {
        return byChannel.getOrDefault(channel, Map.of()).getOrDefault(stream, Set.of());
    }
}
