// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.BinaryReader;
import io.rtmlocks.wire.BinaryWriter;
import io.rtmlocks.wire.NodeCodec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a member says of itself, to all others and again and again.
 *
 * @param shards how it stands with each of them, by their numbers
 * @param isDraining whether it is about to stop, and wants to lead nothing
 */
record Report(Member member, List<Standing> shards, boolean isDraining) {

    private static final int KIND = 6;

    Report {
        shards = List.copyOf(shards);
    }

    /**
     * How a node stands with a shard.
     *
     * @param charter the one it lives by, null for none
     * @param votes whether it has a replica of the shard that counts: one that is not only on its way back
     */
    record Standing(@Nullable Charter charter, boolean votes) {}

    /** Each charter travels once: most often all shards have the same. */
    byte[] encode() {
        List<Charter> charters = shards.stream()
                .map(Standing::charter)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        BinaryWriter out = NodeCodec.begin(KIND);
        write(out, member);
        out.list(charters, Report::write);
        return out.list(
                        shards,
                        (to, each) -> to.number(each.charter == null ? 0 : charters.indexOf(each.charter) + 1)
                                .flag(each.votes))
                .flag(isDraining)
                .toBytes();
    }

    static Report decode(byte[] bytes) throws BadMessageException {
        BinaryReader in = NodeCodec.open(bytes, KIND);
        Member member = member(in);
        List<Charter> charters = in.list(Report::charter);
        Report report = new Report(member, in.list(from -> standing(from, charters)), in.flag());
        in.end();
        return report;
    }

    private static Standing standing(BinaryReader in, List<Charter> charters) throws BadMessageException {
        int number = in.number(0, charters.size());
        return new Standing(number == 0 ? null : charters.get(number - 1), in.flag());
    }

    private static void write(BinaryWriter out, Member member) {
        out.text(member.name()).text(member.incarnation());
    }

    private static Member member(BinaryReader in) throws BadMessageException {
        return new Member(in.text(), in.text());
    }

    private static void write(BinaryWriter out, Charter charter) {
        out.text(charter.id()).list(charter.founders(), Report::write);
    }

    private static Charter charter(BinaryReader in) throws BadMessageException {
        return new Charter(in.text(), in.list(Report::member));
    }
}
