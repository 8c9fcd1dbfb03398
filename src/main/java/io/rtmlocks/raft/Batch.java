// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.BinaryReader;
import io.rtmlocks.wire.BinaryWriter;
import io.rtmlocks.wire.CommandCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of the log: commands that are applied one after the other at one moment, and the same in bytes. Of one that has been applied
 * only the bytes are kept, which is all that another replica may still need of it.
 */
final class Batch {

    private final Moment moment;
    private final byte[] bytes;
    private List<Proposal> proposals;

    private Batch(Moment moment, List<Proposal> proposals, byte[] bytes) {
        this.moment = moment;
        this.proposals = proposals;
        this.bytes = bytes;
    }

    /** A command, and which gateway gave it. */
    record Proposal(String gateway, Command command) {}

    Moment moment() {
        return moment;
    }

    List<Proposal> proposals() {
        return proposals;
    }

    /** @return how much of it the log keeps */
    int bytes() {
        return bytes.length;
    }

    /** It is not asked for its proposals again. */
    void wasApplied() {
        proposals = List.of();
    }

    static void write(BinaryWriter out, Batch batch) {
        CommandCodec.moment(out, batch.moment);
        out.bytes(batch.bytes);
    }

    static Batch read(BinaryReader in) throws BadMessageException {
        Moment moment = CommandCodec.moment(in);
        byte[] bytes = in.bytes();
        BinaryReader commands = new BinaryReader(bytes);
        List<Proposal> proposals = new ArrayList<>();
        String gateway = "";
        while (commands.hasMore()) {
            gateway = commands.flag() ? gateway : commands.text();
            proposals.add(new Proposal(gateway, CommandCodec.read(commands)));
        }
        return new Batch(moment, proposals, bytes);
    }

    /** A batch that is being filled. */
    static final class Draft {
        private final List<Proposal> proposals = new ArrayList<>();
        private final BinaryWriter out = new BinaryWriter();
        private String lastGateway = "";

        /** The gateway is written when it is another one than that of the command before. */
        void add(String gateway, Command command) {
            proposals.add(new Proposal(gateway, command));
            boolean isTheSame = gateway.equals(lastGateway);
            out.flag(isTheSame);
            if (!isTheSame) {
                lastGateway = gateway;
                out.text(gateway);
            }
            CommandCodec.write(out, command);
        }

        boolean isFull(RaftSettings settings) {
            return proposals.size() >= settings.batchCommandsMax() || out.size() >= settings.batchBytesMax();
        }

        List<Proposal> proposals() {
            return proposals;
        }

        Batch at(Moment moment) {
            return new Batch(moment, proposals, out.toBytes());
        }
    }
}
