// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microraft.model.message.RaftMessage;
import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.Fuzz;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What one replica says another understands, and only the one it is for; nonsense is refused. */
class RaftMessageCodecTest {

    private static final int ROUNDS = 2_000;
    private static final int KINDS = 10;
    private static final int CHECKSUM_BYTES = 4;
    private static final Endpoint TARGET = new Endpoint("n1", "5");

    @Test
    void any_message_comes_back_as_it_was() throws BadMessageException {
        assertThat(RandomMessages.kinds()).isEqualTo(KINDS);
        for (long seed = 0; seed < ROUNDS; seed++) {
            RaftMessage message = message(seed);
            byte[] bytes = RaftMessageCodec.encode(TARGET, message);
            RaftMessage decoded = RaftMessageCodec.decode(TARGET, bytes);

            assertThat(decoded).as("seed %d", seed).isInstanceOf(message.getClass());
            assertThat(RaftMessageCodec.encode(TARGET, decoded))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    private static RaftMessage message(long seed) {
        return new RandomMessages(seed).message((int) Math.floorMod(seed, (long) KINDS));
    }

    @Test
    void a_message_is_not_for_another_incarnation() {
        byte[] bytes = RaftMessageCodec.encode(TARGET, message(1));

        assertThatThrownBy(() -> RaftMessageCodec.decode(new Endpoint("n1", "6"), bytes))
                .isInstanceOf(BadMessageException.class)
                .hasMessage("it is for n1/5");
    }

    @Test
    void a_single_turned_bit_is_noticed() {
        byte[] bytes = RaftMessageCodec.encode(TARGET, message(3));
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));

            assertThatThrownBy(() -> RaftMessageCodec.decode(TARGET, damaged)).isInstanceOf(BadMessageException.class);
        }
    }

    @Test
    void damage_under_a_right_checksum_is_refused_or_read_as_another_message() {
        Fuzz.run(
                seed -> {
                    byte[] bytes = RaftMessageCodec.encode(TARGET, message(seed));
                    return Arrays.copyOf(bytes, bytes.length - CHECKSUM_BYTES);
                },
                content -> RaftMessageCodec.decode(TARGET, RaftMessageCodec.sealed(content)));
    }
}
