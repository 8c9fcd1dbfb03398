// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Linux says is read right, also of a process with a nasty name; and a busy process is seen to be busy. */
class ProcTest {

    @Test
    void cpuMillis_isUserAndSystem() {
        String stat = "42 (a) b) S 1 42 42 0 -1 4194304 1 2 3 4 150 25 6 7 20 0 33 0 99 1 2";
        assertThat(Proc.cpuMillis(stat, 11, 12)).isEqualTo(1750);
        assertThat(Proc.cpuMillis(stat, 11, 12, 13, 14)).isEqualTo(1880);
    }

    @Test
    void residentKib_isVmRss() {
        assertThat(Proc.residentKib("Name:\tjava\nVmHWM:\t  999 kB\nVmRSS:\t  123456 kB\n"))
                .isEqualTo(123456);
    }

    @Test
    void machineBusyMillis_leavesOutIdleAndWaitingAndGuests() {
        assertThat(Proc.machineBusyMillis("cpu  1 2 4 1000 1000 8 16 32 64 128\ncpu0 9 9 9 9 9 9 9 9 9 9\n"))
                .isEqualTo(630);
    }

    @Test
    void a_process_that_works_has_used_time() throws Exception {
        List<Long> self = List.of(ProcessHandle.current().pid());
        long before = Proc.cpuMillis(self);
        long machineBefore = Proc.machineBusyMillis();
        long number = 1;
        while (Proc.cpuMillis(self) < before + 50) {
            number = number * 31 + 7;
        }
        assertThat(number).isNotZero();
        assertThat(Proc.machineBusyMillis()).isGreaterThan(machineBefore);
        assertThat(Proc.residentKib(self)).isPositive();
    }

    @Test
    void usedKib_isThatOfTheHeap() {
        String said = "4242:\n garbage-first heap   total 524288K, used 131072K [0x00, 0x11)\n"
                + "  region size 1024K, 3 young (3072K), 1 survivors (1024K)\n Metaspace       used 9K, committed 8K\n";
        assertThat(Servers.usedKib(said)).isEqualTo(131072);
    }

    @Test
    void endpoint_isInTheReadyLine() {
        assertThat(Servers.endpoint("ready http://127.0.0.1:4711/ (management http://127.0.0.1:9/health/ready)"))
                .isEqualTo(new Endpoint("127.0.0.1", 4711, "/rtm"));
    }

    @Test
    void readyLine_mayComeAfterLinesOfALog() {
        List<String> said = new ArrayList<>();
        BufferedReader out =
                new BufferedReader(new StringReader("00:00 WARN not yet\nready http://127.0.0.1:1/\nmore\n"));
        assertThat(Servers.readyLine(out, said)).isEqualTo("ready http://127.0.0.1:1/");
        assertThat(said).containsExactly("00:00 WARN not yet", "ready http://127.0.0.1:1/");
    }

    @Test
    void readyLine_ofAServerThatEndsIsAFailure() {
        BufferedReader out = new BufferedReader(new StringReader("port busy\n"));
        assertThatThrownBy(() -> Servers.readyLine(out, new ArrayList<>())).hasMessage("it ended");
    }
}
