// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A gateway is told what it asked for, until it has nobody left to tell. */
class InterestTest {

    private final Interest interest = new Interest();
    private final ChannelKey channel = new ChannelKey(ChannelType.MESSAGE, "c");

    @Test
    void gateway_isTheAudienceOfTheStreamsItAskedFor_onceEach() {
        interest.add(channel, Delivery.Stream.LOCK, "g1");
        interest.add(channel, Delivery.Stream.LOCK, "g2");
        interest.add(channel, Delivery.Stream.LOCK, "g1");
        interest.add(channel, Delivery.Stream.QUEUE, "g2");
        assertThat(interest.of(channel, Delivery.Stream.LOCK)).containsExactly("g1", "g2");
        assertThat(interest.of(channel, Delivery.Stream.QUEUE)).containsExactly("g2");
        assertThat(interest.of(channel, Delivery.Stream.STORAGE)).isEmpty();
        assertThat(interest.of(new ChannelKey(ChannelType.STREAM, "c"), Delivery.Stream.LOCK))
                .isEmpty();
    }

    @Test
    void gatewayThatHasNobodyLeft_isToldNothing() {
        interest.add(channel, Delivery.Stream.LOCK, "g1");
        interest.add(channel, Delivery.Stream.QUEUE, "g1");
        interest.add(channel, Delivery.Stream.LOCK, "g2");
        interest.remove(channel, "g1");
        interest.remove(channel, "unknown");
        assertThat(interest.of(channel, Delivery.Stream.LOCK)).containsExactly("g2");
        assertThat(interest.of(channel, Delivery.Stream.QUEUE)).isEmpty();
        interest.remove(channel, "g2");
        assertThat(interest.of(channel, Delivery.Stream.LOCK)).isEmpty();
    }

    /** Every start of a node has an address of its own: nobody would ever take the former ones back. */
    @Test
    void gatewayThatIsGone_isForgotten() {
        interest.add(channel, Delivery.Stream.LOCK, "g1");
        interest.add(channel, Delivery.Stream.LOCK, "g2");
        interest.keepOnly(Set.of("g2"));
        assertThat(interest.of(channel, Delivery.Stream.LOCK)).containsExactly("g2");
        interest.keepOnly(Set.of());
        assertThat(interest.of(channel, Delivery.Stream.LOCK)).isEmpty();
    }
}
