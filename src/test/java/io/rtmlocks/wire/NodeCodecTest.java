// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.lock.Reply;
import io.rtmlocks.lock.Snapshot;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a node says another node understands, whatever it is; and nonsense is refused, never believed or choked on. */
class NodeCodecTest {

    private static final int ROUNDS = 3_000;
    private static final int CHUNK_BYTES = 100;
    private static final int COMMANDS = 1;

    @Test
    void any_commands_come_back_as_they_were() throws BadMessageException {
        for (long seed = 0; seed < ROUNDS; seed++) {
            List<Command> commands = commands(seed);

            assertThat(decoded(encoded(commands))).as("seed %d", seed).isEqualTo(commands);
        }
    }

    @Test
    void any_snapshot_comes_back_from_its_chunks_as_it_was() throws BadMessageException {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Snapshot snapshot = new RandomValues(seed).of(Snapshot.class);
            List<SnapshotPart> parts = NodeCodec.encodeSnapshot(snapshot, CHUNK_BYTES);

            assertThat(NodeCodec.decodeSnapshot(parts)).as("seed %d", seed).isEqualTo(snapshot);
            assertThat(NodeCodec.encodeSnapshot(withoutAnswers(snapshot), CHUNK_BYTES))
                    .allMatch(part -> part.bytes().length <= CHUNK_BYTES);
        }
    }

    private static byte[] encoded(List<Command> commands) {
        return NodeCodec.begin(COMMANDS).list(commands, CommandCodec::write).toBytes();
    }

    private static List<Command> decoded(byte[] message) throws BadMessageException {
        BinaryReader in = NodeCodec.open(message, COMMANDS);
        List<Command> commands = in.list(CommandCodec::read);
        in.end();
        return commands;
    }

    private static Snapshot withoutAnswers(Snapshot snapshot) {
        return new Snapshot(
                snapshot.lastIndex(),
                snapshot.lastMillis(),
                snapshot.lastSerial(),
                snapshot.limits(),
                snapshot.channels(),
                snapshot.sessions().stream()
                        .map(session -> session.withAnswers(List.of()))
                        .toList());
    }

    @Test
    void every_command_and_every_answer_has_a_number() {
        assertThat(CommandCodec.COMMANDS.classes()).isEqualTo(records(Command.class));
        assertThat(AnswerCodec.ANSWERS.classes()).isEqualTo(records(Answer.class));
    }

    private static Set<Class<?>> records(Class<?> sealed) {
        Set<Class<?>> records = new HashSet<>();
        for (Class<?> kind : sealed.getPermittedSubclasses()) {
            records.addAll(kind.isSealed() ? records(kind) : Set.of(kind));
        }
        return records;
    }

    /** A new word goes to the end; any other change needs a new version. */
    @Test
    void words_keep_their_places() {
        assertThat(places(Operation.values()))
                .startsWith("LOGIN LOGOUT RENEW_TOKEN PING HEARTBEAT SUBSCRIBE UNSUBSCRIBE"
                        + " SET_LOCK ACQUIRE_LOCK CANCEL_ACQUIRE RELEASE_LOCK REVOKE_LOCK GET_LOCK REMOVE_LOCK"
                        + " SET_METADATA UPDATE_METADATA REMOVE_METADATA GET_METADATA");
        assertThat(places(ChannelType.values())).startsWith("MESSAGE STREAM");
        assertThat(places(Rejection.Kind.values()))
                .startsWith(
                        "FAILED ALREADY_WAITING LOCK_EXISTS NOT_OWNER NOT_ACQUIRED"
                                + " NO_SUCH_LOCK ID_REUSED LOCK_GUARD KEY_NOT_LEGAL METADATA_TOO_LARGE DUPLICATE_KEY OUTDATED_REVISION");
        assertThat(places(Rejection.Cause.values()))
                .startsWith("BUSY TIMEOUT CANCELLED UNSUBSCRIBED LOGOUT OFFLINE REMOVED"
                        + " QUEUE_FULL TOO_MANY_LOCKS TOO_MANY_CHANNELS NO_SUCH_KEY TOO_MANY_HELD TOO_MANY_WAITS");
        assertThat(places(LockEvent.Cause.values())).startsWith("RELEASED REVOKED LOGOUT OFFLINE REMOVED");
    }

    private static String places(Enum<?>[] words) {
        return Stream.of(words).map(Enum::name).collect(Collectors.joining(" "));
    }

    @Test
    void damaged_commands_are_refused_or_read_as_others() {
        Fuzz.run(seed -> encoded(commands(seed)), NodeCodecTest::decoded);
    }

    @Test
    void a_damaged_snapshot_is_refused_or_read_as_another() {
        Fuzz.run(
                seed -> whole(NodeCodec.encodeSnapshot(new RandomValues(seed).of(Snapshot.class), CHUNK_BYTES)),
                message -> NodeCodec.decodeSnapshot(List.of(() -> message)));
    }

    private static byte[] whole(List<SnapshotPart> parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        parts.forEach(part -> whole.writeBytes(part.bytes()));
        return whole.toByteArray();
    }

    /** Cut between two channels, two sessions, or the answers of two sessions: no piece is much larger than is enough. */
    @Test
    void a_large_snapshot_is_cut_where_a_piece_is_large_enough() throws BadMessageException {
        RandomValues random = new RandomValues(1);
        Snapshot.ChannelState channel = random.of(Snapshot.ChannelState.class);
        Reply reply = new Reply(7, new Answer.Released(channel.key(), "lock"));
        Snapshot.SessionState session = random.of(Snapshot.SessionState.class)
                .withAnswers(
                        Collections.nCopies(10, new Snapshot.Remembered(1, Operation.RELEASE_LOCK, "lock", 5, reply)));
        int oneOfEachBytes = bytesOf(new Snapshot(1, 2, 3, Limits.STANDARD, List.of(channel), List.of(session)));
        Snapshot large = new Snapshot(
                1, 2, 3, Limits.STANDARD, Collections.nCopies(1_000, channel), Collections.nCopies(1_000, session));

        List<SnapshotPart> parts = NodeCodec.encodeSnapshot(large, 10 * oneOfEachBytes);

        assertThat(parts).hasSizeBetween(10, 1_000);
        assertThat(parts).allMatch(part -> part.bytes().length <= 12 * oneOfEachBytes);
        assertThat(NodeCodec.decodeSnapshot(parts)).isEqualTo(large);
    }

    /** The first of several pieces may be lost with whoever sends it, and then all begins anew. */
    @Test
    void a_small_snapshot_is_one_piece() {
        assertThat(NodeCodec.encodeSnapshot(new RandomValues(1).of(Snapshot.class), Integer.MAX_VALUE))
                .hasSize(1);
        assertThat(NodeCodec.encodeSnapshot(new Snapshot(1, 2, 3, Limits.STANDARD, List.of(), List.of()), CHUNK_BYTES))
                .hasSize(1);
    }

    private static int bytesOf(Snapshot snapshot) {
        return whole(NodeCodec.encodeSnapshot(snapshot, CHUNK_BYTES)).length;
    }

    @Test
    void another_version_is_refused() {
        byte[] message = encoded(List.of());
        message[0] += 2;

        assertThatThrownBy(() -> decoded(message))
                .isInstanceOf(BadMessageException.class)
                .hasMessage("version 8, known is 7");
    }

    @Test
    void a_snapshot_is_no_commands() {
        byte[] message = whole(NodeCodec.encodeSnapshot(new RandomValues(1).of(Snapshot.class), CHUNK_BYTES));

        assertThatThrownBy(() -> decoded(message)).isInstanceOf(BadMessageException.class);
    }

    /** A short message that claims to be long must not cost the memory it claims. */
    @Test
    void a_claimed_length_beyond_the_message_is_refused() {
        byte[] message = NodeCodec.begin(COMMANDS).number(Integer.MAX_VALUE).toBytes();

        assertThatThrownBy(() -> decoded(message)).isInstanceOf(BadMessageException.class);
    }

    private static List<Command> commands(long seed) {
        RandomValues random = new RandomValues(seed);
        List<Command> commands = new ArrayList<>();
        for (long i = seed & 3; i >= 0; i--) {
            commands.add(random.of(Command.class));
        }
        return commands;
    }
}
