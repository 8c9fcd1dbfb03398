// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which of all the words of the machine, from commands to the causes of a refusal, have been heard. */
final class Vocabulary {

    private final Set<Object> unused = new LinkedHashSet<>();

    Vocabulary() {
        addRecords(Command.class);
        addRecords(Effect.class);
        addRecords(Answer.class);
        for (Enum<?>[] words : List.<Enum<?>[]>of(
                Rejection.Kind.values(), Rejection.Cause.values(), LockEvent.Type.values(), LockEvent.Cause.values())) {
            unused.addAll(List.of(words));
        }
    }

    private void addRecords(Class<?> sealed) {
        for (Class<?> kind : sealed.getPermittedSubclasses()) {
            if (kind.isSealed()) {
                addRecords(kind);
            } else {
                unused.add(kind);
            }
        }
    }

    void heard(Command command) {
        unused.remove(command.getClass());
    }

    List<Effect> heard(List<Effect> effects) {
        for (Effect effect : effects) {
            unused.remove(effect.getClass());
            words(effect).forEach(unused::remove);
        }
        return effects;
    }

    private static Stream<Object> words(Effect effect) {
        if (effect instanceof Effect.Published published) {
            LockEvent event = published.event();
            return event.cause() == null ? Stream.of(event.type()) : Stream.of(event.type(), event.cause());
        }
        return effect instanceof Effect.Replied replied ? words(replied.reply().answer()) : Stream.empty();
    }

    private static Stream<Object> words(Answer answer) {
        Rejection rejection = answer.rejection();
        if (rejection == null) {
            return Stream.of(answer.getClass());
        }
        Rejection.Detail detail = rejection.detail();
        return Stream.of(
                answer.getClass(),
                rejection.kind(),
                detail == null || detail.cause() == null ? rejection.kind() : detail.cause());
    }

    static boolean isCommand(Object word) {
        return word instanceof Class<?> type && Command.class.isAssignableFrom(type);
    }

    /** @return the words that nobody has said */
    Set<Object> unused() {
        return unused;
    }
}
