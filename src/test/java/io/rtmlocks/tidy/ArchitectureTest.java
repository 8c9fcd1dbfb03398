// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tidy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;

/** Arrows between packages point one way: {@code lock ← wire ← telemetry ← shard ← raft, cluster, gateway, ops ← Main}. */
class ArchitectureTest {
    private static final String TOP = "io.rtmlocks";

    /** Package → the other packages of ours it may use. What is not listed here does not exist. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            entry("lock", List.of()),
            entry("wire", List.of("lock")),
            entry("telemetry", List.of("lock", "wire")),
            entry("tls", List.of("telemetry")),
            entry("shard", List.of("lock", "wire", "telemetry")),
            entry("raft", List.of("lock", "wire", "telemetry", "shard")),
            entry("cluster", List.of("lock", "wire", "telemetry", "tls", "shard")),
            entry("gateway", List.of("lock", "wire", "telemetry", "tls", "shard")),
            entry("ops", List.of("lock", "wire", "telemetry", "shard")),
            entry("admin", List.of("lock", "wire", "telemetry", "shard")),
            entry("client", List.of()));

    /** A foreign package → the one package of ours that may use it. */
    private static final Map<String, String> FOREIGN = Map.of(
            "io.microraft..", "raft", "com.hazelcast..", "cluster", "io.vertx.spi.cluster.hazelcast..", "cluster");

    private static final Set<String> CLOCKS_AND_DICE = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID");

    private static final JavaClasses MAIN = new ClassFileImporter().importPath(Path.of("target/classes/io/rtmlocks"));

    static Stream<String> packages() {
        return ARROWS.keySet().stream().sorted();
    }

    static Stream<String> foreignPackages() {
        return FOREIGN.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void a_package_uses_only_those_to_its_left(String name) {
        String[] allowed = Stream.concat(Stream.of(name), ARROWS.get(name).stream())
                .map(ArchitectureTest::allOf)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(allOf(name))
                .should()
                .dependOnClassesThat(resideInAPackage(TOP + "..").and(not(resideInAnyPackage(allowed))))
                .because("the arrow would turn: move the type to the left, or hand in what is needed")
                .check(MAIN);
    }

    @Test
    void every_class_is_in_a_known_package() {
        String[] known = Stream.concat(Stream.of(TOP), packages().map(ArchitectureTest::allOf))
                .toArray(String[]::new);

        classes()
                .should()
                .resideInAnyPackage(known)
                .because("a new package needs its arrows: add it to ARROWS")
                .check(MAIN);
    }

    @Test
    void what_is_logged_is_in_the_vocabulary() {
        noClasses()
                .that()
                .resideOutsideOfPackage(allOf("telemetry"))
                .should()
                .callMethodWhere(writesALine())
                .because(
                        "programs search the log by the names of LogEvent, and only its values may hold text from outside")
                .check(MAIN);
    }

    private static DescribedPredicate<JavaMethodCall> writesALine() {
        return describe(
                "a method of the logger writes a line",
                call -> call.getTargetOwner().isEquivalentTo(Logger.class)
                        && Set.of("trace", "debug", "info", "warn", "error").contains(call.getName()));
    }

    @Test
    void lock_uses_only_java() {
        classes()
                .that()
                .resideInAPackage(allOf("lock"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", allOf("lock"), "org.jspecify.annotations")
                .because("the lock table is a pure state machine: let the shard do what needs a library")
                .check(MAIN);
    }

    @Test
    void lock_and_wire_read_no_clock_and_throw_no_dice() {
        noClasses()
                .that()
                .resideInAnyPackage(allOf("lock"), allOf("wire"))
                .should()
                .accessTargetWhere(readsClockOrThrowsDice())
                .because("time, randomness and identifiers are arguments: take them from the command")
                .check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("foreignPackages")
    void a_replaceable_library_is_used_in_one_package(String foreign) {
        noClasses()
                .that()
                .resideOutsideOfPackage(allOf(FOREIGN.get(foreign)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(foreign)
                .because("it is replaced in one place: go through the port")
                .check(MAIN);
    }

    @Test
    void nothing_reads_objects_of_java() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(ObjectInput.*|Externalizable)|java\\.beans\\.XMLDecoder")
                .because("whoever sends them chooses what runs: write a codec")
                .check(MAIN);
    }

    private static String allOf(String name) {
        return TOP + "." + name + "..";
    }

    private static DescribedPredicate<JavaAccess<?>> readsClockOrThrowsDice() {
        return describe("reads a clock or throws dice", access -> {
            AccessTarget target = access.getTarget();
            String owner = target.getOwner().getName();
            return owner.equals("java.time.Clock")
                    || CLOCKS_AND_DICE.contains(owner + "." + target.getName())
                    || owner.startsWith("java.time.") && target.getName().equals("now")
                    || owner.matches("java\\.(util|security)\\..*Random");
        });
    }
}
