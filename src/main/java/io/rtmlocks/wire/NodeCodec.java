// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import io.rtmlocks.lock.Snapshot;
import java.util.List;

/**
 * What nodes tell each other about shards, in binary. Each message begins with a version and its kind.
 *
 * <p>Whoever decodes drops a {@link BadMessageException} and counts it. Nothing else is thrown, and no more memory taken than
 * the bytes deserve, whatever they are.
 */
public final class NodeCodec {

    /** Grows when the meaning of any byte changes; nodes of different versions do not understand each other. */
    static final int VERSION = 7;

    private static final int SNAPSHOT = 2;

    private NodeCodec() {}

    /** Begins a message of this kind. */
    public static BinaryWriter begin(int kind) {
        return new BinaryWriter().number(VERSION).number(kind);
    }

    /** Reads the beginning of a message of this kind. */
    public static BinaryReader open(byte[] message, int kind) throws BadMessageException {
        return open(new BinaryReader(message), kind);
    }

    /** Reads the beginning of a message of this kind. */
    public static BinaryReader open(BinaryReader in, int kind) throws BadMessageException {
        long version = in.number();
        if (version != VERSION) {
            throw new BadMessageException("version " + version + ", known is " + VERSION);
        }
        long found = in.number();
        if (found != kind) {
            throw new BadMessageException("kind " + found + " instead of " + kind);
        }
        return in;
    }

    /**
     * @param bytesEnough size from which on a piece takes nothing more
     * @return the snapshot in pieces, at least one
     */
    public static List<SnapshotPart> encodeSnapshot(Snapshot snapshot, int bytesEnough) {
        return SnapshotCodec.write(new SnapshotParts(begin(SNAPSHOT), bytesEnough), snapshot);
    }

    /** @param parts all of them, in order */
    public static Snapshot decodeSnapshot(List<SnapshotPart> parts) throws BadMessageException {
        BinaryReader in = open(whole(parts), SNAPSHOT);
        Snapshot snapshot = SnapshotCodec.read(in);
        in.end();
        return snapshot;
    }

    private static byte[] whole(List<SnapshotPart> parts) {
        List<byte[]> all = parts.stream().map(SnapshotPart::bytes).toList();
        byte[] whole = new byte[all.stream().mapToInt(part -> part.length).reduce(0, Math::addExact)];
        int to = 0;
        for (byte[] part : all) {
            System.arraycopy(part, 0, whole, to, part.length);
            to += part.length;
        }
        return whole;
    }
}
