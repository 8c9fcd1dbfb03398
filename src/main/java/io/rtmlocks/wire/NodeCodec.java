// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What nodes tell each other about shards, in binary. Each message begins with a version and its kind.
 *
 * <p>Whoever decodes drops a {@link BadMessageException} and counts it. Nothing else is thrown, and no more memory taken than
 * the bytes deserve, whatever they are.
 */
public final class NodeCodec {

    /** Grows when the meaning of any byte changes; nodes of different versions do not understand each other. */
    static final int VERSION = 3;

    private static final int COMMANDS = 1;
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

    public static byte[] encodeCommands(List<Command> commands) {
        return begin(COMMANDS).list(commands, CommandCodec::write).toBytes();
    }

    public static List<Command> decodeCommands(byte[] message) throws BadMessageException {
        BinaryReader in = open(message, COMMANDS);
        List<Command> commands = in.list(CommandCodec::read);
        in.end();
        return commands;
    }

    /** @return the snapshot in pieces of that many bytes at most, at least one */
    public static List<byte[]> encodeSnapshot(Snapshot snapshot, int chunkBytesMax) {
        BinaryWriter out = begin(SNAPSHOT);
        SnapshotCodec.write(out, snapshot);
        byte[] whole = out.toBytes();
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; from < whole.length; from += chunkBytesMax) {
            chunks.add(Arrays.copyOfRange(whole, from, Math.min(whole.length, from + chunkBytesMax)));
        }
        return chunks;
    }

    /** @param chunks all of them, in order */
    public static Snapshot decodeSnapshot(List<byte[]> chunks) throws BadMessageException {
        byte[] whole = new byte[chunks.stream().mapToInt(chunk -> chunk.length).reduce(0, Math::addExact)];
        int to = 0;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, 0, whole, to, chunk.length);
            to += chunk.length;
        }
        BinaryReader in = open(whole, SNAPSHOT);
        Snapshot snapshot = SnapshotCodec.read(in);
        in.end();
        return snapshot;
    }
}
