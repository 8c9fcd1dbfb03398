// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.Fuzz;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A message between replicas says who they are; what came damaged is no message. */
class ReplicaEnvelopeTest {

    private static final int CHECKSUM_BYTES = 4;
    private static final Endpoint SENDER = new Endpoint("n1", "5");
    private static final Endpoint RECEIVER = new Endpoint("n2", "8");
    private static final byte[] LETTER = ReplicaEnvelope.seal("c", SENDER, RECEIVER, new byte[] {1, 2, 3});

    @Test
    void a_message_comes_with_who_sent_it_to_whom() {
        ReplicaEnvelope opened = Objects.requireNonNull(ReplicaEnvelope.open(LETTER));

        assertThat(opened.charter()).isEqualTo("c");
        assertThat(opened.sender()).isEqualTo(SENDER);
        assertThat(opened.receiver()).isEqualTo(RECEIVER);
        assertThat(opened.content()).containsExactly(1, 2, 3);
        assertThat(opened.isOrderToRestart() || opened.isGreeting()).isFalse();
    }

    @Test
    void an_order_and_a_greeting_are_told_from_a_message() {
        ReplicaEnvelope order =
                Objects.requireNonNull(ReplicaEnvelope.open(ReplicaEnvelope.orderToRestart("c", SENDER, RECEIVER)));
        ReplicaEnvelope greeting =
                Objects.requireNonNull(ReplicaEnvelope.open(ReplicaEnvelope.greeting("c", SENDER, RECEIVER)));

        assertThat(order.isOrderToRestart()).isTrue();
        assertThat(order.isGreeting()).isFalse();
        assertThat(greeting.isGreeting()).isTrue();
        assertThat(greeting.isOrderToRestart()).isFalse();
    }

    @Test
    void a_single_turned_bit_is_noticed() {
        for (int bit = 0; bit < LETTER.length * Byte.SIZE; bit++) {
            byte[] damaged = LETTER.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));

            assertThat(ReplicaEnvelope.open(damaged)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void what_is_too_short_or_too_long_is_no_message() {
        for (int length = 0; length < LETTER.length; length++) {
            assertThat(ReplicaEnvelope.open(Arrays.copyOf(LETTER, length))).isNull();
        }
        assertThat(ReplicaEnvelope.open(Arrays.copyOf(LETTER, LETTER.length + 1)))
                .isNull();
    }

    @Test
    void damage_under_a_right_checksum_is_refused_or_read_as_another_message() {
        Fuzz.run(seed -> Arrays.copyOf(LETTER, LETTER.length - CHECKSUM_BYTES), content -> {
            if (ReplicaEnvelope.open(ReplicaEnvelope.closed(content)) == null) {
                throw new BadMessageException("no message");
            }
        });
    }
}
