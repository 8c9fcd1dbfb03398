// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The node listens on its own address alone, and looks for members by name as well as by number. */
class HazelcastConfigTest {

    /** Hazelcast drops members given by name that do not resolve to an enabled interface: all but this node. */
    @Test
    void membersByName_areNotDropped_thoughOneAddressIsListenedOn() {
        Config config = HazelcastConfig.of(new ClusterSettings(
                new Member("a", "1"),
                "10.0.0.1",
                5701,
                5801,
                List.of("a.example:5701", "b.example:5701"),
                new Shape("rtm-locks", 2, 16),
                "secret",
                null));

        assertThat(config.getProperty("hazelcast.local.localAddress")).isEqualTo("10.0.0.1");
        assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
        assertThat(config.getNetworkConfig().getInterfaces().isEnabled()).isFalse();
    }
}
