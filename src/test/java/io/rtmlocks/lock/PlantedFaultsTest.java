// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Trial.Failure;
import io.rtmlocks.lock.Trial.Machine;
import io.rtmlocks.lock.Trial.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The property test would find these faults: each is found by the invariant it breaks, by the oracle alone, and in no more
 * commands than {@link LockTablePropertyTest} gives to every build.
 */
class PlantedFaultsTest {

    enum Fault {
        TOKEN_NOT_RAISED("TokensOnlyGrow", () -> new Rules() {
            @Override
            long nextToken(long last, long utcMillis) {
                return Math.max(last, super.nextToken(0, utcMillis));
            }
        }),

        TOKEN_FOLLOWS_THE_CLOCK_BACK("TokensOnlyGrow", () -> new Rules() {
            @Override
            long nextToken(long last, long utcMillis) {
                return super.nextToken(0, utcMillis);
            }
        }),

        SEQ_WITH_A_GAP("SeqWithoutGaps", () -> new Rules() {
            @Override
            long nextSeq(long last) {
                return last % 10 == 7 ? last + 2 : last + 1;
            }
        }),

        SEQ_USED_AGAIN("SeqWithoutGaps", () -> new Rules() {
            @Override
            long nextSeq(long last) {
                return Math.min(last + 1, 20);
            }
        }),

        WAITER_SKIPPED("FirstComeFirstServed", () -> new Rules() {
            @Override
            @Nullable
            Waiter next(WaitQueue queue) {
                Waiter first = super.next(queue);
                return queue.all().stream()
                        .filter(waiter -> waiter != first && waiter.session.online)
                        .findFirst()
                        .orElse(first);
            }
        }),

        WAITER_NOT_SERVED("NoFreeLockWithAnOnlineWaiter", () -> new Rules() {
            @Override
            @Nullable
            Waiter next(WaitQueue queue) {
                return queue.size() == 2 ? null : super.next(queue);
            }
        }),

        OFFLINE_WAITER_GRANTED("OnlyWhoIsThereIsGranted", () -> new Rules() {
            @Override
            @Nullable
            Waiter next(WaitQueue queue) {
                return queue.isEmpty() ? null : queue.iterator().next();
            }
        }),

        EXPIRY_WHILE_ONLINE("OnlineOwnersKeepTheirLock", () -> new Rules() {
            @Override
            boolean countsDown(Session owner, boolean ownerLeftChannel) {
                return true;
            }
        }),

        GONE_SESSION_SERVED("OnlyThePresentLifeIsServed", () -> new Rules() {
            @Override
            boolean admits(@Nullable Session session, long epoch) {
                return session != null && session.epoch == epoch;
            }
        }),

        FORMER_CONNECTION_SERVED("OnlyThePresentLifeIsServed", () -> new Rules() {
            @Override
            boolean admits(@Nullable Session session, long epoch) {
                return session != null && session.online;
            }
        }),

        ANSWER_LOST("EachRequestIsAnsweredOnce", new Machine(Rules::new, () -> new Delivery() {
            @Override
            void deliver(Effect.Replied reply, List<Effect> delivered) {
                if (count % 20 != 0) {
                    delivered.add(reply);
                }
            }
        })),

        LAST_ANSWER_LOST("EachRequestIsAnsweredOnce", new Machine(Rules::new, () -> new Delivery() {
            @Override
            void deliver(Effect.Replied reply, List<Effect> delivered) {
                Rejection rejection = reply.reply().answer().rejection();
                Rejection.Detail detail = rejection == null ? null : rejection.detail();
                if (detail == null || detail.cause() != Rejection.Cause.LOGOUT) {
                    delivered.add(reply);
                }
            }
        })),

        ANSWER_GIVEN_TWICE("EachRequestIsAnsweredOnce", new Machine(Rules::new, () -> new Delivery() {
            @Override
            void deliver(Effect.Replied reply, List<Effect> delivered) {
                delivered.add(reply);
                if (count % 20 == 0) {
                    delivered.add(reply);
                }
            }
        })),

        LOSS_NOT_TOLD(
                "LossBeforeTheNextOwner",
                new Machine(
                        Rules::new,
                        () -> effects -> effects.stream()
                                .filter(effect -> !(effect instanceof Effect.LockLost))
                                .toList())),

        LOSS_TOLD_LAST("LossBeforeTheNextOwner", new Machine(Rules::new, () -> effects -> {
            List<Effect> late = new ArrayList<>(effects);
            late.removeIf(effect -> effect instanceof Effect.LockLost);
            effects.stream().filter(effect -> effect instanceof Effect.LockLost).forEach(late::add);
            return late;
        }));

        private final String invariant;
        private final Machine machine;

        Fault(String invariant, Supplier<Rules> rules) {
            this(invariant, Machine.of(rules));
        }

        Fault(String invariant, Machine machine) {
            this.invariant = invariant;
            this.machine = machine;
        }
    }

    /** What happens to answers on their way out; {@code count} of them so far. */
    private abstract static class Delivery implements UnaryOperator<List<Effect>> {
        int count;

        abstract void deliver(Effect.Replied reply, List<Effect> delivered);

        @Override
        public List<Effect> apply(List<Effect> effects) {
            List<Effect> delivered = new ArrayList<>();
            for (Effect effect : effects) {
                if (effect instanceof Effect.Replied reply) {
                    count++;
                    deliver(reply, delivered);
                } else {
                    delivered.add(effect);
                }
            }
            return delivered;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fault_is_found_by_the_invariant_it_breaks(Fault fault) {
        Failure failure = find(fault, Set.of(Watch.INVARIANTS));

        assertThat(failure.promise()).as(failure.message()).isEqualTo(fault.invariant);
    }

    @ParameterizedTest
    @EnumSource
    void a_fault_is_found_by_the_oracle_alone(Fault fault) {
        assertThat(find(fault, Set.of(Watch.ORACLE)).promise()).isEqualTo("Oracle");
    }

    private static Failure find(Fault fault, Set<Watch> watches) {
        SplittableRandom seeds = new SplittableRandom(fault.ordinal());
        for (int i = 0; i < LockTablePropertyTest.RUNS; i++) {
            World world = World.of(seeds.nextLong());
            Failure failure = Trial.run(world, LockTablePropertyTest.COMMANDS_PER_RUN, fault.machine, watches);
            if (failure != null) {
                return failure;
            }
        }
        throw new AssertionError(fault + " was not found");
    }
}
