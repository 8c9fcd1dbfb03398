// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.NodeCodec;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one node sends is what the other receives; what is no message is said to be none, whatever it is. */
class NodeMessageCodecTest {

    private static final int ROUNDS = Integer.getInteger("rtm.fuzz.rounds", 20_000);
    private static final ChannelKey CHANNEL = new ChannelKey(ChannelType.STREAM, "c");
    private static final Caller CALLER = new Caller("s", 1L << 21, 7);

    static Stream<NodeMessage> messages() {
        return Stream.of(
                new CommandBatch(
                        3,
                        "node.a",
                        4,
                        5,
                        List.of(
                                new CommandBatch.Permit("s", 1L << 21, Rights.ALL),
                                new CommandBatch.Permit("t", 1, Rights.of(List.of("a/b=get,set", "*=*")))),
                        List.of(new Command.GetLock(CALLER, CHANNEL, true))),
                new CommandBatch.Disinterest(3, "node.a", CHANNEL),
                new CommandBatch.Refused(3, 4, 5),
                new DeliveryBatch(3, 4, 5, deliveries()),
                new DeliveryBatch.Told(3, "node.a", 4, 5),
                new Leads(3, "charter", 9, "node.b", List.of(new Leads.Line("node.a", 1, 2, 3))),
                new Claim("s", 2, "node.b"),
                new Claim.Yielded("s", 2, true, List.of("{}", "a")),
                new Bundle(List.of(new CommandBatch.Refused(3, 4, 5), new Claim("ß", 2, "node.\u20ac"))));
    }

    private static List<Delivery> deliveries() {
        return List.of(
                new Delivery.Answered("s", 1, null, "{}", false),
                new Delivery.Answered("s", 2, ErrorCode.NOT_ACQUIRED, "{}", true),
                new Delivery.Notice("s", true, "{\"a\":\"ä\"}"),
                new Delivery.Snapshot(3, "s", CHANNEL, 1, 2, List.of("x", "y")),
                new Delivery.Event(3, CHANNEL, Delivery.Stream.QUEUE, 4, "{}"),
                new Delivery.Resumed(
                        3,
                        "s",
                        5,
                        true,
                        1L << 52,
                        List.of(new LockView.Held(CHANNEL, "l", 1L << 50)),
                        List.of(new LockView.Waiting(CHANNEL, "l", 8, 1))),
                new Delivery.Departed(3, "s", 5),
                new Delivery.NotAdmitted(3, CALLER, 6, true),
                new Delivery.Noted(3, "s", 5));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_message_arrives_as_it_was_sent(NodeMessage message) throws Exception {
        assertThat(NodeMessageCodec.decode(NodeMessageCodec.encode(message))).isEqualTo(message);
    }

    /** Else a few bytes would ask for any depth. */
    @Test
    void a_bundle_in_a_bundle_is_no_message() {
        int bundle = 10;
        byte[] nested = NodeCodec.begin(3)
                .number(bundle)
                .number(1)
                .number(bundle)
                .number(0)
                .toBytes();
        assertThatThrownBy(() -> NodeMessageCodec.decode(nested)).isInstanceOf(BadMessageException.class);
    }

    @Test
    void what_is_no_message_is_said_to_be_none_and_ends_nothing() {
        SplittableRandom random = new SplittableRandom(1);
        List<NodeMessage> messages = messages().toList();
        int understood = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = NodeMessageCodec.encode(messages.get(i % messages.size()));
            for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            understood += isUnderstood(bytes) ? 1 : 0;
        }
        assertThat(understood).isLessThan(ROUNDS / 2);
    }

    private static boolean isUnderstood(byte[] bytes) {
        try {
            NodeMessageCodec.decode(bytes);
            return true;
        } catch (BadMessageException e) {
            return false;
        }
    }
}
