// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** Sockets that note what they are told, and when it leaves. */
class FlushesTest {
    private final List<Runnable> endOfTurn = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final Flushes flushes = new Flushes(endOfTurn::add);

    private final class Socket extends ChannelOutboundHandlerAdapter {
        private final Flushes.OfSocket flush = flushes.new OfSocket();
        private final List<String> told = new ArrayList<>();
        private final EmbeddedChannel channel = new EmbeddedChannel(this, flush);
        private final String name;

        Socket(String name) {
            this.name = name;
        }

        void tell(String what) {
            channel.writeOneOutbound(what);
            channel.flushOutbound();
        }

        void tellAlone(String text) {
            flush.add(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void write(ChannelHandlerContext network, Object what, ChannelPromise done) {
            told.add(what instanceof ByteBuf frames ? texts(frames) : (String) what);
            done.setSuccess();
        }

        /** What the frames say, joined by "+". */
        private static String texts(ByteBuf frames) {
            StringJoiner texts = new StringJoiner("+");
            while (frames.isReadable()) {
                frames.skipBytes(1);
                int oneByte = frames.readUnsignedByte();
                int bytes = oneByte <= TextFrame.BYTES_IN_ONE_BYTE_MAX ? oneByte : frames.readUnsignedShort();
                texts.add(frames.readCharSequence(bytes, StandardCharsets.UTF_8));
            }
            frames.release();
            return texts.toString();
        }

        @Override
        public void flush(ChannelHandlerContext network) {
            left.add(name + " " + String.join(" ", told));
            told.clear();
        }
    }

    private void endTurn() {
        List<Runnable> due = List.copyOf(endOfTurn);
        endOfTurn.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void what_is_written_in_a_turn_leaves_at_its_end_at_once_for_each_socket() {
        Socket alice = new Socket("alice");
        Socket bob = new Socket("bob");
        alice.tell("1");
        bob.tell("2");
        alice.tell("3");
        assertThat(left).isEmpty();

        endTurn();
        assertThat(left).containsExactly("alice 1 3", "bob 2");

        bob.tell("4");
        endTurn();
        assertThat(left).containsExactly("alice 1 3", "bob 2", "bob 4");
        assertThat(endOfTurn).isEmpty();
    }

    @Test
    void what_a_socket_alone_is_told_in_a_turn_is_one_buffer_and_nothing_overtakes_it() {
        Socket socket = new Socket("socket");
        socket.tellAlone("1");
        socket.tellAlone("2".repeat(TextFrame.BYTES_IN_ONE_BYTE_MAX + 1));
        socket.tell("event");
        socket.tellAlone("3");
        endTurn();
        socket.tellAlone("4");
        endTurn();

        assertThat(left).containsExactly("socket 1+" + "2".repeat(126) + " event 3", "socket 4");
    }

    @Test
    void what_is_gathered_counts_for_the_network_before_it_is_very_much() {
        Socket socket = new Socket("socket");
        String text = "x".repeat(Flushes.BYTES_GATHERED_MAX / 2);
        socket.tellAlone(text);
        assertThat(socket.told).isEmpty();
        socket.tellAlone(text);

        assertThat(socket.told).containsExactly(text + "+" + text);
    }

    @Test
    void what_is_gathered_for_a_connection_that_is_gone_is_let_go() {
        Socket socket = new Socket("socket");
        socket.tellAlone("1");
        socket.channel.pipeline().remove(socket.flush);
        socket.tellAlone("2");
        endTurn();

        assertThat(left).isEmpty();
    }

    @Test
    void who_lost_a_lock_and_who_got_it_hear_of_it_before_all_others_in_that_order() {
        Socket releaser = new Socket("releaser");
        Socket loser = new Socket("loser");
        Socket next = new Socket("next");
        releaser.tell("revoked");
        next.tell("event");
        loser.flush.goFirst();
        loser.tell("lost");
        next.flush.goFirst();
        next.tell("granted");
        releaser.tell("event");
        endTurn();

        assertThat(left).containsExactly("loser lost", "next event granted", "releaser revoked event");
    }

    @Test
    void whoever_is_to_go_first_and_is_told_nothing_holds_up_nobody() {
        Socket silent = new Socket("silent");
        silent.flush.goFirst();
        endTurn();
        assertThat(left).isEmpty();

        silent.tell("1");
        new Socket("other").tell("2");
        endTurn();
        assertThat(left).containsExactly("silent 1", "other 2");
    }

    @Test
    void what_is_very_much_does_not_wait_for_the_end_of_the_turn() {
        Socket socket = new Socket("socket");
        for (int i = 0; i < Flushes.FRAMES_OF_A_SOCKET_MAX; i++) {
            socket.tell("x");
        }
        assertThat(left).hasSize(1);

        socket.tell("last");
        endTurn();
        assertThat(left).hasSize(2).last().isEqualTo("socket last");
    }

    @Test
    void what_the_network_cannot_take_at_once_does_not_wait_for_the_end_of_the_turn() {
        Socket socket = new Socket("socket");
        socket.tell("1");
        socket.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        socket.tell("2");

        assertThat(left).containsExactly("socket 1 2");
    }

    @Test
    void what_was_written_leaves_before_its_connection_is_closed() {
        Socket socket = new Socket("socket");
        socket.tell("goodbye");
        socket.tellAlone("and well");
        socket.channel.close();
        endTurn();

        assertThat(left).containsExactly("socket goodbye and well");
    }
}
