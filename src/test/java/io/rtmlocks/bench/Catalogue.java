// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which workloads there are, and on what each is run. */
final class Catalogue {
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final Map<Workload, List<String>> plan = new LinkedHashMap<>();

    /** @param jars by name; each is measured as one node and as three */
    Catalogue(Map<String, String> jars) {
        add(new Program.Test("floor", FloorServer.class, List.of("floor")));
        add(new Program.Test("echo", FloorServer.class, List.of("echo")));
        jars.forEach((name, classPath) -> {
            add(new Program.Node(name, classPath));
            add(new Program.Cluster(name + "-3", classPath, 3));
        });
        List<String> one = List.copyOf(jars.keySet());
        List<String> three = one.stream().map(name -> name + "-3").toList();
        List<String> ours = join(one, three);

        plan.put(new Pairs("pairs-1", 1, 1), join(List.of("floor", "echo"), ours));
        plan.put(new Pairs("pairs-64", 64, 1), join(List.of("floor", "echo"), ours));
        plan.put(new Pairs("pairs-64x16", 64, 16), join(List.of("floor", "echo"), ours));
        plan.put(new HandOff("handoff-8", 8, false), join(List.of("floor"), ours));
        plan.put(new HandOff("handoff-8-across", 8, true), three);
        plan.put(new HandOff("handoff-1", 1, false), join(List.of("floor"), one));
        plan.put(new HandOff("handoff-2000", 2000, false), join(List.of("floor"), one));
        plan.put(new FanOut("fanout-1000", 1000), join(List.of("floor"), ours));
    }

    private void add(Program program) {
        targets.put(program.name(), new Target.Own(program));
    }

    private static List<String> join(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    Iterable<Workload> workloads() {
        return plan.keySet();
    }

    List<Target> targets(Workload workload, List<String> wanted) {
        return plan.get(workload).stream()
                .filter(name -> wanted.isEmpty() || wanted.contains(name))
                .map(targets::get)
                .toList();
    }

    /** @throws IllegalArgumentException when a name is none of ours, which would silently measure nothing */
    void checkNames(List<String> workloads, List<String> wanted) {
        List<String> known = new ArrayList<>(targets.keySet());
        plan.keySet().forEach(workload -> known.add(workload.name()));
        for (String name : join(workloads, wanted)) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(name + ": none of " + known);
            }
        }
    }
}
