// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.microraft.model.message.RaftMessage;
import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.Fuzz;
import org.junit.jupiter.api.Test;

/** What one replica says another understands; nonsense is refused. */
class RaftMessageCodecTest {

    private static final int ROUNDS = 2_000;
    private static final int KINDS = 10;

    @Test
    void any_message_comes_back_as_it_was() throws BadMessageException {
        assertThat(RandomMessages.kinds()).isEqualTo(KINDS);
        for (long seed = 0; seed < ROUNDS; seed++) {
            RaftMessage message = message(seed);
            byte[] bytes = RaftMessageCodec.encode(message);
            RaftMessage decoded = RaftMessageCodec.decode(bytes);

            assertThat(decoded).as("seed %d", seed).isInstanceOf(message.getClass());
            assertThat(RaftMessageCodec.encode(decoded)).as("seed %d", seed).isEqualTo(bytes);
        }
    }

    private static RaftMessage message(long seed) {
        return new RandomMessages(seed).message((int) Math.floorMod(seed, (long) KINDS));
    }

    @Test
    void damage_is_refused_or_read_as_another_message() {
        Fuzz.run(seed -> RaftMessageCodec.encode(message(seed)), RaftMessageCodec::decode);
    }
}
