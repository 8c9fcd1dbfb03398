// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import io.rtmlocks.FreePorts;
import io.rtmlocks.shard.NodeBus;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** No object of Java's is read from the network: neither by the bus nor by Hazelcast; and the cluster does not need it. */
class ForeignObjectsTest {

    private static final AtomicInteger READ = new AtomicInteger();

    /** Would do its harm while it is read. */
    static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            READ.incrementAndGet();
        }
    }

    private static SerializationService service(SerializationConfig config) {
        return new DefaultSerializationServiceBuilder().setConfig(config).build();
    }

    @Test
    void hazelcast_readsNone() throws IOException {
        SerializationService careless = service(new SerializationConfig());
        Data bytes = careless.toData(new Gadget());
        int before = READ.get();
        Object read = careless.toObject(bytes);
        assertThat(read).isInstanceOf(Gadget.class);
        assertThat(READ.get()).isEqualTo(before + 1);
        SerializationService ours = service(
                HazelcastConfig.of(settings("n", FreePorts.one(), List.of())).getSerializationConfig());
        assertThatThrownBy(() -> ours.toObject(bytes)).hasMessageContaining("Gadget");
        assertThat(READ.get()).isEqualTo(before + 1);
    }

    /** Two members of a cluster, one of which sends the other what it should not. */
    @Test
    void theBus_readsNone_andGoesOn() throws Exception {
        int[] ports = {FreePorts.one(), FreePorts.one()};
        List<String> members = List.of("127.0.0.1:" + ports[0], "127.0.0.1:" + ports[1]);
        Vertx sender = join("a", ports[0], members);
        Vertx receiver = join("b", ports[1], members);
        try {
            NodeBus bus = new NodeBus(receiver, "b.1");
            java.util.concurrent.CountDownLatch heard = new java.util.concurrent.CountDownLatch(1);
            bus.peers(bytes -> heard.countDown());
            await(bus.open());
            NodeBus other = new NodeBus(sender, "a.1");
            sender.eventBus().serializableChecker(type -> true);
            other.nodes(new NodeBus.Nodes(java.util.Set.of(other.address(), bus.address()), 2));
            int before = READ.get();
            for (int i = 0; i < 100; i++) {
                sender.eventBus().send(bus.address(), new Gadget());
                sender.eventBus().send(bus.address(), "text");
                sender.eventBus().send(bus.address(), i);
            }
            other.tellPeers(new byte[] {1});
            assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(READ.get()).isEqualTo(before);
        } finally {
            await(sender.close());
            await(receiver.close());
        }
    }

    private static Vertx join(String name, int port, List<String> members) throws Exception {
        return await(Membership.join(settings(name, port, members), new VertxOptions()))
                .vertx();
    }

    private static ClusterSettings settings(String name, int port, List<String> members) {
        return new ClusterSettings(
                new Member(name, "1"), "127.0.0.1", port, 0, members, new Shape("test", 2, 16), "", null);
    }

    private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
