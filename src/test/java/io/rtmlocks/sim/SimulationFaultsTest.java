// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.GrantsToTheGone;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Snapshot;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation would find these faults: each breaks a promise within few seeds, and one that it should break. */
class SimulationFaultsTest {

    private static final int SEEDS_MAX = 60;

    enum Fault {
        ANSWER_BEFORE_COMMIT(Set.of("AcknowledgedIsKept", "OneHolderPerLock"), new Bent() {
            @Override
            boolean answersBeforeCommit() {
                return true;
            }
        }),

        DEDUP_OFF(Set.of("AskedOnceDoneOnce"), new Bent() {
            @Override
            boolean retriesUnderNewIds() {
                return true;
            }
        }),

        SEQ_GAP_AT_FAIL_OVER(Set.of("NoEventLost"), new Bent() {
            @Override
            boolean subscriptionsMoveBlindly() {
                return true;
            }
        }),

        OLD_INCARNATION_KEEPS_ITS_VOTE(Set.of("ReplicasAgree"), new Bent() {
            @Override
            boolean comesBackAsBefore() {
                return true;
            }
        }),

        TIME_OF_ANOTHER_LEADER(Set.of("TtlIsALowerBound", "OnlineOwnersKeepTheirLock"), new Bent() {
            @Override
            boolean clocksAreMixed() {
                return true;
            }
        }),

        GRANT_TO_A_SESSION_THAT_IS_GONE(Set.of("OnlyWhoIsThereIsGranted", "FirstComeFirstServed"), new Bent() {
            @Override
            LockTable table() {
                return GrantsToTheGone.table(LIMITS);
            }

            @Override
            LockTable table(Snapshot snapshot) {
                return GrantsToTheGone.table(snapshot, LIMITS);
            }
        });

        private final Set<String> promises;
        private final Bent bent;

        Fault(Set<String> promises, Bent bent) {
            this.promises = promises;
            this.bent = bent;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fault_breaks_the_promise_it_should(Fault fault) {
        Broken broken = find(fault);

        assertThat(broken.promise()).as(broken.getMessage()).isIn(fault.promises);
    }

    private static Broken find(Fault fault) {
        SplittableRandom seeds = new SplittableRandom(fault.ordinal());
        for (int i = 0; i < SEEDS_MAX; i++) {
            try {
                new Simulation(seeds.nextLong(), fault.bent).run();
            } catch (Broken broken) {
                System.out.println(fault + ": " + broken.promise() + " at seed " + (i + 1));
                return broken;
            }
        }
        throw new AssertionError(fault + " was not found");
    }
}
