// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.RaftMessage;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.wire.RandomValues;
import io.rtmlocks.wire.SnapshotPart;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Any message that replicas may send: made with the builders, whatever they have to be set. */
final class RandomMessages {

    private static final RaftModelFactory MODEL = new DefaultRaftModelFactory();
    private static final int LENGTH_MAX = 4;

    /** Every builder of a message there is. */
    private static final List<Method> BUILDERS = Stream.of(RaftModelFactory.class.getMethods())
            .filter(each -> each.getReturnType().getPackageName().endsWith(".message"))
            .sorted(Comparator.comparing(Method::getName))
            .toList();

    private final SplittableRandom random;
    private final RandomValues values;

    RandomMessages(long seed) {
        this.random = new SplittableRandom(seed);
        this.values = new RandomValues(seed);
    }

    static int kinds() {
        return BUILDERS.size();
    }

    RaftMessage message(int kind) {
        try {
            Object built =
                    built(BUILDERS.get(kind).invoke(MODEL), BUILDERS.get(kind).getReturnType());
            return built instanceof AppendEntriesFailureResponse refused
                    ? new Refusal(refused, (Long) number(long.class))
                    : (RaftMessage) built;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object built(Object builder, Class<?> type) throws ReflectiveOperationException {
        List<Method> setters = Stream.of(type.getMethods())
                .filter(each -> each.getName().startsWith("set") && each.getReturnType() == type)
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        for (Method setter : setters) {
            setter.invoke(builder, argument(setter));
        }
        return type.getMethod("build").invoke(builder);
    }

    private Object argument(Method setter) throws ReflectiveOperationException {
        Class<?> type = setter.getParameterTypes()[0];
        return switch (setter.getName()) {
            case "setGroupId" -> random.nextInt(1_000);
            case "setOperation" ->
                setter.getDeclaringClass() == SnapshotChunk.SnapshotChunkBuilder.class ? part() : operation();
            case "setLogEntries" -> many(LogEntry.LogEntryBuilder.class);
            case "setSnapshotChunk" -> random.nextBoolean() ? null : one(SnapshotChunk.SnapshotChunkBuilder.class);
            case "setGroupMembersView" -> one(RaftGroupMembersView.RaftGroupMembersViewBuilder.class);
            case "setTotalSnapshotChunkCount" -> random.nextInt(1_000);
            case "setSender" -> endpoint();
            default -> type == int.class || type == long.class || type == boolean.class ? number(type) : endpoints();
        };
    }

    private Object number(Class<?> type) {
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        return type == int.class
                ? (Object) random.nextInt(Integer.MAX_VALUE)
                : (Object) (random.nextLong(Long.MAX_VALUE) >> random.nextInt(Long.SIZE));
    }

    private Object one(Class<?> builder) throws ReflectiveOperationException {
        for (Method factory : RaftModelFactory.class.getMethods()) {
            if (factory.getReturnType() == builder) {
                return built(factory.invoke(MODEL), builder);
            }
        }
        throw new IllegalArgumentException("no factory for " + builder);
    }

    private List<Object> many(Class<?> builder) throws ReflectiveOperationException {
        List<Object> all = new ArrayList<>();
        for (int i = random.nextInt(LENGTH_MAX); i > 0; i--) {
            all.add(one(builder));
        }
        return all;
    }

    private SnapshotPart part() {
        byte[] bytes = new byte[random.nextInt(LENGTH_MAX * LENGTH_MAX)];
        random.nextBytes(bytes);
        return () -> bytes;
    }

    private Object operation() {
        if (random.nextInt(LENGTH_MAX) == 0) {
            MembershipChangeMode[] modes = MembershipChangeMode.values();
            return MODEL.createUpdateRaftGroupMembersOpBuilder()
                    .setMembers(endpoints())
                    .setVotingMembers(endpoints())
                    .setEndpoint(endpoint())
                    .setMode(modes[random.nextInt(modes.length)])
                    .build();
        }
        Batch.Draft draft = new Batch.Draft();
        for (int i = random.nextInt(LENGTH_MAX); i > 0; i--) {
            draft.add(values.of(String.class), values.of(Command.class));
        }
        return draft.at(values.of(Moment.class));
    }

    Endpoint endpoint() {
        return values.of(Endpoint.class);
    }

    private List<RaftEndpoint> endpoints() {
        return IntStream.range(0, random.nextInt(LENGTH_MAX))
                .mapToObj(i -> (RaftEndpoint) endpoint())
                .toList();
    }
}
