// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation would find these faults: each breaks a promise within few seeds, and one that it should break. */
class SimulationFaultsTest {

    private static final int SEEDS_MAX = 60;

    enum Fault {
        ANSWER_BEFORE_COMMIT(
                Set.of("AcknowledgedIsKept"),
                new Mutant.Change(
                        "shard/ShardVerticle.java",
                        "if (log.append(batch.gateway(), next.command) != ShardLog.Admission.TAKEN) {",
                        """
                        if (log.append(batch.gateway(), next.command) == ShardLog.Admission.TAKEN) {
                            LockTable ahead = table.snapshot().toTable();
                            effects.run(
                                    batch.gateway(),
                                    clock.now(),
                                    next.command,
                                    ahead.apply(ahead.lastIndex() + 1, clock.now(), next.command).stream()
                                            .filter(each -> each instanceof io.rtmlocks.lock.Effect.Replied)
                                            .toList());
                        } else {""")),

        GRANT_TO_A_SESSION_THAT_IS_GONE(
                Set.of("OnlyWhoIsThereIsGranted", "FirstComeFirstServed"),
                new Mutant.Change(
                        "lock/Rules.java",
                        "return queue.firstOnline();",
                        "return queue.isEmpty() ? null : queue.iterator().next();")),

        TIMER_WITHOUT_TOKEN(
                Set.of("OnlineOwnersKeepTheirLock", "TtlIsALowerBound"),
                new Mutant.Change("lock/Lock.java", "        turn.deadlines.cancel(expiry);\n", ""),
                new Mutant.Change(
                        "lock/Lock.java",
                        "throw new IllegalStateException(\"a free lock cannot expire: \" + name);",
                        "return;")),

        DEDUP_OFF(
                Set.of("AskedOnceDoneOnce", "EachRequestIsAnsweredOnce", "OneOutcome"),
                new Mutant.Change(
                        "lock/Application.java",
                        "request.isRemembered() ? session.answers.get(requestId) : null",
                        "null")),

        SEQ_GAP_AT_FAIL_OVER(
                Set.of("NoEventLost"),
                new Mutant.Change(
                        "gateway/Subscription.java",
                        "boolean isGap = isNumbered && event.seq() != seq + 1;",
                        "boolean isGap = false;"),
                new Mutant.Change(
                        "gateway/ShardSender.java",
                        "            }\n            audience.renewAll(session, channel -> map.shardOf(channel) == shard);",
                        "            }")),

        NOTIFY_ONLY_THE_LOCAL_NODE(
                Set.of("NoEventLost"), new Mutant.Change("shard/Lines.java", "DeliveryBatch batch =", """
                        boolean isHere = gateway.equals(bus.address());
                        deliveries.removeIf(each -> !isHere && each instanceof Delivery.Event);
                        DeliveryBatch batch =""")),

        OLD_INCARNATION_KEEPS_ITS_VOTE(
                Set.of("ReplicasAgree", "AcknowledgedIsKept", "SessionsAreFoundAgain"),
                new Mutant.Change("sim/Simulation.java", "\"i\" + number", "\"i1\"")),

        MONOTONIC_TIME_OF_ANOTHER_NODE(
                Set.of("TtlIsALowerBound", "OnlineOwnersKeepTheirLock", "EveryWaiterAnswered"),
                new Mutant.Change(
                        "lock/ClockChange.java",
                        "        lock.expiry = turn.deadlines.move(lock.expiry, nowMillis + lock.ttlMillis());\n",
                        "")),

        TRUST_WITHOUT_THE_LEADERS_WORD(
                Set.of("TtlIsALowerBound", "OneHolderPerLock"),
                new Mutant.Change(
                        "gateway/GatewayVerticle.java",
                        "return bus.nodes().isMajority() && shards.vouchFor(session);",
                        "return true;")),

        LOSERS_ARE_NOT_WAITED_FOR(
                Set.of("LossIsToldFirst"),
                new Mutant.Change("shard/LossesFirst.java", "return !unconfirmed.isEmpty();", "return false;")),

        EACH_NODE_GOES_BY_ITS_OWN_LIMITS(
                Set.of("ReplicasAgree", "AcknowledgedIsKept"),
                new Mutant.Change("lock/Application.java", "        table.limits = command.limits();\n", ""));

        private final Set<String> promises;
        private final Mutant.Change[] changes;

        Fault(Set<String> promises, Mutant.Change... changes) {
            this.promises = promises;
            this.changes = changes;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fault_breaks_the_promise_it_should(Fault fault, @TempDir Path directory) throws Exception {
        try (Mutant mutant = Mutant.with(directory, fault.changes)) {
            SplittableRandom seeds = new SplittableRandom(fault.ordinal());
            Set<String> broken = new TreeSet<>();
            for (int i = 0; i < SEEDS_MAX && Collections.disjoint(broken, fault.promises); i++) {
                String how = mutant.brokenBy(seeds.nextLong());
                if (how != null) {
                    System.out.printf("%s: %.60s at seed %d%n", fault, how, i + 1);
                    broken.add(how.substring(0, how.indexOf(':')));
                }
            }
            assertThat(broken).as("%s breaks", fault).containsAnyElementsOf(fault.promises);
        }
    }
}
