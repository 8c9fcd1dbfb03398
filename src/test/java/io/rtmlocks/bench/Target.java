// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

/** Something that is measured. */
interface Target {

    String name();

    Workload.Work open(Stage stage, Workload workload) throws Exception;

    /** A server that our clients talk to. */
    record Own(Program program) implements Target {
        @Override
        public String name() {
            return program.name();
        }

        @Override
        public Workload.Work open(Stage stage, Workload workload) throws Exception {
            return workload.open(stage, program);
        }
    }
}
