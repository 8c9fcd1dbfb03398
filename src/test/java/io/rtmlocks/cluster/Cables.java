// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The network of a {@link Sandbox}: each node in a namespace of its own, with one cable to the other nodes and one to the
 * clients. Each can be cut, whole or one way; packets then vanish without a word.
 */
final class Cables {

    private static final int MESH_PORT = 5701;
    private static final int WEB_PORT = 8080;
    private static final int MANAGEMENT_PORT = 9080;

    /** This node's monotonic clock is far ahead of the others'. */
    private static final int NODE_IN_ANOTHER_TIME = 1;

    private static final int SECONDS_AHEAD = 1_000_000;

    private final List<NodePlace> places = new ArrayList<>();
    private final boolean anotherTime;

    /** Lays them. */
    Cables(int nodes) throws IOException, InterruptedException {
        anotherTime = works("unshare", "--time", "--monotonic", String.valueOf(SECONDS_AHEAD), "--fork", "true");
        run("ip link add mesh type bridge");
        run("ip link set mesh up");
        run("ip link add web type bridge");
        run("ip addr add 10.77.2.1/24 dev web");
        run("ip link set web up");
        for (int i = 0; i < nodes; i++) {
            run("ip netns add n" + i);
            run("ip -n n" + i + " link set lo up");
            lay("mesh", i, "10.77.1.1" + i);
            lay("web", i, "10.77.2.1" + i);
            places.add(new NodePlace("10.77.1.1" + i, MESH_PORT, "10.77.2.1" + i, WEB_PORT, MANAGEMENT_PORT, way(i)));
        }
    }

    private static void lay(String bridge, int node, String address) throws IOException, InterruptedException {
        String end = bridge + node;
        String inside = "ip -n n" + node;
        run("ip link add " + end + " type veth peer name " + bridge + " netns n" + node);
        run("ip link set " + end + " master " + bridge);
        run("ip link set " + end + " up");
        run(inside + " addr add " + address + "/24 dev " + bridge);
        run(inside + " link set " + bridge + " up");
    }

    private List<String> way(int node) {
        List<String> way = new ArrayList<>(List.of("ip", "netns", "exec", "n" + node));
        if (node == NODE_IN_ANOTHER_TIME && anotherTime) {
            way.addAll(List.of(
                    "unshare", "--time", "--monotonic", String.valueOf(SECONDS_AHEAD), "--fork", "--kill-child"));
        }
        return way;
    }

    List<NodePlace> places() {
        return places;
    }

    /** What is to be known about the clocks of the nodes. */
    String timeText() {
        return anotherTime
                ? "the monotonic clock of n" + NODE_IN_ANOTHER_TIME + " is " + SECONDS_AHEAD + " s ahead"
                : "all nodes have the same monotonic clock: there are no time namespaces here";
    }

    /** Neither hears the others nor is heard by them. */
    void cut(int node) {
        mute(node);
        deafen(node);
    }

    void mute(int node) {
        drop(node, "OUTPUT -o mesh");
    }

    void deafen(int node) {
        drop(node, "INPUT -i mesh");
    }

    /** Does not hear this one other. */
    void deafenTo(int node, int other) {
        drop(node, "INPUT -i mesh -s " + places.get(other).meshHost());
    }

    /** Its clients do not reach it, nor it them. */
    void cutFromClients(int node) {
        drop(node, "INPUT -i web");
        drop(node, "OUTPUT -o web");
    }

    void heal(int node) {
        inside(node, "iptables -w -F");
    }

    private static void drop(int node, String what) {
        inside(node, "iptables -w -A " + what + " -j DROP");
    }

    private static void inside(int node, String command) {
        try {
            run("ip netns exec n" + node + " " + command);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        String said = String.join("\n", process.inputReader().lines().toList());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ": " + said);
        }
    }

    private static boolean works(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(Arrays.asList(command)).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
