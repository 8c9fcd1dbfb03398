// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.io.IOException;
import java.util.List;

/** Something that is measured. */
interface Target {
    String name();

    Workload.Work open(Stage stage, Workload workload) throws Exception;

    /** The work by which it gets warm. */
    default Workload breakIn() {
        return new Pairs("break-in", 64, 16);
    }

    /** How many share the work, and so take that much longer to get warm. */
    default int processes() {
        return 1;
    }

    /** Servers that our clients talk to. */
    record Own(Program program) implements Target {
        @Override
        public String name() {
            return program.name();
        }

        @Override
        public int processes() {
            return program.processes();
        }

        @Override
        public Workload.Work open(Stage stage, Workload workload) throws Exception {
            return workload.open(stage, program);
        }
    }

    /** A foreign service, behind its driver. */
    record Peer(String name, List<String> driver) implements Target {
        @Override
        public Workload.Work open(Stage stage, Workload workload) throws IOException {
            PeerDriver process = stage.driver(name, driver);
            return seconds -> process.window(workload.peerWords(), seconds);
        }

        @Override
        public int processes() {
            return name.endsWith("-3") ? 3 : 1;
        }
    }

    /** A foreign server that sends what it gets to all its clients, which are ours. */
    record Crier(String name, List<String> driver, Broadcast.Dialect dialect) implements Target {
        @Override
        public Workload.Work open(Stage stage, Workload workload) throws Exception {
            return Broadcast.open(stage, stage.driver(name, driver).about, dialect, ((FanOut) workload).subscribers());
        }

        @Override
        public Workload breakIn() {
            return new FanOut("break-in", 200);
        }
    }
}
