// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which workloads there are, and on what each is run. */
final class Catalogue {
    /** Foreign lock services, each with its usual client. */
    static final List<String> PEERS = List.of("redis", "redisson", "redisson-fenced", "etcd-3", "zookeeper-3");

    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final Map<Workload, List<String>> plan = new LinkedHashMap<>();

    /** @param jars by name; each is measured as one node and as three */
    Catalogue(Map<String, String> jars) {
        add(new Program.Test("floor", FloorServer.class, List.of("floor")));
        add(new Program.Test("echo", FloorServer.class, List.of("echo")));
        jars.forEach(this::add);
        add(new Target.Peer("bus", Program.javaWords(BusDriver.class)));
        for (String peer : PEERS) {
            add(new Target.Peer(peer, PeerDriver.java(peer)));
        }
        add(new Target.Crier("ws", PeerDriver.node("ws"), Broadcast.Dialect.BARE));
        add(new Target.Crier("socketio", PeerDriver.node("socketio"), Broadcast.Dialect.SOCKET_IO));
        micro(
                "codec",
                new Micro("ours", CodecBenchmark.class, "ours"),
                new Micro("JsonObject", CodecBenchmark.class, "jsonObject"));
        micro(
                "machine",
                new Micro("pair", LockTableBenchmark.class, "pair"),
                new Micro("hand-off", LockTableBenchmark.class, "handOff"));
        plan(List.copyOf(jars.keySet()));
    }

    private void add(String name, String classPath) {
        add(new Program.Node(name, classPath));
        add(new Program.Cluster(name + "-3", classPath, 3));
        add(new Program.Dev(name + "-dev3", classPath, 3));
        add(new Program.Bare("bare-" + name, classPath, 1));
        add(new Program.Bare("bare-" + name + "-3", classPath, 3));
    }

    private void add(Program program) {
        add(new Target.Own(program));
    }

    private void add(Target target) {
        targets.put(target.name(), target);
    }

    private void micro(String workload, Micro... methods) {
        List.of(methods).forEach(this::add);
        plan.put(new Micro.Work(workload), Stream.of(methods).map(Micro::name).toList());
    }

    private void plan(List<String> one) {
        List<String> three = each("", one, "-3");
        List<String> all = join(List.of(List.of("floor", "echo"), one, three, PEERS));
        plan.put(new Pairs("pairs-1", 1, 1), join(List.of(all, List.of("bus"))));
        plan.put(new Pairs("pairs-64", 64, 1), all);
        plan.put(new Pairs("pairs-64x16", 64, 16), all);
        plan.put(new HandOff("handoff-8", 8, false), join(List.of(List.of("floor"), one, three, PEERS)));
        plan.put(new HandOff("handoff-8-across", 8, true), join(List.of(three, PEERS)));
        plan.put(new HandOff("handoff-1", 1, false), join(List.of(List.of("floor"), one, three)));
        plan.put(new HandOff("handoff-2000", 2000, false), join(List.of(List.of("floor"), one, three)));
        plan.put(
                new FanOut("fanout-1000", 1000),
                join(List.of(List.of("floor"), one, three, List.of("ws", "socketio"))));
        plan.put(new IdleConnections("idle-5000", 5000), join(List.of(List.of("floor"), one)));
        plan.put(new HeldLocks("held-100000", 10_000, 10), one);
        plan.put(new StartUp("start"), join(List.of(each("bare-", one, ""), one)));
        plan.put(new StartUp("start-3"), join(List.of(each("bare-", one, "-3"), each("", one, "-dev3"))));
        plan.put(new IdleNodes("idle-nodes"), three);
    }

    private static List<String> each(String before, List<String> names, String after) {
        return names.stream().map(name -> before + name + after).toList();
    }

    private static List<String> join(List<List<String>> some) {
        return some.stream().flatMap(List::stream).toList();
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
        for (String name : join(List.of(workloads, wanted))) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(name + ": none of " + known);
            }
        }
    }
}
