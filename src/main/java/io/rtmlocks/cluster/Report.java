// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.BinaryReader;
import io.rtmlocks.wire.BinaryWriter;
import io.rtmlocks.wire.NodeCodec;
import org.jspecify.annotations.Nullable;

/**
 * What a member says of itself, to all others and again and again.
 *
 * @param charter the one it lives by, null for none
 * @param isRooted whether its replicas count: it is not only on its way back
 */
record Report(Member member, @Nullable Charter charter, boolean isRooted) {

    private static final int KIND = 6;

    byte[] encode() {
        BinaryWriter out = NodeCodec.begin(KIND);
        write(out, member);
        return out.optional(charter, Report::write).flag(isRooted).toBytes();
    }

    static Report decode(byte[] bytes) throws BadMessageException {
        BinaryReader in = NodeCodec.open(bytes, KIND);
        Report report = new Report(member(in), in.optional(Report::charter), in.flag());
        in.end();
        return report;
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
